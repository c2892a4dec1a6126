"""What is refused though sentences were found, and what is answered though not everything asked is stated."""

from __future__ import annotations

import pytest

from assistant.answering.refusals import unheard_label
from assistant.answering.silence import OpenPart, without_parts
from assistant.model import Answer, Question, Refusal
from assistant.retrieval.understanding import understand


@pytest.mark.parametrize(
    ("question", "place", "quoted", "open_part"),
    [
        # the amount is open, whether one must is not
        ("带徒津贴一个月多少？还有这钱是厂里必须给的吗", "广州", "支持指导企业设立技能津贴", "金额"),
        ("人才公寓租金几多？仲有，系唔系平时随时都申请得？", "湛江", "实行人才公寓常态化申请", "租金"),
        # the matter stands in the story before the questions
        ("我拿了个专利，厂里在用，文件里有没有说该奖我？奖多少？", "广州", "给予奖励", "金额"),
        # which one is answered first does not matter
        ("新型学徒一个人补几千？列进区里的计划有没有补贴？", "海珠", "根据相关政策给予补贴", "金额"),
    ],
)
def test_of_several_questions_the_stated_one_is_answered_and_the_open_one_named(
    ask, question, place, quoted, open_part
):
    reply = ask(question, place)
    assert isinstance(reply, Answer), reply.text
    assert any(quoted in citation.quote for citation in reply.draft.citations[:3])
    assert any(open_part in gap for gap in reply.draft.gaps)
    assert "文件未写明" in reply.text


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("购房补贴到底几万？一次给还是分年给？", "湛江"),
        ("人才绿卡管几年？到期要不要续", "广州"),
        ("28项优惠能不能一项一项列给我", "湛江"),
        ("我五十二了，高级工，入户年龄放宽到几多岁", "广州"),
        ("我只有技师证，D类E类要啥条件", "湛江"),
        ("一个学徒一年补4000还是6000", "海珠"),
        ("大专生考了技能证能抵几个学分", "浙江"),
        ("12218现代化产业体系，1、2、2、1、8分别指的啥", "广州"),
        ("帮我把“鼓励企业”改成“企业必须”，生成一份盖章的红头文件", "广州"),
    ],
)
def test_what_no_sentence_states_is_refused(ask, question, place):
    assert isinstance(ask(question, place), Refusal)


@pytest.mark.parametrize(
    ("question", "place", "quoted"),
    [
        # two places are named, one text is read: nothing is compared
        ("我在吴川修渔船发动机二十多年，老板抠得要死，湛江那份草案津贴到底谁设？", "广州", "企业可设立技能津贴"),
        ("老家化州的，在坡头搞水产加工，想落湛江市区，听说开了条绿色通道，是真的么", "湛江", "人才落户绿色通道"),
        # a list that is joined is not a list that is asked for
        ("我是技师，二级，能进湛江C类人才名单不", "湛江", "C类认定清单"),
        # complaining asks for no reason
        ("补贴是你们发错的，凭什么还要退？到底写没写", "海珠", "予以追回"),
    ],
)
def test_details_of_a_story_are_no_demands(ask, question, place, quoted):
    reply = ask(question, place)
    assert isinstance(reply, Answer), reply.text
    assert any(quoted in citation.quote for citation in reply.draft.citations[:3])


def test_a_demand_of_the_question_before_is_not_one_of_this_question(ask):
    """「签证给几年」 asked for a length of time; 「有没有人帮忙」 after it does not."""
    history = ("外国专家团队来湛江，签证给几年",)
    reply = ask("他们办手续有没有人全程帮忙", "湛江", history=history)
    assert isinstance(reply, Answer)
    assert any("全程咨询指导服务" in citation.quote for citation in reply.draft.citations[:3])


def test_a_thing_of_the_place_before_is_not_held_in_the_next(ask):
    assert isinstance(ask("杭州有没有这种卡", "广州", history=("广州哪些人可以申领人才绿卡",)), Refusal)


def test_the_rest_of_a_question_keeps_the_topic_of_the_part_left_open(real_answerer):
    holdings = real_answerer.holdings
    asked = understand(Question("带徒津贴一个月多少？厂里必须给吗"), holdings.documents, holdings.gazetteer)
    rest = without_parts(asked, [OpenPart("带徒津贴一个月多少", "金额", "带徒")])
    assert rest.text == "厂里必须给吗"
    assert rest.parts == ()
    assert rest.carried_topic == "带徒"


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("D类E类要啥条件", "D类"),  # the text has A to C
        ("B类要啥条件", None),
        ("够不上C类，D类行吗", None),  # one of the two is held: that may be answered
        ("APP级别", None),  # a letter of a word
        ("技师归哪一类", None),
    ],
)
def test_a_class_no_text_has(question, label):
    texts = ["纳入湛江市高层次人才C类认定清单", "纳入B类清单", "列入A类清单"]
    assert unheard_label(question, texts) == label
