from __future__ import annotations

import pytest

from assistant.retrieval.cues import QuestionKind, kinds_of
from assistant.retrieval.understanding import clean

# question → every kind wanted, in the order of QuestionKind's cues
QUESTIONS = [
    # the document itself
    ("广州这份意见的发文字号", "document_number"),
    ("文号是啥", "document_number"),
    ("这是几号文", "document_number"),
    ("文件编号怎么写", "document_number"),
    ("广州这份文件叫什么", "title"),
    ("海珠计划的全称", "title"),
    ("谁发的文", "issuer"),
    ("广东方案是谁印发的", "issuer"),
    ("海珠计划由哪个部门印发", "issuer"),
    ("发文机关是谁", "issuer"),
    ("出台单位", "issuer"),
    ("成文日期", "issued_on"),
    ("落款时间", "issued_on"),
    ("广州意见哪天印发的", "issued_on deadline"),  # 哪天 alone would be a deadline
    ("什么时候发布的", "issued_on deadline"),
    ("海珠计划过期没", "status"),
    ("这文件失效了", "status"),
    ("海珠计划现在还有效吗", "status yes_no"),
    ("还算数吗", "status yes_no"),
    ("湛江这份是正式文件吗", "status yes_no"),
    ("是不是征求意见稿", "status yes_no"),
    ("联系电话", "contact"),
    ("有没有邮箱", "contact yes_no"),
    ("热线是哪个号码", "contact"),
    # who
    ("广州首席技师谁牵头", "authority"),
    ("新型学徒制归谁管", "authority"),
    ("责任单位", "authority"),
    ("薪酬分配那块是哪两家牵头？", "authority"),
    ("配合单位有哪些", "authority list"),
    ("哪些部门负责", "authority list"),
    ("邊個部門負責", "authority"),  # Cantonese in traditional characters
    # how much
    ("技能津贴一个月多少钱", "money number"),
    ("补贴标准是多少", "money number"),
    ("能领多少", "money number"),
    ("幾多錢", "money number"),
    ("奖励金额", "money"),
    ("每年遴选多少家基地", "number"),
    ("高技能人才占比", "number"),
    ("名额有几个", "number"),
    ("百分之几用于一线", "number"),
    ("产业导师每年几小时", "duration"),
    ("多久评一次", "duration"),
    ("学徒期几个月", "duration number"),  # 几个 asks for a number, too
    ("目标到哪年", "deadline"),
    ("什么时候达到460万人", "deadline"),
    # how answered
    ("广州和湛江有区别吗", "comparison yes_no"),
    ("各地怎么规定", "comparison"),
    ("哪边力度更大", "comparison binding"),
    ("跟省里比一样吗", "comparison yes_no"),
    ("湛江的写法与广州的差异", "comparison"),
    ("差异化补贴制度", ""),  # 差异化 is the name of a scheme, no comparison
    ("有哪些待遇", "list"),
    ("有什么补贴", "list"),
    ("列出全部条件", "list"),
    ("企业必须给高管待遇吗", "binding yes_no"),
    ("评首席技师是强制的", "binding"),
    ("非得设津贴", "binding"),
    ("企业要不要建年金", "binding"),
    ("不提职工教育经费会怎样", "consequence"),
    ("违规发放的后果", "consequence"),
    ("怎么申请", "procedure"),
    ("去哪报名", "procedure"),
    ("點樣申請", "procedure"),
    ("高级技师能落户吗", "yes_no"),
    ("可不可以跨级申报", "yes_no"),
    ("每个企业可以评10名对吗", "yes_no"),
    ("湛江会给购房补贴吧", "yes_no"),
    ("这样行么", "yes_no"),
    # when a text applies
    ("湛江什么时候开始执行", "effective deadline"),
    ("广州这份意见从哪天起施行", "effective deadline"),
    ("浙江意见有效期几年", "effective status duration"),
    ("海珠计划的实施日期", "effective"),
    # no question word, or one that names no shape
    ("第六条讲什么", ""),  # 什么 is not the particle 么
    ("电子码是什么", ""),
    ("为什么要评", ""),
    ("首席技师", ""),
    ("支持设立大师工作室", ""),
    ("", ""),
]


@pytest.mark.parametrize(("question", "kinds"), QUESTIONS)
def test_kinds_of_a_question(question, kinds):
    assert [kind.value for kind in kinds_of(clean(question))] == kinds.split()


def test_every_kind_that_has_a_cue_stands_in_the_table():
    told = {kind for _, kinds in QUESTIONS for kind in kinds.split()}
    assert told == {kind.value for kind in QuestionKind} - {"locate"}  # addresses tell that one
