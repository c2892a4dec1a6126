"""Records: every sentence, its place, and what the rules read in context."""

from __future__ import annotations

import time

from assistant.model import Force, reading_text
from assistant.provisions.bearers import BearerKind
from assistant.registers.records import Register
from assistant.registers.register import build_register
from tests.registers.conftest import Made, record


def test_every_sentence_is_a_record_and_a_slice(register: Register) -> None:
    sentences = sum(s.kind == "text" for document in register.documents for s in document.sentences)
    assert len(register.records) == sentences == 411
    assert len({r.record_id for r in register.records}) == sentences
    for r in register.records:
        assert r.text == reading_text(r.span.of(r.policy.text))
        assert r.span in r.clause.span
        assert r.topics


def test_a_record_knows_its_clause_and_its_units(register: Register) -> None:
    found = record(register, "企业要按规定足额提取和使用职工教育经费,60%以上")
    assert found.clause.path == "六"
    assert found.force is Force.MUST
    assert found.bearer_kind is BearerKind.ENTERPRISE
    assert [q.text for q in found.quantities] == ["60%以上"]
    assert [c.text for c in found.consequences] == ["与企业申请用地、用能及开展评先评优挂钩"]
    allowance = record(register, "支持指导企业设立技能津贴")
    assert allowance.lead_units == ("市教育局", "市科技局", "市人力资源社会保障局")


def test_a_sentence_that_opens_with_its_modal_word_has_the_subject_before_it(register: Register) -> None:
    found = record(register, "要把“新工匠”作为企业今后")
    assert found.bearer == "企业"


def test_a_heading_sets_the_actor_of_a_right_that_names_nobody(register: Register) -> None:
    found = record(register, "技师以上等级技术技能型岗位")
    assert found.bearer == ""
    assert found.acts[0].bearer == "龙头企业"


def test_parts_of_a_sentence_are_told_apart(register: Register) -> None:
    found = record(register, "支持各地出台政策鼓励社会资金投入")
    assert found.bearer_kind is BearerKind.GOVERNMENT
    firm = next(act for act in found.acts if act.bearer == "企业")
    assert (firm.force, firm.word) == (Force.ENCOURAGED, "引导")


def test_a_regulation_is_read_by_the_same_rules(made: Made) -> None:
    register = made(
        "用人单位应当按照职工工资总额的百分之八提取职工教育经费，其中三分之二以上用于一线职工。",
        "职业培训机构不得虚报培训人数。",
        "违反本条例第二条规定的，由人力资源社会保障部门责令限期改正，处五百元以上二千元以下罚款；",
        "申请人可以自收到通知之日起十五个工作日内申请复核。",
    )
    duty = record(register, "用人单位应当按照职工工资")
    assert (duty.force, duty.bearer_kind, duty.place) == (Force.MUST, BearerKind.ENTERPRISE, "440300")
    assert [q.text for q in duty.quantities] == ["百分之八", "三分之二以上"]
    ban = record(register, "职业培训机构不得虚报")
    assert ban.acts[0].negative
    fine = record(register, "违反本条例第二条规定")
    assert {c.kind.value for c in fine.consequences} == {"correction", "fine"}
    right = record(register, "申请人可以自收到通知")
    assert (right.force, right.bearer_kind) == (Force.MAY, BearerKind.PERSON)
    assert [due.text for due in right.due] == ["自收到通知之日起十五个工作日内"]


def test_the_corpus_is_read_in_time(register: Register) -> None:
    started = time.perf_counter()
    build_register(register.documents, register.rules, register.gazetteer)
    assert time.perf_counter() - started < 3.0
