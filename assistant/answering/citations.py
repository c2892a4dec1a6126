"""The only maker of `Citation`, and the gate that keeps our own sentences to what the quotes say.

A citation is cut from the text, so it cannot be false. Words that come from elsewhere (a file, a model, a person) are
checked by `verify_quote` and `unsupported`: nothing fuzzy, a changed digit or modal is another text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from assistant.answering.choosing import READ_AT_ONCE
from assistant.answering.focusing import Focus, Reading
from assistant.errors import QuoteNotFoundError
from assistant.model import Chunk, Citation, Clause, Force, Policy, PolicyDocument, Span, raw_offsets, reading_text
from assistant.parsing.innermost import deepest
from assistant.parsing.status import status_on
from assistant.provisions.force import main_force
from assistant.provisions.parties import duty_bearer
from assistant.provisions.rules import read_parts

_CLAIMS = re.compile(
    r"\d+(?:\.\d+)?\s*[%％万亿]?"
    r"|首席技师|特级技师|高级技师|技师|高级工|中级工|初级工|学徒工"
    r"|必须|应当|务必|不得|严禁|禁止|一律|鼓励|支持|引导|可以|原则上"
)
_CUT_STOPS = "，,；;"
_NUMERIC = "0123456789.０１２３４５６７８９"


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
    whole = Span(0, len(words))
    reading = Reading(words, Force.NONE, whole)
    if binding:
        reading = focus.read(words) if focus else Reading(words, main_force(words), whole)
    bearer = (duty_bearer(reading.part, reading.force) or duty_bearer(words, reading.force)) if binding else ""
    gist = "" if reading.part == words else reading.part.strip()
    return Citation(policy, clause, span, status_on(policy, as_of), reading.force, bearer, gist)


def cite_rules(document: PolicyDocument, citation: Citation, focus: Focus) -> tuple[Citation, ...]:
    """A citation of a whole sentence cut down to the provision that was asked about, and its further ones.

    Each quotation is a run of whole parts of the sentence with all that it needs (`provisions/rules.py`); the sentence
    stays known as `Citation.sentence`.
    """
    raw = citation.span.of(document.policy.text)
    words = reading_text(raw)
    reading = focus.read(words)
    found = []
    for rule, force in ((reading.rule, reading.force), *reading.further):
        span = _raw_span(citation.span, raw, words, rule)
        if span == citation.span:
            return (citation,)
        quote = reading_text(span.of(document.policy.text))
        part = reading.part.strip()
        gist = part if rule == reading.rule and part in quote and part != quote else ""
        clause = _holding(document.root, span)
        bearer = duty_bearer(quote, force) or (duty_bearer(words, force) if rule == reading.rule else "")
        found.append(
            replace(
                citation, clause=clause, span=span, force=force, duty_bearer=bearer, gist=gist, sentence=citation.span
            )
        )
    return tuple(found)


def cite_act(
    document: PolicyDocument, sentence: Span, at: int, as_of: date, *, force: Force, duty_bearer: str
) -> Citation:
    """Cite the provision of a sentence whose modal word stands at `at`, up to the next; a short sentence whole.

    Args:
        document: the policy.
        sentence: the sentence.
        at: code points from the start of its reading text.
        as_of: the day its status is read for.
        force: of the provision, as the register reads it.
        duty_bearer: who is to act by it.
    """
    raw = sentence.of(document.policy.text)
    words = reading_text(raw)
    parts = read_parts(words)
    index = next((i for i, part in enumerate(parts.parts) if part.start <= at < part.end), 0)
    low, high = parts.run(index)
    while high + 1 < len(parts.parts) and parts.hosts[high + 1] > index - 1 and parts.cue_of(high + 1) is None:
        high += 1  # what is to be done beside it, and what depends on it
    span = sentence if len(words) <= READ_AT_ONCE else _raw_span(sentence, raw, words, parts.span(low, high))
    whole = None if span == sentence else sentence
    status = status_on(document.policy, as_of)
    clause = _holding(document.root, span)
    return Citation(document.policy, clause, span, status, force, duty_bearer, sentence=whole)


def _raw_span(sentence: Span, raw: str, words: str, rule: Span) -> Span:
    """Where a stretch of a sentence's reading text stands in the policy, without the stop it is cut at."""
    end = rule.end
    while end < len(words) and end > rule.start and words[end - 1] in _CUT_STOPS:
        end -= 1
    if rule.start == 0 and end == len(words):
        return sentence
    offsets = raw_offsets(raw)
    return Span(sentence.start + offsets[rule.start], sentence.start + offsets[end - 1] + 1)


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
