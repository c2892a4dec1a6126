"""Native LangChain parts (extra `langchain`); docs/langchain.md shows each at work.

>>> from assistant.integrations.langchain import PolicyRetriever       # doctest: +SKIP
"""

from assistant.integrations.langchain.answering import PolicyAnswers, policy_qa
from assistant.integrations.langchain.embedding import StaticEmbeddings
from assistant.integrations.langchain.loading import PolicyLoader
from assistant.integrations.langchain.phrasing import ChatPhraser, open_phraser
from assistant.integrations.langchain.retrieving import PolicyRetriever
from assistant.integrations.langchain.splitting import ClauseSplitter
from assistant.integrations.langchain.tools import policy_tools
from assistant.integrations.langchain.vectors import PolicyVectorStore

__all__ = [
    "ChatPhraser",
    "ClauseSplitter",
    "PolicyAnswers",
    "PolicyLoader",
    "PolicyRetriever",
    "PolicyVectorStore",
    "StaticEmbeddings",
    "open_phraser",
    "policy_qa",
    "policy_tools",
]
