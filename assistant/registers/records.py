"""The record: one sentence of a policy with all that was read from it, and the register that holds them."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.jurisdictions import Gazetteer
from assistant.model import Clause, Force, Policy, PolicyDocument, Span
from assistant.provisions.bearers import BearerKind
from assistant.provisions.beneficiaries import Beneficiary
from assistant.provisions.benefits import Benefit
from assistant.provisions.conditions import Condition
from assistant.provisions.consequences import Consequence
from assistant.provisions.deadlines import DueTime
from assistant.provisions.quantities import Quantity
from assistant.registers.rules import Rules


@dataclass(frozen=True, slots=True)
class Act:
    """One part of a sentence under one modal word: 「鼓励企业设立…」, 「企业可对…实行…」.

    Attributes:
        force: how strongly it binds.
        word: its modal word as printed (要, 引导, 可), "" for a statement.
        negative: it forbids (不得, 严禁).
        bearer: who is to act, as printed, "" for nobody named.
        kinds: the kinds of body `bearer` names, in order.
        text: the part.
    """

    force: Force
    word: str
    negative: bool
    bearer: str
    kinds: tuple[BearerKind, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """A sentence and what it does.

    Attributes:
        record_id: "<policy_id>@<start>-<end>".
        policy, clause, span: where it stands.
        headings: the headings above it, outermost first.
        text: the sentence as read; always a slice of the policy.
        force, bearer, bearer_kind: of its main provision.
        acts: all its parts with a modal word, in order; one with force NONE where it has none.
        topics: matters it is about, most special first; 其他 where none is known.
        benefits: what it gives a person; empty for what only organises.
        lead_units, cooperating_units: of its clause or the nearest one above that names them.
        corrections: reasons of the reviewed corrections applied to it.
    """

    record_id: str
    policy: Policy
    clause: Clause
    span: Span
    headings: tuple[str, ...]
    text: str
    force: Force
    bearer: str
    bearer_kind: BearerKind
    acts: tuple[Act, ...]
    topics: tuple[str, ...]
    beneficiary: Beneficiary
    benefits: tuple[Benefit, ...]
    conditions: tuple[Condition, ...]
    quantities: tuple[Quantity, ...]
    due: tuple[DueTime, ...]
    consequences: tuple[Consequence, ...]
    lead_units: tuple[str, ...] = ()
    cooperating_units: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The division code of its policy, "" where unknown."""
        return self.policy.jurisdiction or ""


@dataclass(frozen=True, slots=True)
class Register:
    """All records of a corpus, in the order of its policies and texts."""

    records: tuple[Record, ...]
    documents: tuple[PolicyDocument, ...] = field(repr=False)
    gazetteer: Gazetteer = field(repr=False)
    rules: Rules = field(repr=False)

    @property
    def places(self) -> tuple[str, ...]:
        """The division codes that have a policy, in order of their codes."""
        return tuple(sorted({record.place for record in self.records if record.place}))

    def of_place(self, code: str) -> tuple[Record, ...]:
        """The records of one place's own policies."""
        return tuple(record for record in self.records if record.place == code)

    def chain(self, code: str) -> tuple[str, ...]:
        """The places whose policies apply in a place, its own first, then those above it; only those with a policy."""
        held = self.places
        own = tuple(place.code for place in self.gazetteer.chain(code) if place.code in held)
        return own + tuple(other for other in held if other not in own and self.gazetteer.covers(other, code))
