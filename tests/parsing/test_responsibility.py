"""Who leads and who assists, in the forms the brackets take."""

from __future__ import annotations

import pytest

from assistant.model import Span
from assistant.parsing.responsibility import find_responsibility

FORMS = [
    ("做好。(牵头单位:市教育局、市科技局,配合单位:市国资委)", "市教育局|市科技局", "市国资委"),  # 广州
    ("做好。(牵头部门:市教育局,配合部门:各区政府)", "市教育局", "各区政府"),  # 广州, another word
    ("做好。（区人社局牵头，区发改局、各街道等配合）", "区人社局", "区发改局|各街道"),  # 海珠
    ("做好。（区教育局、区人社局分工牵头，区发改局等配合）", "区教育局|区人社局", "区发改局"),  # 海珠, shared
    ("做好。（责任单位：市人力社保局，市财政局）", "市人力社保局|市财政局", ""),  # common elsewhere
    ("做好。（责任单位：市教育局、市总工会（市职工服务中心））", "市教育局|市总工会（市职工服务中心）", ""),  # nested
    ("做好。（牵头单位：市教育局；责任单位：各区人民政府）", "市教育局|各区人民政府", ""),  # both lead
    ("做好。（持续推进，牵头考核单位：市委宣传部、市政府办公室）", "市委宣传部|市政府办公室", ""),  # a remark first
    ("做好。（市教育局负责）", "市教育局", ""),  # one
    ("做好。（市教育局、市科技局按职责分工负责）", "市教育局|市科技局", ""),  # shared out
    ("做好。（省商务厅牵头，合肥海关、省贸促会按职责分工配合）", "省商务厅", "合肥海关|省贸促会"),  # 安徽
    ("做好（区人社局牵头，各街道等配合）。", "区人社局", "各街道"),  # the stop behind
    ("做好。责任单位：市教育局、市科技局", "市教育局|市科技局", ""),  # no bracket, at the end
    ("做好。\n牵头单位：市教育局，配合单位：市科技局。", "市教育局", "市科技局"),  # a line of its own
]


@pytest.mark.parametrize(("text", "lead", "cooperating"), FORMS, ids=[row[0] for row in FORMS])
def test_forms(text: str, lead: str, cooperating: str) -> None:
    found = find_responsibility(text, Span(0, len(text)))
    assert found is not None
    assert "|".join(found.lead) == lead
    assert "|".join(found.cooperating) == cooperating
    assert found.span in Span(0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "开设学校（含技工院校）",  # an aside
        "培训6万人次（其中线上2万人次）。",  # numbers
        "由牵头单位负责落实。",  # the word in the text
        "（一）市教育局负责建设学校。",  # a clause, not a bracket at its end
        "符合条件的企业（具体标准由市人社局另行制定。申报由各区负责）",  # two sentences in a bracket
        "",  # nothing
    ],
)
def test_not_a_responsibility(text: str) -> None:
    assert find_responsibility(text, Span(0, len(text))) is None
