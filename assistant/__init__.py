"""政策问答助手: policy questions answered with the exact sentence, its clause, its force and its status.

>>> from assistant import Question, Settings, open_answerer            # doctest: +SKIP
>>> reply = open_answerer(Settings()).answer(Question("广州首席技师有什么待遇"), date.today())   # doctest: +SKIP
"""

from assistant.answering.answerer import Answerer, open_answerer
from assistant.answering.citations import verify_quote
from assistant.errors import AssistantError
from assistant.indexing.pipeline import build_index
from assistant.model import Answer, Citation, Clarification, Policy, Question, Refusal
from assistant.settings import Settings

__all__ = [
    "Answer",
    "Answerer",
    "AssistantError",
    "Citation",
    "Clarification",
    "Policy",
    "Question",
    "Refusal",
    "Settings",
    "build_index",
    "open_answerer",
    "verify_quote",
]
