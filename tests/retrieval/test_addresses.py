from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.addresses import clauses_at, find_addresses, find_documents, names_unknown_number
from assistant.retrieval.understanding import clean

# What a question says → (chapter, item, bullet, last) of each address in it.
ADDRESSES = [
    ("广东 三、（四）", [(3, 4, 0, "")]),  # as printed, full width
    ("广东三、(四)讲什么", [(3, 4, 0, "")]),  # half-width brackets
    ("广东三(四)", [(3, 4, 0, "")]),  # no mark between
    ("广东三，（四）", [(3, 4, 0, "")]),  # a comma for the mark
    ("广东三.(4)", [(3, 4, 0, "")]),  # Arabic item
    ("广东3、（4）", [(3, 4, 0, "")]),  # all Arabic
    ("广东３、（４）", [(3, 4, 0, "")]),  # full-width digits
    ("广东 三 、 （ 四 ）", [(3, 4, 0, "")]),  # blanks everywhere
    ("第三部分的（四）", [(3, 4, 0, "")]),  # spoken chapter
    ("第三部分里面的（四）", [(3, 4, 0, "")]),
    ("第三章（四）", [(3, 4, 0, "")]),
    ("第三大点（四）", [(3, 4, 0, "")]),
    ("（四）", [(0, 4, 0, "")]),  # item alone
    ("第(六)条", [(0, 6, 0, "")]),
    ("第（十六）条", [(0, 16, 0, "")]),
    ("(二十一)", [(0, 21, 0, "")]),
    ("（二十一）项", [(0, 21, 0, "")]),
    ("穗府办〔2025〕7号第(六)条", [(0, 6, 0, "")]),  # the year's bracket is no address
    ("穗府办(2025)7号第六条", [(0, 6, 0, "")]),
    ("湛江（二十）收尾那句", [(0, 20, 0, "")]),
    ("第六条", [(0, 6, 0, "")]),
    ("第 6 条", [(0, 6, 0, "")]),
    ("第一百零三条", [(0, 103, 0, "")]),  # a long regulation
    ("第103条", [(0, 103, 0, "")]),
    ("第六部分", [(6, 0, 0, "")]),
    ("第六个部分", [(6, 0, 0, "")]),
    ("第六大部分", [(6, 0, 0, "")]),
    ("第二章", [(2, 0, 0, "")]),
    ("第5大点", [(5, 0, 0, "")]),
    ("最后一条", [(0, 0, 0, "item")]),
    ("末条", [(0, 0, 0, "item")]),
    ("结尾一条讲什么", [(0, 0, 0, "item")]),
    ("最后那条", [(0, 0, 0, "item")]),
    ("最后一部分", [(0, 0, 0, "chapter")]),
    ("最后一章", [(0, 0, 0, "chapter")]),
    ("工作目标第二个破折号", [(0, 0, 2, "")]),
    ("第三处——", [(0, 0, 3, "")]),
    ("第 2 个短横", [(0, 0, 2, "")]),
    ("三(二)和四(二)别弄错", [(3, 2, 0, ""), (4, 2, 0, "")]),  # two at once, in order
    ("三、（一）到（三）", [(3, 1, 0, ""), (0, 3, 0, "")]),
    ("第六部分和最后一条", [(6, 0, 0, ""), (0, 0, 0, "item")]),
    # traps: numerals and brackets that are no address
    ("二、三线城市的技师", []),
    ("一年内能拿几次", []),
    ("职业院校(含技工院校)", []),
    ("技术职务(岗位)", []),
    ("高级技师（一级）", []),
    ("2、3年工作经验", []),
    ("穗府办(2025)7号", []),
    ("粤人社规（2023）13号", []),
    ("穗府办2025(7)号", []),
    ("60%以上用于一线", []),
    ("第一线职工", []),
    ("三方九出八共", []),
    ("十四五期间", []),
    ("第二次评定", []),
    ("最后一句", []),  # a sentence, not a clause
    ("10(名)首席技师", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), ADDRESSES)
def test_addresses_in_a_question(text, expected):
    found = [(a.chapter, a.item, a.bullet, a.last) for a in find_addresses(clean(text))]
    assert found == expected


def test_words_of_an_address_stand_in_the_question():
    (address,) = find_addresses("广东三、(四)讲什么")
    assert address.words == "三、(四)"


@given(st.text(alphabet="第一二三十〇0９（）()、条部分章最后末的——个破折号 号年", max_size=25))
def test_any_mixture_of_label_characters_is_read(text):
    cleaned = clean(text)
    for address in find_addresses(cleaned):
        assert address.words in cleaned
        assert address.chapter or address.item or address.bullet or address.last or set("0〇") & set(address.words)


