from __future__ import annotations

import pytest

from assistant.errors import CorpusError
from assistant.interfaces.outline import clause_text, policy_outline


@pytest.fixture
def document(real_answerer, real_policies):
    return lambda place: real_answerer.holdings.document(real_policies[place].policy_id)


def test_the_outline_tells_header_tree_and_ledger(real_answerer, document):
    lines = policy_outline(document("广州"), real_answerer.holdings.gazetteer).splitlines()
    assert lines[0] == "广州市人民政府办公厅关于加强新时代广州高技能人才队伍建设的实施意见"
    assert lines[1] == "文号：穗府办〔2025〕7号　机关：广州市人民政府办公厅"
    assert lines[2] == "日期：2025-04-10 成文　地区：广东省广州市"
    units = "牵头：市人力资源社会保障局、市总工会"
    assert f"  二、（一）　加强高技能领军人才培养　{units}" in lines  # its depth shows
    assert "整理记录：" in lines


def test_what_a_draft_does_not_state(real_answerer, document):
    lines = policy_outline(document("湛江"), real_answerer.holdings.gazetteer).splitlines()
    assert lines[1] == "文号：未标明　机关：未标明"
    assert lines[2].startswith("日期：日期未标明")


CLAUSES = [
    ("广州", "三、（六）", "三、（六）\n(六)全面推行技能人才职业技能等级制度。"),
    ("广州", "三、(六)", "三、（六）\n"),  # half-width brackets
    ("广州", "三 （六）", "三、（六）\n"),  # without the mark
    ("广州", "（六）", "三、（六）\n"),  # numbered through the whole text: one place only
    ("广州", "六", "六\n六、加强组织保障"),
    ("海珠", "一、——2", "一、——2\n——职业技能培训实现量质齐升。"),
]


@pytest.mark.parametrize(("place", "path", "beginning"), CLAUSES)
def test_one_clause_in_full(document, place, path, beginning):
    assert clause_text(document(place), path).startswith(beginning)


def test_a_clause_is_read_across_the_page_break(document):
    assert "从就业补助资金中列支。企业要按有关规定足额提取" in clause_text(document("广东"), "七、（三）")


def test_a_path_that_is_not_there(document):
    with pytest.raises(CorpusError, match="没有“九、（一）”这一条"):
        clause_text(document("广州"), "九、（一）")


def test_a_path_that_stands_in_several_places_names_them(document):
    with pytest.raises(CorpusError, match="不止一处：三、（四）、七、（四）"):
        clause_text(document("广东"), "（四）")
