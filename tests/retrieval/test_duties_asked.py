"""Which questions ask for a list of all duties of one body, and which only sound like it."""

from __future__ import annotations

import pytest

from assistant.retrieval.duties_asked import duties_asked

ASKED = [
    # question without its place, forces, body, office
    ("对企业有什么强制要求,一条条列出来", "must", "企业", ""),
    ("企业必须做什么?", "must", "企业", ""),
    ("我们公司有哪些义务", "must", "企业", ""),
    ("作为HR,我们公司必须做哪些事", "must", "企业", ""),
    ("国企要做的有哪些", "must", "国有企业", ""),
    ("民营企业有哪些硬性规定", "must", "民营企业", ""),
    ("文件对院校有什么要求", "must", "院校", ""),
    ("政府必须做什么", "must", "政府部门", ""),
    ("人社部门的责任有哪些", "must", "政府部门", "人力资源社会保障部门"),
    ("工会要做什么", "must", "政府部门", "工会"),
    ("财政局的职责是什么", "must", "政府部门", "财政部门"),
    ("哪些是鼓励的", "encouraged", "", ""),
    ("鼓励企业做什么", "encouraged", "企业", ""),
    ("企业做什么不强制", "encouraged", "企业", ""),
    ("企业可以做哪些事", "may", "企业", ""),
    ("哪些是必须的,哪些是鼓励的", "must encouraged", "", ""),
]


@pytest.mark.parametrize(("question", "forces", "body", "office"), ASKED)
def test_a_list_of_duties_is_asked_for(question, forces, body, office):
    wanted = duties_asked(question)
    assert wanted is not None
    assert [force.value for force in wanted.forces] == forces.split()
    assert (wanted.body.value if wanted.body else "") == body
    assert wanted.office == office


def test_what_is_forbidden_is_asked_for():
    wanted = duties_asked("企业不得做什么")
    assert wanted is not None
    assert wanted.negative
    assert not duties_asked("企业必须做什么").negative


OTHERS = [
    "首席技师有什么待遇",
    "企业必须评首席技师吗",  # a matter is named
    "企业在职工教育经费上必须做什么",
    "我可以领什么",  # what one is given
    "可以做什么",  # of oneself
    "必须给首席技师高管待遇吗",
    "企业责任",  # no list
    "什么是新工匠",
    "要做什么材料",
]


@pytest.mark.parametrize("question", OTHERS)
def test_something_else_is_asked_for(question):
    assert duties_asked(question) is None


FOLLOWED = [
    # question, the one before it, forces, body
    ("那政府呢", "企业必须做什么", "must", "政府部门"),
    ("那鼓励的呢", "企业必须做什么", "encouraged", "企业"),
    ("呢", "国企有哪些义务", "must", "国有企业"),  # 「那湛江呢」 without its place
]


@pytest.mark.parametrize(("question", "carried", "forces", "body"), FOLLOWED)
def test_a_follow_up_replaces_what_it_names(question, carried, forces, body):
    wanted = duties_asked(question, carried)
    assert wanted is not None
    assert [force.value for force in wanted.forces] == forces.split()
    assert wanted.body.value == body


def test_a_follow_up_to_another_matter_is_no_list():
    assert duties_asked("那政府呢", "首席技师有什么待遇") is None
