from __future__ import annotations

import pytest

from assistant.model import Question
from assistant.retrieval.scope import has_own_text, places_without_text, resolve_scope
from assistant.retrieval.understanding import understand

ALL = "广东 广州 浙江 海珠 湛江"


@pytest.fixture(scope="module")
def scoped(real_answerer):
    gazetteer = real_answerer.holdings.gazetteer
    policies = [document.policy for document in real_answerer.documents]

    def scoping(text: str, region: str | None = None, history: tuple[str, ...] = ()):
        question = Question(text, gazetteer.resolve(region).code if region else None, "other", history)
        asked = understand(question, real_answerer.documents, gazetteer)
        return resolve_scope(asked, question, policies, gazetteer)

    return scoping


@pytest.fixture(scope="module")
def names(real_answerer):
    gazetteer = real_answerer.holdings.gazetteer
    return lambda scope: [" ".join(sorted(gazetteer.place(code).short_name for code in t)) for t in scope.tiers]


SCOPES = [
    # question, selector → tiers, nearest first
    ("海珠首席技师有什么待遇", None, ["海珠", "广州", "广东"]),  # district ⊂ city ⊂ province
    ("首席技师有什么待遇", "海珠", ["海珠", "广州", "广东"]),  # by the selector
    ("广州首席技师", None, ["广州", "广东"]),  # never a district's
    ("湛江首席技师", None, ["湛江", "广东"]),
    ("广东首席技师", None, ["广东"]),
    ("浙江首席技师", None, ["浙江"]),
    ("天河区首席技师", None, ["广州", "广东"]),  # a district without a text
    ("我在深圳，技师有补贴吗", None, ["广东"]),  # a city without one
    ("技师有补贴吗", "深圳", ["广东"]),
    ("杭州首席技师", None, ["浙江"]),
    ("北京首席技师", None, []),  # nothing, not even as reference
    ("首席技师", "北京", []),
    ("上海和北京首席技师", None, []),  # two places without any
    ("浙江首席技师", "广州", ["浙江"]),  # the question before the selector
    ("北京首席技师", "广州", []),  # even to nothing
    ("广州和湛江有什么不同", None, ["广州 湛江"]),  # side by side, without their superior
    ("深圳和湛江有什么不同", None, ["广东 湛江"]),  # 深圳 is spoken for by its province
    ("广州和北京有什么不同", None, ["广州"]),
    ("首席技师有什么待遇", None, [ALL]),  # no place: every text
    ("省里对首席技师有补贴吗", None, ["广东 浙江"]),  # no selector: the provinces
    ("省里对首席技师有补贴吗", "湛江", ["广东"]),  # as someone in 湛江 says it
    ("省里对首席技师有补贴吗", "浙江", ["浙江"]),
    ("市里对首席技师有补贴吗", "海珠", ["广州", "广东"]),
    ("市里对首席技师有补贴吗", None, ["广州 湛江"]),
    ("区里首席技师有补贴吗", None, ["海珠"]),
    ("区里首席技师有补贴吗", "广州", ["广州", "广东"]),  # no district is known: the selector stands
    ("省里首席技师", "北京", []),
    # a document named by number or title
    ("穗府办〔2025〕7号讲什么", None, ["广州"]),
    ("海府办〔2020〕4号抄送给谁", "广州", ["海珠"]),  # the number goes before the selector
    ("24号方案讲什么", "湛江", ["湛江", "广东"]),  # the selector's chain holds it
    ("浙江 穗府办〔2025〕7号", None, ["浙江"]),  # a place said does not: see the next test
]


@pytest.mark.parametrize(("text", "region", "tiers"), SCOPES)
def test_scope(scoped, names, text, region, tiers):
    assert names(scoped(text, region)) == tiers


def test_a_document_of_another_place_is_not_admitted(scoped, real_answerer, real_policies):
    scope = scoped("浙江 穗府办〔2025〕7号")
    assert scope.policy_ids == {real_policies["广州"].policy_id}
    assert not any(scope.admits(chunk) for chunk in real_answerer.holdings.chunks.values())


def test_only_the_named_document_is_admitted(scoped, real_answerer, real_policies):
    scope = scoped("24号方案讲什么", "湛江")
    admitted = {c.policy_id for c in real_answerer.holdings.chunks.values() if scope.admits(c)}
    assert admitted == {real_policies["广东"].policy_id}


def test_a_place_never_admits_anothers_text(scoped, real_answerer):
    for region, allowed in [("海珠", 3), ("广州", 2), ("深圳", 1), ("浙江", 1), ("北京", 0)]:
        scope = scoped("首席技师", region)
        assert len({c.jurisdiction for c in real_answerer.holdings.chunks.values() if scope.admits(c)}) == allowed


def test_the_follow_ups_place(scoped, names):
    assert names(scoped("那湛江呢", "广州", ("海珠首席技师有什么待遇",))) == ["湛江", "广东"]
    assert names(scoped("他们的子女呢", None, ("海珠首席技师有什么待遇",))) == ["海珠", "广州", "广东"]


def test_whether_the_place_has_a_text_of_its_own(scoped):
    assert has_own_text(scoped("海珠首席技师"))
    assert has_own_text(scoped("首席技师"))  # no place was asked about
    assert not has_own_text(scoped("深圳首席技师"))
    assert not has_own_text(scoped("北京首席技师"))


def test_places_that_nothing_speaks_for(real_answerer):
    gazetteer = real_answerer.holdings.gazetteer
    policies = [document.policy for document in real_answerer.documents]
    asked = understand(Question("北京、深圳和湛江有什么不同"), real_answerer.documents, gazetteer)
    assert [place.name for place in places_without_text(asked, policies, gazetteer)] == ["北京市"]