# place, address → paths, read off the five texts
CLAUSES = [
    ("广东", "三、（四）", ["三、（四）"]),
    ("广东", "（四）", ["三、（四）", "七、（四）"]),  # 二 and 五 have three items, 四 three, 六 two
    ("广州", "第(六)条", ["三、（六）"]),  # numbered through the whole text
    ("广州", "第六部分", ["六"]),  # a chapter without items
    ("广州", "最后一条", ["五、（十四）"]),
    ("海珠", "最后一部分", ["五"]),
    ("海珠", "第二个破折号", ["一、——2"]),
    ("海珠", "第四个破折号", []),  # there are three
    ("浙江", "（二）", ["（二）", "二、（二）", "三、（二）", "四、（二）"]),  # section 一 is missing from the text
    ("浙江", "三、（十四）", ["三、（十四）"]),
    ("浙江", "三、（十五）", []),
    ("湛江", "（二十一）", ["六、（二十一）"]),
    ("湛江", "第七部分", []),
]


@pytest.mark.parametrize(("place", "words", "paths"), CLAUSES)
def test_clauses_at_an_address(real_answerer, real_policies, place, words, paths):
    document = real_answerer.holdings.document(real_policies[place].policy_id)
    (address,) = find_addresses(words)
    assert [clause.path for clause in clauses_at(document, address)] == paths


# What a question says → places whose document it names; the places it may be of, None for everywhere.
DOCUMENTS = [
    ("穗府办〔2025〕7号", None, ["广州"]),  # the official form
    ("穗府办[2025]7号", None, ["广州"]),
    ("穗府办(2025)7号", None, ["广州"]),
    ("穗府办（2025）7号", None, ["广州"]),
    ("穗府办【2025】7号", None, ["广州"]),
    ("穗府办﹝2025﹞7号", None, ["广州"]),  # U+FE5D brackets
    ("穗府办〔2025〕第7号", None, ["广州"]),
    ("穗府办 〔 2025 〕 7 号", None, ["广州"]),
    ("穗府办〔２０２５〕７号", None, ["广州"]),
    ("请问穗府办〔2025〕7号讲什么", None, ["广州"]),  # words run into the code
    ("根据海府办〔2020〕4号", None, ["海珠"]),
    ("粤人社发〔2022〕24号", None, ["广东"]),
    ("技能人才那个〔2025〕7号", None, ["广州"]),  # no code: the rest decides
    ("广州〔2025〕7号文", None, ["广州"]),
    ("24号方案", None, ["广东"]),  # short forms
    ("省24号方案", None, ["广东"]),
    ("24号文", None, ["广东"]),
    ("第4号通知", None, ["海珠"]),
    ("海府办4号文", None, ["海珠"]),
    ("粤人社发24号", None, ["广东"]),
    ("粤人社发2022年24号", None, ["广东"]),
    ("穗府办7号文", None, ["广州"]),
    ("穗府办2025年第7号", None, ["广州"]),
    ("广州7号文", None, ["广州"]),
    ("市府办7号文", None, ["广州"]),
    ("7号文", frozenset({"440100", "440000"}), ["广州"]),
    ("7号文", frozenset({"330000"}), []),  # a short form of another place's document is not it
    ("广东省新产业工人职业技能提升工程实施方案", None, ["广东"]),  # by title
    ("加强新时代广州高技能人才队伍建设的实施意见", None, ["广州"]),
    ("海珠区职业技能提升行动计划讲什么", None, ["海珠"]),
    # traps
    ("海府办7号文", None, []),  # 7号 is 穗府办's
    ("穗府办〔2024〕7号", None, []),  # the year is wrong
    ("穗府办〔2025〕8号", None, []),
    ("2024年7号文", None, []),
    ("5月24号之前报名", None, []),  # a day
    ("2022年5月24号", None, []),
    ("7号楼在哪", None, []),
    ("4号线地铁", None, []),
    ("13号", None, []),
    ("实施意见", None, []),  # too general a title
    ("", None, []),
]


@pytest.mark.parametrize(("text", "within", "places"), DOCUMENTS)
def test_documents_named(real_policies, text, within, places):
    ids = find_documents(clean(text), real_policies.values(), within)
    assert ids == tuple(real_policies[place].policy_id for place in places)


UNKNOWN = [
    ("国办发〔2020〕1号", "国办发〔2020〕1号"),
    ("根据粤人社规(2014)3号", "粤人社规〔2014〕3号"),  # brackets and lead-in normalised
    ("穗府办〔2024〕7号是去年发的吧", "穗府办〔2024〕7号"),  # right code and number, wrong year
    ("那个〔2025〕9号", "〔2025〕9号"),  # no code to print
    ("穗府办〔2025〕7号", None),  # held
    ("技能人才那个〔2025〕7号", None),
    ("24号方案", None),  # not a full number
    ("", None),
]


@pytest.mark.parametrize(("text", "expected"), UNKNOWN)
def test_a_full_number_nobody_has_is_told(real_policies, text, expected):
    assert names_unknown_number(clean(text), real_policies.values()) == expected
