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
    r"\d+(?:\.\d+)?\s*[%％万亿]?"
    r"|首席技师|特级技师|高级技师|技师|高级工|中级工|初级工|学徒工"
    r"|必须|应当|务必|不得|严禁|禁止|一律|鼓励|支持|引导|可以|原则上"
)
# 「…的人员，可比照…」, 「企业对…，应建立…」: the modal word opens its part, so the subject stands in the part before
_OPENS_WITH_CUE = re.compile(r"可|应|须|要(?!求)|不得")
# A part that only says of whom, when or on what ground: what is said of them follows
_DEPENDENT = re.compile(
    r"^(?:对于?|经|获得|取得|在|按|根据|符合|被|为了?|凡|围绕|通过|依托)(?!.*(?:给予|予以|享受|开展|建立|纳入|培训|实行|落实)).*[，,]$"
    r"|(?:的|人员|人才|技师|选手|企业|方面|中|等)[，,]$"
)
_NUMERIC = "0123456789.０１２３４５６７８９"
_CAPS = ("不超", "不低", "至少", "限")
_BEGINS_ANEW = re.compile(
    r"对|在|将|把|根据|由|以|并?建立|健全|完善|制定|构建|加强|提高|明确|推荐|确保|实施|加快|.*(?:予以|给予)"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The part of a sentence that was asked about, and how strongly it binds."""

    part: str
    force: Force


@dataclass(frozen=True, slots=True)
class Focus:
    """What was asked about, so that of a sentence's several parts the right one's force is read."""

    tokens: frozenset[str]
    tokenizer: Tokenizer

    def read(self, sentence: str) -> Reading:
        """The part of the sentence, from comma to comma, that shares most words with the question, and its force.

        A part with a modal word has that word's force. One without is read with its neighbours: a subject goes with the
        part it opens (「…的人员，可比照…」), an action hangs on the 要, 可 or 鼓励 before it, and what begins anew
        (「…，对…实行…」, 「…，建立…制度」) merely states.
        """
        parts = _parts(sentence)
        cues = read_cues(sentence)
        shared = [len(self.tokens & set(self.tokenizer.tokens(part.of(sentence)))) for part in parts]
        if len(parts) < 2 or max(shared) == 0:
            return Reading(sentence, main_force(sentence))
        held = [next((cue for cue in cues if part.start <= cue.at < part.end), None) for part in parts]
        best = max(range(len(parts)), key=lambda i: (shared[i], held[i] is not None, -i))
        last = best
        while last + 1 < len(parts) and _DEPENDENT.search(parts[last].of(sentence)):
            last += 1
        words = sentence[parts[best].start : parts[last].end]
        if not cues:
            return Reading(words, main_force(sentence))
        if is_goal(words):
            return Reading(words, Force.GOAL)
        if (own := next((cue for cue in held[best : last + 1] if cue is not None), None)) is not None:
            return Reading(words, own.force)
        before = next((i for i in range(best - 1, -1, -1) if held[i] is not None), None)
        cue = held[before] if before is not None else None
        if before is None or cue is None or cue.word.startswith(_CAPS) or _BEGINS_ANEW.match(words):
            return Reading(words, Force.NONE)
        return Reading(sentence[parts[before].start : parts[last].end], cue.force)


def _parts(sentence: str) -> list[Span]:
    """The sentence from comma to comma; a subject stays with the part whose modal word it goes with."""
    parts: list[Span] = []
    for match in re.finditer(r"[^，,；;。]+[，,；;。]?", sentence):
        if parts and _OPENS_WITH_CUE.match(match.group()):
            parts[-1] = Span(parts[-1].start, match.end())
        else:
            parts.append(Span(match.start(), match.end()))
    return parts


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
    reading = Reading(words, Force.NONE)
    if binding:
        reading = focus.read(words) if focus else Reading(words, main_force(words))
    bearer = (duty_bearer(reading.part, reading.force) or duty_bearer(words, reading.force)) if binding else ""
    gist = "" if reading.part == words else reading.part.strip()
    return Citation(policy, clause, span, status_on(policy, as_of), reading.force, bearer, gist)


def _holding(root: Clause, span: Span) -> Clause:
    node = deepest(root, span.start)
    if span in node.span:
        return node
    inside = [clause for clause in root.walk() if span in clause.span]
    return inside[-1]


def verify_quote(quote: str, policy: Policy) -> Span:
    """Find a quotation in the text it claims to come from: every character the same, white space ignored.

    It may not begin or end inside a number, nor leave out the 不 before it: 「0%以上」 stands in 「60%以上」,
    「受…限制」 in 「不受…限制」, and both say something else.

    Raises:
        QuoteNotFoundError: It is not there, whatever the difference: a digit, a modal word, a joined sentence.

    Example: 「…90%以上用于一线…」 is refused for a text that says 60%以上.
    """
    wanted = "".join(quote.split())
    kept = [(at, char) for at, char in enumerate(policy.text) if not char.isspace()]
    folded = "".join(char for _, char in kept)
    at = folded.find(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        if not _cuts(folded[max(0, at - 1) : at], wanted, folded[end : end + 1]):
            return Span(kept[at][0], kept[end - 1][0] + 1)
        at = folded.find(wanted, at + 1)
    raise QuoteNotFoundError(
        f"《{policy.title}》里没有「{quote[:30]}」这句话，不能作为引文。"
        "引文必须与原文逐字一致，请核对是否改写、拼接、截断或记错了文件。"
    )


def _cuts(before: str, wanted: str, after: str) -> bool:
    """Whether a number or a negation is cut through at either end."""
    return (
        (bool(before) and before in _NUMERIC and wanted[0] in _NUMERIC)
        or (wanted[-1] in _NUMERIC and bool(after) and after in _NUMERIC + "%％")
        or (bool(before) and before in "不未勿")
    )


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
        return re.search(rf"(?<![\d.]){re.escape(claim)}(?![\d.%％万亿])", held) is not None
    if claim == "技师":
        return re.search(r"(?<!高级)(?<!特级)(?<!首席)技师", held) is not None
    return claim in held
