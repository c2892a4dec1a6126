"""The only maker of `Citation`, and the gate that keeps our own sentences to what the quotes say.

A citation is cut from the text, so it cannot be false. Words that come from elsewhere (a file, a model, a person) are
checked by `verify_quote` and `unsupported`: nothing fuzzy, a changed digit or modal is another text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from assistant.errors import QuoteNotFoundError
from assistant.model import Chunk, Citation, Clause, Force, Policy, PolicyDocument, Span, reading_text
from assistant.parsing.sentences import deepest
from assistant.parsing.status import status_on
from assistant.provisions.force import is_goal, main_force, read_cues
from assistant.provisions.parties import duty_bearer
from assistant.tokenization import Tokenizer

_CLAIMS = re.compile(
    r"\d+(?:\.\d+)?\s*[%％]?"
    r"|首席技师|特级技师|高级技师|技师|高级工|中级工|初级工|学徒工"
    r"|必须|应当|不得|鼓励|支持|引导|可以|原则上"
)
# 「…的人员，可比照…」, 「企业对…，应建立…」: the modal word opens its part, so the subject stands in the part before
_SUBJECT_OF = re.compile(r"[，,][可应须要不]")
_CAPS = ("不超", "不低", "至少", "限")
_BEGINS_ANEW = re.compile(
    r"对|在|将|把|根据|由|以|并?建立|健全|完善|制定|构建|加强|提高|明确|推荐|确保|实施|加快|.*(?:予以|给予)"
)


@dataclass(frozen=True, slots=True)
class Focus:
    """What was asked about, so that of a sentence's several parts the right one's force is read."""

    tokens: frozenset[str]
    tokenizer: Tokenizer

    def part_of(self, sentence: str) -> Force:
        """The force of the part of the sentence, from comma to comma, that shares most words with the question.

        A part with a modal word has that word's force. One without is read with its neighbours: a subject goes with the
        part it opens (「…的人员，可比照…」), an action hangs on the 要, 可 or 鼓励 before it, and what begins anew
        (「…，对…实行…」, 「…，建立…制度」) merely states.
        """
        parts = [Span(m.start(), m.end()) for m in re.finditer(r"[^，,；;。]+[，,；;。]?", sentence)]
        cues = read_cues(sentence)
        if len(parts) < 2 or not cues:
            return main_force(sentence)
        shared = [len(self.tokens & set(self.tokenizer.tokens(part.of(sentence)))) for part in parts]
        held = [next((cue for cue in cues if part.start <= cue.at < part.end), None) for part in parts]
        best = max(range(len(parts)), key=lambda i: (shared[i], held[i] is not None, -i))
        if shared[best] == 0:
            return main_force(sentence)
        words = parts[best].of(sentence)
        if is_goal(words):
            return Force.GOAL
        if (own := held[best]) is not None:
            return own.force
        following = held[best + 1] if best + 1 < len(parts) else None
        if following is not None and _SUBJECT_OF.match(sentence, following.at - 1, following.at + 1):
            return following.force
        before = next((cue for cue in reversed(held[:best]) if cue is not None), None)
        if before is None or before.word.startswith(_CAPS) or _BEGINS_ANEW.match(words):
            return Force.NONE
        return before.force


def cite(document: PolicyDocument, chunk: Chunk, as_of: date, focus: Focus | None = None) -> Citation:
    """Cite a chunk's sentence."""
    return cite_span(document, chunk.span, as_of, focus, binding=chunk.kind == "text")


def cite_span(
    document: PolicyDocument, span: Span, as_of: date, focus: Focus | None = None, *, binding: bool = True
) -> Citation:
    """Cite any stretch of a policy's text.

    Args:
        document: the policy.
        span: what to quote; the citation names the innermost clause that holds all of it.
        as_of: the day its status is read for.
        focus: the question, to read the force of the part it is about.
        binding: False for headings, signatures and lists of units, which bind nobody.
    """
    policy = document.policy
    clause = _holding(document.root, span)
    words = reading_text(span.of(policy.text))
    force = Force.NONE
    if binding:
        force = focus.part_of(words) if focus else main_force(words)
    bearer = duty_bearer(words, force) if binding else ""
    return Citation(policy, clause, span, status_on(policy, as_of), force, bearer)


def _holding(root: Clause, span: Span) -> Clause:
    node = deepest(root, span.start)
    if span in node.span:
        return node
    inside = [clause for clause in root.walk() if span in clause.span]
    return inside[-1]


def verify_quote(quote: str, policy: Policy) -> Span:
    """Find a quotation in the text it claims to come from: every character the same, white space ignored.

    Raises:
        QuoteNotFoundError: It is not there, whatever the difference: a digit, a modal word, a joined sentence.

    Example: 「…90%以上用于一线…」 is refused for a text that says 60%以上.
    """
    wanted = "".join(quote.split())
    kept = [(at, char) for at, char in enumerate(policy.text) if not char.isspace()]
    at = "".join(char for _, char in kept).find(wanted) if wanted else -1
    if at < 0:
        raise QuoteNotFoundError(
            f"《{policy.title}》里没有「{quote[:30]}」这句话，不能作为引文。引文必须与原文逐字一致，请核对是否改写、拼接或记错了文件。"
        )
    return Span(kept[at][0], kept[at + len(wanted) - 1][0] + 1)


def unsupported(sentence: str, quotes: Iterable[str]) -> tuple[str, ...]:
    """The numbers, level names and modal words of a sentence of ours that stand in none of its quotes.

    Words the sentence itself quotes in 「」 or “” are checked like the rest.

    Example:
        >>> unsupported("企业必须把90%用于一线。", ["企业要按规定提取职工教育经费,60%以上用于一线"])
        ('必须', '90%')
    """
    held = re.sub(r"\s", "", " ".join(quotes))
    claimed = (re.sub(r"\s", "", match.group()) for match in _CLAIMS.finditer(sentence))
    return tuple(sorted({claim for claim in claimed if not _holds(held, claim)}, reverse=True))


def _holds(held: str, claim: str) -> bool:
    if claim[0].isdigit():
        return re.search(rf"(?<![\d.]){re.escape(claim)}(?![\d.%％])", held) is not None
    if claim == "技师":
        return re.search(r"(?<!高级)(?<!特级)(?<!首席)技师", held) is not None
    return claim in held
