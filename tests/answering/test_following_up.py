"""Follow-ups on the real corpus: what is carried on, what is replaced, what points at the answer before."""

from __future__ import annotations

import pytest

from assistant.answering.referring import Pointer, points_back
from assistant.model import Answer, Question, Refusal
from assistant.retrieval.understanding import understand

CARRIED = [
    # earlier questions, place, question, words of the first three quotations
    (["省里财政部门在这个工程里干什么"], "广东", "工会呢", "工会组织要充分利用"),  # the office is replaced
    (["省级大师工作室带头人在湛江算几类人才"], "湛江", "高级技师呢", "高级技师（一级）"),  # the level is replaced
    (["湛江的技能人才评价诚信档案是什么"], "湛江", "它会报到省里吗", "纳入全省信用信息"),  # 报到省里 names no text
    (["广州职工教育经费一线占比多少", "海珠呢"], None, "湛江又怎么说", "引导企业按规定足额提取"),
    (["海珠培训补贴是怎么发的"], "海珠", "发错了怎么办", "予以追回"),
    (["广州首席技师有什么待遇"], "广州", "企业职工教育经费一线要占多少", "60%以上用于一线职工"),  # a new topic
    (["海珠粤菜师傅要培训几多人"], "海珠", "南粤家政呢", "家政服务类培训4000人次"),  # the thing is replaced
    (["广州支持企业建首席技师岗位吗"], "广州", "民企不评会不会被罚", "鼓励企业开展首席技师"),
]


@pytest.mark.parametrize(("history", "place", "question", "words"), CARRIED)
def test_a_follow_up_is_read_in_the_light_of_what_was_asked(ask, history, place, question, words):
    reply = ask(question, place, history=history)
    assert isinstance(reply, Answer)
    assert any(words in citation.quote for citation in reply.draft.citations[:3])


def test_another_places_card_is_not_read_into_this_one(ask):
    reply = ask("杭州有没有这种卡", "广州", history=["广州哪些人可以申领人才绿卡"])
    assert isinstance(reply, Refusal)
    assert "人才绿卡" in reply.draft.conclusion


POINTERS = [
    (["广州首席技师有什么待遇"], "第二条说的是谁？", Pointer(2)),
    (["广州首席技师有什么待遇"], "刚才那条是哪份文件", Pointer(1)),
    (["广州首席技师有什么待遇"], "最后一条是必须的吗", Pointer(0)),
    (["广州首席技师有什么待遇"], "湛江第二条讲什么", None),  # a place: an address
    (["广州意见第（六）条讲啥"], "那第二条呢", None),  # after an address, an address
    (["广州首席技师有什么待遇"], "那湛江呢", None),
    ([], "第二条说的是谁", None),
]


@pytest.mark.parametrize(("history", "question", "pointer"), POINTERS)
def test_what_points_at_the_answer_before(real_answerer, history, question, pointer):
    asked = Question(question, history=tuple(history))
    holdings = real_answerer.holdings
    understood = understand(asked, holdings.documents, holdings.gazetteer)
    assert points_back(asked, understood) == pointer


def test_a_point_of_the_answer_before_is_found_by_answering_again(ask):
    earlier = ask("企业教育经费用不够会怎样", "广州")
    number = earlier.draft.statements[1].citations[0]
    reply = ask("第二条说的是谁", "广州", history=["企业教育经费用不够会怎样"])
    assert reply.draft.citations[0] == earlier.draft.citations[number - 1]
    bearer = reply.draft.citations[0].duty_bearer
    assert reply.draft.conclusion == f"（上一个回答的第2条）说的是“{bearer}”。"


def test_a_point_that_is_not_there_is_said_so(ask):
    reply = ask("第九条呢", "广州", history=["广州首席技师有什么待遇"])
    assert isinstance(reply, Refusal)
    assert reply.draft.conclusion.startswith("上一个回答只有")
    assert "没有第9条" in reply.draft.conclusion


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("上面那条是谁牵头", "牵头：区人社局、区科工商信局、区民政局、区卫生健康局"),
        ("刚才那条出自哪份文件", "海府办〔2020〕4号 三、（十二）"),
    ],
)
def test_who_leads_and_where_it_stands_are_told_of_that_point(ask, question, said):
    assert said in ask(question, "海珠", history=["海珠家政员多久回炉一次"]).draft.conclusion
