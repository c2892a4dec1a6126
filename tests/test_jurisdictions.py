"""Places in questions: what counts as a mention, which place it is, and the national table behind it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import JurisdictionError
from assistant.jurisdictions import Gazetteer, PlaceLevel, load_gazetteer, relative_level

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "corpus" / "lexicon" / "divisions.tsv"
GAZETTEER = load_gazetteer(TABLE)
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()]
CODES = [row[0] for row in ROWS[1:]]
codes = st.sampled_from(CODES)


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return GAZETTEER


# text, then each mention as (words, full name)
FOUND = [
    # full names
    ("湛江市技师学院高水平建设", [("湛江市", "广东省湛江市")]),
    ("我想找海珠区关于职工学技术的文件", [("海珠区", "广东省广州市海珠区")]),
    ("浙江省的八级工怎么评", [("浙江省", "浙江省")]),
    # short names
    ("广州有没有专门扶持技工的新政", [("广州", "广东省广州市")]),
    ("海珠有冇技能提升嘅計劃", [("海珠", "广东省广州市海珠区")]),
    ("湛江讲高级技工的那份", [("湛江", "广东省湛江市")]),
    ("八级序列在浙江是个个公司都得建吗", [("浙江", "浙江省")]),
    ("我在黄埔一家厂做技工", [("黄埔", "广东省广州市黄埔区")]),
    ("我在余姚做机械加工", [("余姚", "浙江省宁波市余姚市")]),  # a city run by a city
    ("当了景宁的荣誉市民", [("景宁", "浙江省丽水市景宁畲族自治县")]),
    # what people call an autonomous county
    ("景宁县招人才吗", [("景宁县", "浙江省丽水市景宁畲族自治县")]),
    # nested: one mention, of the most specific
    ("广东广州海珠区的补贴", [("广东广州海珠区", "广东省广州市海珠区")]),
    ("广东省广州市海珠区职业技能提升", [("广东省广州市海珠区", "广东省广州市海珠区")]),
    ("广州的黄埔有没有", [("广州的黄埔", "广东省广州市黄埔区")]),
    ("上海浦东办厂", [("上海浦东", "上海市浦东新区")]),  # a municipality has no city between
    ("湖北仙桃打工", [("湖北仙桃", "湖北省仙桃市")]),  # run by the province itself
    # several places stay several, in order
    ("广东和浙江比，哪个给得多", [("广东", "广东省"), ("浙江", "浙江省")]),
    ("厂在海珠，人在天河", [("海珠", "广东省广州市海珠区"), ("天河", "广东省广州市天河区")]),
    ("在广州打工，湛江户口", [("广州", "广东省广州市"), ("湛江", "广东省湛江市")]),
    # institutions named after their place
    ("广东省人力资源和社会保障厅发的", [("广东省", "广东省")]),
    ("宝钢湛江钢铁有限公司能申请吗", [("湛江", "广东省湛江市")]),
    ("广州大学生创业补贴", [("广州", "广东省广州市")]),  # 大学生, not 广州大学
    ("广州市区两级", [("广州市", "广东省广州市")]),
    ("广州市场监管", [("广州", "广东省广州市")]),  # 市场, so only the short name
    # names shared or ambiguous, settled by the text
    ("北京朝阳怎么办居住证", [("北京朝阳", "北京市朝阳区")]),
    ("辽宁朝阳的技校", [("辽宁朝阳", "辽宁省朝阳市")]),
    ("朝阳市技师学院", [("朝阳市", "辽宁省朝阳市")]),
    ("朝阳区和海淀区都有厂", [("朝阳区", "北京市朝阳区"), ("海淀区", "北京市海淀区")]),  # a neighbour decides
    ("我在南京，鼓楼区人社怎么走", [("南京", "江苏省南京市"), ("鼓楼区", "江苏省南京市鼓楼区")]),
    ("广州白云有补贴吗", [("广州白云", "广东省广州市白云区")]),
    ("人在深圳，盐田的厂", [("深圳", "广东省深圳市"), ("盐田", "广东省深圳市盐田区")]),
    ("天津和平的技校", [("天津和平", "天津市和平区")]),  # an everyday word right behind its city
    ("吉林有什么政策", [("吉林", "吉林省")]),  # of province and city, the province
    ("吉林市有什么政策", [("吉林市", "吉林省吉林市")]),
    ("合作市有技校吗", [("合作市", "甘肃省甘南藏族自治州合作市")]),  # everyday word with its suffix
    # one-character abbreviations, bound
    ("全粤技工", [("粤", "广东省")]),
    ("在穗企业", [("穗", "广东省广州市")]),
    ("来湛青年有没有住的", [("湛", "广东省湛江市")]),
    ("在深务工", [("深", "广东省深圳市")]),
    ("来苏州打工", [("苏州", "江苏省苏州市")]),  # not 来苏
    # streets are not the city they are named after
    ("上海南京路的店", [("上海", "上海市")]),
    ("广州北京路的店", [("广州", "广东省广州市")]),
    ("佛山白云区有补贴吗", [("佛山", "广东省佛山市")]),  # never a namesake in another city
    ("在河南县城找工作", [("河南", "河南省")]),  # not 河南蒙古族自治县
    # a verb with 上 before a place, and 入户 mistyped
    ("评上海珠首席技师有多少钱", [("海珠", "广东省广州市海珠区")]),
    ("考上广州的技师学院", [("广州", "广东省广州市")]),
    ("评上海首席技师要几年", [("上海", "上海市")]),
    ("去年评上上海首席技师", [("上海", "上海市")]),
    ("入沪广州要什么条件", [("广州", "广东省广州市")]),
    ("入沪要什么条件", [("沪", "上海市")]),
    # newer than the origin of the table: eval/divisions/amendments.tsv
    ("我在深圳龙华区上班", [("深圳龙华区", "广东省深圳市龙华区")]),
    ("人在深圳，龙华区上班", [("深圳", "广东省深圳市"), ("龙华区", "广东省深圳市龙华区")]),
    ("深圳龙华的厂", [("深圳龙华", "广东省深圳市龙华区")]),
    ("海口龙华区的厂", [("海口龙华区", "海南省海口市龙华区")]),
    ("我在坪山上班", [("坪山", "广东省深圳市坪山区")]),
    ("光明区有补贴吗", [("光明区", "广东省深圳市光明区")]),
    ("深圳光明的技校", [("深圳光明", "广东省深圳市光明区")]),
    ("我在临平上班", [("临平", "浙江省杭州市临平区")]),
    ("杭州临平区的技校", [("杭州临平区", "浙江省杭州市临平区")]),
    ("钱塘区的高级工", [("钱塘区", "浙江省杭州市钱塘区")]),
    ("人在杭州，钱塘的厂", [("杭州", "浙江省杭州市"), ("钱塘", "浙江省杭州市钱塘区")]),
    ("杭州上城有没有", [("杭州上城", "浙江省杭州市上城区")]),
    ("奉化区的补贴", [("奉化区", "浙江省宁波市奉化区")]),
    ("龙港市招技工", [("龙港市", "浙江省温州市龙港市")]),
    ("济南莱芜区的厂", [("济南莱芜区", "山东省济南市莱芜区")]),
    # former names
    ("玉环县的厂", [("玉环县", "浙江省台州市玉环市")]),
    ("宁波江东区的厂", [("宁波江东区", "浙江省宁波市鄞州区")]),
    ("杭州下城区的补贴", [("杭州下城区", "浙江省杭州市拱墅区")]),
    ("伊春友好区", [("伊春友好区", "黑龙江省伊春市友好区")]),
]


@pytest.mark.parametrize(("text", "expected"), FOUND, ids=[text for text, _ in FOUND])
def test_finds_places(gazetteer: Gazetteer, text: str, expected: list[tuple[str, str]]) -> None:
    mentions = gazetteer.find(text)
    assert [(m.span.of(text), gazetteer.full_name(m.place.code)) for m in mentions] == expected
    assert not any(m.candidates for m in mentions)


TRAPS = [
    "支持公司和技校合作吗",  # 合作市
    "该问人社局还是公安局",  # 公安县
    "培训资源共享",  # 资源县
    "基地和平台",  # 和平区, across two words
    "乡村振兴 青年 补贴",  # 振兴区
    "办学的大方向是替谁服务",  # 大方县
    "还是新兴产业有没有统一的",  # 新兴县
    "比如有没有做招工情况",  # 比如县
    "没考上高中能读职校吗",  # 上高县
    "创新平台建设",  # 新平县
    "保障安全、建设龙头企业",
    "高级技师的通知",
    "东方市场很大",  # 东方市
    "和平区域发展",  # 和平区
    "市和县的资金怎么分",  # 和县
    "对应城市的标准",  # 应城市
    "中心城区和郊区",  # 城区, 郊区
    "放宽矿区入户条件",  # 矿区
    "女工评三八红旗手有没有照顾",  # 红旗区
    "能不能蹭行业大厂的培训课",  # 大厂县
    "转正定级谁来考",  # 正定县
    "绿水青山就是金山银山",  # 金山区, 青山区
    "新增城镇就业",  # 增城
    "药店是医保定点",  # 保定
    "加大理赔力度",  # 大理
    "朝阳产业",  # 朝阳 alone says nothing
    "我在鼓楼",  # shared by four cities, no suffix
    "中山路的店",
    "住在南京西路",
    "北京路步行街",
    "中国石油大学毕业",
    "从浙江海洋大学毕业",
    "中山大学的研究生",
    "粤企能申请吗",  # an abbreviation that nothing binds
    "在深夜上班",
    "在京东送货",
    "全国职业技能大赛",
    "粤港澳大湾区",
    "沿海城市",  # 海城市
    "黄浦江边",  # 黄浦, 浦江
    "前途一片光明",  # 光明区
    "我在光明上班",
    "在钱塘江边上班",  # 钱塘区
    "县上城里都没有",  # 上城区
    "行业面临平台竞争",  # 临平区
    "技能和安全培训、治疗和康复",  # 和安县, 和康县
    "构建安全生产的新星",  # 建安区, 新星市
    "困难户县里怎么帮",  # 户县, now 鄠邑区
    "",
    "海",
]


@pytest.mark.parametrize("text", TRAPS)
def test_everyday_words_are_no_places(gazetteer: Gazetteer, text: str) -> None:
    assert [m.span.of(text) for m in gazetteer.find(text)] == []


AMBIGUOUS = [  # text, what surely holds it, how many it may be
    ("鼓楼区有补贴吗", "中华人民共和国", 4),
    ("江苏鼓楼区有补贴吗", "江苏省", 2),  # 南京, 徐州
    ("白云区有补贴吗", "中华人民共和国", 2),  # 广州, 贵阳
    ("我在龙华区上班", "中华人民共和国", 2),  # 深圳, 海口
    ("我在江干区上班", "浙江省杭州市", 2),  # divided between 上城区 and 钱塘区
    ("原来的莱芜市", "山东省济南市", 2),  # 莱芜区, 钢城区
]


@pytest.mark.parametrize(("text", "holder", "count"), AMBIGUOUS)
def test_undecided_namesakes_are_reported(gazetteer: Gazetteer, text: str, holder: str, count: int) -> None:
    (mention,) = gazetteer.find(text)
    assert gazetteer.full_name(mention.place.code) == holder
    assert len(mention.candidates) == count
    assert all(gazetteer.covers(mention.place.code, place.code) for place in mention.candidates)


def test_a_place_known_otherwise_decides_between_namesakes(gazetteer: Gazetteer) -> None:
    (mention,) = gazetteer.find("白云区有补贴吗", near="440105")  # the page's selector stands at 海珠
    assert gazetteer.full_name(mention.place.code) == "广东省广州市白云区"
    assert gazetteer.find("有补贴吗", near="440105") == ()


RESOLVED = [
    ("广州", "440100"),
    ("广州市", "440100"),
    ("海珠区", "440105"),
    ("海珠", "440105"),
    ("广东省广州市海珠区", "440105"),
    ("广东 广州 海珠", "440105"),  # with spaces
    ("440105", "440105"),
    ("上海市浦东新区", "310115"),
    ("东方", "469007"),  # on its own an everyday word is meant as a place
    ("吉林", "220000"),
    ("香港", "810000"),
    ("临平", "330113"),
    ("浙江杭州临平区", "330113"),
    ("光明", "440311"),
    ("钱塘", "330114"),
    ("深圳龙华", "440309"),
    ("玉环县", "331083"),
    ("全国", "100000"),
]


@pytest.mark.parametrize(("name", "code"), RESOLVED)
def test_resolves_a_region_option(gazetteer: Gazetteer, name: str, code: str) -> None:
    assert gazetteer.resolve(name).code == code


UNRESOLVED = [  # name, words the message must have
    ("鼓楼区", "江苏省南京市鼓楼区、江苏省徐州市鼓楼区"),  # namesakes are listed
    ("鼓楼", "福建省福州市鼓楼区"),
    ("朝阳", "北京市朝阳区"),
    ("海洙区", "广东省广州市海珠区"),  # a slip of the pen gets a suggestion
    ("亚特兰蒂斯", "例如“广州”"),
    ("999999", "例如“广州”"),
    ("", "例如“广州”"),
    ("广州和湛江", "例如“广州”"),
    ("龙华", "广东省深圳市龙华区、海南省海口市龙华区"),
    ("杭州江干区", "浙江省杭州市上城区、浙江省杭州市钱塘区"),
    ("重庆两江新区", "重庆市"),  # newer than the table: at least its city is offered
]


@pytest.mark.parametrize(("name", "words"), UNRESOLVED)
def test_says_clearly_why_a_region_cannot_be_used(gazetteer: Gazetteer, name: str, words: str) -> None:
    with pytest.raises(JurisdictionError) as failure:
        gazetteer.resolve(name)
    message = str(failure.value)
    assert words in message
    assert message.endswith("。")
    assert "无法确定适用哪里的政策" in message


RELATIVE = [
    ("拿过省里比赛的名次", PlaceLevel.PROVINCE),
    ("省的和区的哪个算数", PlaceLevel.PROVINCE),
    ("我省有没有首席技师", PlaceLevel.PROVINCE),
    ("技能的省级方案怎么说", PlaceLevel.PROVINCE),
    ("全省有多少", PlaceLevel.PROVINCE),
    ("省24号方案二、(四)写了什么", PlaceLevel.PROVINCE),
    ("省方案允许公司自己直接评吗", PlaceLevel.PROVINCE),
    ("按市里还是区里的", PlaceLevel.CITY),  # the first named
    ("我市培训任务", PlaceLevel.CITY),
    ("本市户口", PlaceLevel.CITY),
    ("咱们市的补贴", PlaceLevel.CITY),
    ("区里鼓励不", PlaceLevel.DISTRICT),
    ("归不归区里？", PlaceLevel.DISTRICT),
    ("我区工人", PlaceLevel.DISTRICT),
    ("根据本区情况定", PlaceLevel.DISTRICT),
    ("县里有没有", PlaceLevel.DISTRICT),
    ("怎样节省的培训费", None),
    ("能省的都省了", None),
    ("帮我省钱", None),
    ("成本省下来", None),
    ("外省的公司", None),
    ("在城市里上班", None),
    ("超市里打工", None),
    ("上市的公司", None),
    ("日本市场", None),
    ("基本区别", None),
    ("民族地区的职校", None),
    ("社区里的体育", None),
    ("园区里的企业", None),
    ("小区里跳广场舞", None),
    ("省级技能大师工作室", None),  # a title
    ("市级培训基地", None),
    ("海珠区的政策", None),  # a named place is not a relative one
    ("", None),
]


@pytest.mark.parametrize(("text", "level"), RELATIVE)
def test_relative_level(text: str, level: PlaceLevel | None) -> None:
    assert relative_level(text) is level


NAMES = [field for row in ROWS[1:] for field in row[1:3]]
pieces = st.one_of(
    st.text(max_size=6), st.sampled_from(NAMES), st.sampled_from(["，", "的", " ", "在", "路", "场", "粤"])
)


@given(st.lists(pieces, max_size=12).map("".join), st.one_of(st.none(), codes))
def test_spans_are_in_order_and_end_with_a_name_of_the_place(text: str, near: str | None) -> None:
    end = 0
    for mention in GAZETTEER.find(text, near=near):
        assert end <= mention.span.start < mention.span.end <= len(text)
        end = mention.span.end
        words = mention.span.of(text)
        for place in mention.candidates or (mention.place,):
            row = ROWS[1 + CODES.index(place.code)]
            alias = place.short_name + ("自治区" if place.level is PlaceLevel.PROVINCE else place.name[-1])
            assert words.endswith(tuple(filter(None, (place.name, place.short_name, alias, row[7], *row[9].split()))))


@given(st.text(max_size=200))
def test_never_raises(text: str) -> None:
    GAZETTEER.find(text)
    relative_level(text)


@given(codes)
def test_chain_climbs_to_a_province(code: str) -> None:
    chain = GAZETTEER.chain(code)
    assert chain[0] == GAZETTEER.place(code)
    levels = [place.level for place in chain]
    assert levels == sorted(levels, key=list(PlaceLevel).index, reverse=True)
    assert levels[-1] in (PlaceLevel.PROVINCE, PlaceLevel.NATION)
    assert len(set(levels)) == len(levels)


@given(codes, codes)
def test_covers_is_reflexive_and_never_goes_up(one: str, other: str) -> None:
    assert GAZETTEER.covers(one, one)
    assert GAZETTEER.covers("100000", other)
    assert one == other or not (GAZETTEER.covers(one, other) and GAZETTEER.covers(other, one))
    for above in GAZETTEER.chain(other)[1:]:
        assert GAZETTEER.covers(above.code, other)
        assert not GAZETTEER.covers(other, above.code)


@settings(max_examples=300)
@given(codes)
def test_a_full_name_resolves_to_its_place(code: str) -> None:
    assert GAZETTEER.resolve(GAZETTEER.full_name(code)).code == code


def test_unknown_codes_are_errors(gazetteer: Gazetteer) -> None:
    with pytest.raises(KeyError):
        gazetteer.place("440199")
    with pytest.raises(KeyError):
        gazetteer.covers("440199", "440100")
    with pytest.raises(KeyError):
        gazetteer.find("广州", near="440199")


def test_the_table_is_whole() -> None:
    assert ",".join(ROWS[0]) == (
        "code,name,short_name,level,parent_code,full_form,short_form,abbreviation,not_in,former_names"
    )
    assert sorted(set(CODES)) == CODES
    assert TABLE.stat().st_size < 250_000
    levels = {row[0]: row[3] for row in ROWS[1:]}
    assert Counter(levels.values()) == {"nation": 1, "province": 34, "city": 333, "district": 2847}
    names = {name for row in ROWS[1:] for name in row[1:3]}
    for code, name, short, level, parent, full_form, short_form, _, not_in, former in ROWS[1:]:
        assert re.fullmatch(r"\d{6}", code)
        assert len(name) >= 2
        assert 2 <= len(short) <= len(name)
        assert full_form in {"alone", "adjacent", "never"}
        assert short_form in {"alone", "together", "adjacent", "never"}
        assert not set(not_in.split()) & {row[1] for row in ROWS[1:]}  # a longer word that is itself a place
        assert not set(former.split()) & names  # a name somebody else bears today
        if code == "100000":
            continue
        expected = "province" if code.endswith("0000") else "city" if code.endswith("00") else "district"
        assert level == expected, name
        above = {"province": {"nation"}, "city": {"province"}, "district": {"city", "province"}}[level]
        assert levels[parent] in above, name
        assert parent == "100000" or code.startswith(parent.rstrip("0")), name


def test_the_amendments_are_in_the_table() -> None:
    file = ROOT / "eval" / "divisions" / "amendments.tsv"
    header, *rows = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines())
    assert header == ["date", "action", "code", "name", "parent_code", "old_code", "note"]
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    table = {row[0]: row for row in ROWS[1:]}
    for date, action, code, name, parent, old, note in rows:
        assert re.fullmatch(r"20\d\d(-\d\d-\d\d)?", date)
        assert note
        assert bool(old) == (action in {"rename", "move"})
        assert old == code or old not in table
        if action == "abolish":
            assert code not in table
        else:
            assert action in {"add", "rename", "move"}
            assert [table[code][1], table[code][4]] == [name, parent]


def test_the_five_policies_places_are_there(gazetteer: Gazetteer) -> None:
    names = [gazetteer.full_name(code) for code in ("330000", "440000", "440100", "440105", "440800")]
    assert names == ["浙江省", "广东省", "广东省广州市", "广东省广州市海珠区", "广东省湛江市"]
