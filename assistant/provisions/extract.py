"""Sentence → Provision: what it does, how strongly, and whose turn it is."""

from __future__ import annotations

from assistant.model import Force, PolicyDocument, Provision, Sentence, Span, reading_text
from assistant.provisions.force import force_near, main_force
from assistant.provisions.parties import duty_bearer


def read_provision(document: PolicyDocument, sentence: Sentence, focus: str = "") -> Provision:
    """Read one sentence of a policy.

    Args:
        document: the policy.
        sentence: one of its sentences.
        focus: the words asked about, when a sentence holds parts of different force; "" for the whole.
    """
    text = reading_text(sentence.span.of(document.policy.text))
    if sentence.kind != "text":
        return Provision(sentence, Force.NONE, "")
    at = text.find(focus) if focus else -1
    force = force_near(text, Span(at, at + len(focus))) if at >= 0 else main_force(text)
    return Provision(sentence, force, duty_bearer(text, force))


def provisions_of(document: PolicyDocument) -> tuple[Provision, ...]:
    """The provisions of a whole policy, in text order."""
    return tuple(read_provision(document, sentence) for sentence in document.sentences)
