"""PolicyDocuments → Register: every sentence read by the same rules, then the reviewed corrections laid over it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.indexing.pipeline import open_index
from assistant.jurisdictions import Gazetteer
from assistant.model import Clause, Force, Level, PolicyDocument, Sentence, reading_text
from assistant.provisions.bearers import bearer_kind, bearer_kinds
from assistant.provisions.beneficiaries import beneficiary
from assistant.provisions.benefits import benefits_of
from assistant.provisions.conditions import conditions
from assistant.provisions.consequences import consequences
from assistant.provisions.deadlines import due_times
from assistant.provisions.force import main_force, read_cues
from assistant.provisions.parties import duty_bearer
from assistant.provisions.quantities import quantities
from assistant.provisions.topics import OTHER, topics_of
from assistant.registers.overrides import Override, corrected, read_overrides
from assistant.registers.records import Act, Record, Register
from assistant.registers.rules import Rules, read_rules
from assistant.settings import Settings

# 「要把“新工匠”作为…来培养」: who is to act stands in the sentence before
_ELIDED = re.compile(r"(?:要|应当?|须|必须|可以?|不得)(?!求)")
_FRONT = frozenset({Level.HEADER, Level.NOTICE, Level.PREAMBLE, Level.CLOSING})


def open_register(settings: Settings) -> Register:
    """The register of the corpus that the settings name.

    Raises:
        AssistantError: The corpus, the lexicon or the corrections cannot be used.
    """
    library = open_index(settings)
    return register_over(tuple(library.store.documents.values()), library.gazetteer, settings)


def register_over(documents: Sequence[PolicyDocument], gazetteer: Gazetteer, settings: Settings) -> Register:
    """The register of documents that are already open, read with the tables and corrections of the settings.

    Raises:
        AssistantError: The lexicon or the corrections cannot be used.
    """
    overrides = read_overrides(settings.corpus_dir / "register_overrides.jsonl")
    return build_register(documents, read_rules(settings.lexicon_dir), gazetteer, overrides)


def build_register(
    documents: Sequence[PolicyDocument], rules: Rules, gazetteer: Gazetteer, overrides: Iterable[Override] = ()
) -> Register:
    """Read all sentences of all policies.

    Raises:
        RegisterOverrideError: A correction names a sentence that no policy has.
    """
    records = [record for document in documents for record in _records(document, rules)]
    return Register(corrected(records, overrides), tuple(documents), gazetteer, rules)


def records_of(document: PolicyDocument, rules: Rules, overrides: Iterable[Override] = ()) -> tuple[Record, ...]:
    """The rows of one policy, with those of the corrections that are for it.

    Raises:
        RegisterOverrideError: A correction names a sentence that the policy has not.
    """
    own = [override for override in overrides if override.policy_id == document.policy.policy_id]
    return corrected(_records(document, rules), own)


def _records(document: PolicyDocument, rules: Rules) -> list[Record]:
    above = _above(document.root)
    found: list[Record] = []
    for sentence in document.sentences:
        if sentence.kind != "text":
            continue
        before = found[-1] if found and found[-1].clause.clause_id == sentence.clause_id else None
        found.append(_record(document, sentence, above[sentence.clause_id], rules, before))
    return found


def _above(root: Clause) -> dict[str, tuple[Clause, ...]]:
    """Each node with those that hold it, outermost first, itself last."""
    found: dict[str, tuple[Clause, ...]] = {}

    def walk(node: Clause, holders: tuple[Clause, ...]) -> None:
        found[node.clause_id] = (*holders, node)
        for child in node.children:
            walk(child, (*holders, node))

    walk(root, ())
    return found


def _record(
    document: PolicyDocument, sentence: Sentence, path: tuple[Clause, ...], rules: Rules, before: Record | None
) -> Record:
    policy, span = document.policy, sentence.span
    text = reading_text(span.of(policy.text))
    force = main_force(text)
    bearer = duty_bearer(text, force)
    if not bearer and before is not None and _ELIDED.match(text):
        bearer = before.bearer
    bearer = _with_partner(bearer, text)
    headings = tuple(node.heading for node in path if node.heading)
    front = any(node.level in _FRONT for node in path)
    given = () if front or (force is Force.GOAL and not _names_people(text)) else benefits_of(text, rules.benefits)
    units = next((node for node in reversed(path) if node.lead_units or node.cooperating_units), path[-1])
    return Record(
        record_id=f"{policy.policy_id}@{span.start}-{span.end}",
        policy=policy,
        clause=path[-1],
        span=span,
        headings=headings,
        text=text,
        force=force,
        bearer=bearer,
        bearer_kind=bearer_kind(bearer),
        acts=_acts(text, force, bearer or _urged_above(headings, force)),
        topics=tuple(topic.name for topic in topics_of(text, rules.topics)) or (OTHER,),
        beneficiary=beneficiary(text, rules.groups, headings[::-1]),
        benefits=given,
        conditions=conditions(text),
        quantities=quantities(text),
        due=due_times(text, policy.issued_on),
        consequences=consequences(text),
        lead_units=units.lead_units,
        cooperating_units=units.cooperating_units,
    )


def _urged_above(headings: tuple[str, ...], force: Force) -> str:
    """Whom the heading urges (「支持龙头企业建立…制度」), for a 可 or 要 below it that names nobody."""
    if force not in (Force.MAY, Force.MUST) or not headings:
        return ""
    return duty_bearer(headings[-1], Force.ENCOURAGED)


def _names_people(text: str) -> bool:
    """A target that reserves something for people (评定10名“海珠首席技师”), not one of numbers to be trained."""
    return re.search(r"(?:评定|聘任|遴选)\D{0,4}\d+名|针对[^，,；;。]{0,8}人员", text) is not None


_JOINTLY = r"(?:对接|开展|共建|共同|联合|协同|合作)"


def _with_partner(name: str, part: str) -> str:
    """The name with whoever acts jointly with it: 「支持区内企业与职业院校开展校企合作」."""
    together = (
        re.search(rf"{re.escape(name)}(?:[（(][^）)]*[）)])?与([^，,；;。]{{2,40}}?){_JOINTLY}", part) if name else None
    )
    name = f"{name}、{together[1]}" if together and bearer_kinds(together[1]) else name
    if name == "企校" and (leading := re.search(r"龙头企业|大型企业", part)):
        return f"{leading.group()}、院校"  # 「龙头企业出标准…，院校出学生…，推动企校共同制定…」
    return name


def _acts(text: str, force: Force, bearer: str) -> tuple[Act, ...]:
    cues = read_cues(text)
    if not cues:
        return (Act(force, "", False, bearer, bearer_kinds(bearer), text),)
    # weak urging that only closes a row of stated works leaves the whole a statement
    found = (
        [] if any(cue.force is force for cue in cues) else [Act(force, "", False, bearer, bearer_kinds(bearer), text)]
    )
    for cue in cues:
        part = cue.scope.of(text)
        name = duty_bearer(part, cue.force) or (bearer if cue is cues[0] and force is cue.force else "")
        name = _with_partner(name, text if name == "企校" else part)
        negative = bool(re.match(r"不得(?!低于|少于)|严禁|禁止", cue.word)) or cue.word == "不得"
        found.append(Act(cue.force, cue.word, negative, name, bearer_kinds(name), part))
    return tuple(found)
