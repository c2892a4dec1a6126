"""The gate against every sentence of the corpus: what is printed passes, and no small change of it does."""

from __future__ import annotations

import itertools
import re

import pytest

from assistant.answering.citations import cite
from assistant.answering.describing import place_of
from assistant.answering.gate import Measure, fold, let_through
from tests.conftest import TODAY


@pytest.fixture(scope="module")
def measures(real_answerer):
    holdings = real_answerer.holdings
    chunks = [c for c in holdings.chunks.values() if c.kind == "text"]
    return [Measure(cite(holdings.document(c.policy_id), c, TODAY), holdings.gazetteer) for c in chunks]


def passes(text, measure):
    return bool(let_through(text, [1], {1: measure}))


def test_the_sentence_itself_passes_with_its_place_and_title(measures):
    for measure in measures:
        quote, policy = measure.citation.quote, measure.citation.policy
        assert passes(quote, measure)
        assert passes(f"{place_of(policy, measure.gazetteer)}：{quote}", measure)
        assert passes(f"根据《{policy.title}》，{quote.replace(',', '，')}", measure)


CHANGES = {
    "digit": lambda q: [q[: m.start()] + str((int(m.group()) + 1) % 10) + q[m.end() :] for m in re.finditer(r"\d", q)],
    "percent": lambda q: [q.replace("%", sign) for sign in ("", "‰", "个百分点") if "%" in q],
    "negation": lambda q: [q[:at] + "不" + q[at:] for at in range(len(q))],
    "denial": lambda q: [q[: m.start()] + q[m.end() :] for m in re.finditer("[不未非无勿]", q)],
    "modal": lambda q: [
        q.replace(word, other, 1)
        for word in ("鼓励", "支持", "引导", "要", "应", "可", "不得", "不超过")
        for other in ("必须", "鼓励", "可", "要", "应当", "")
        if word in q and other != word and not (word == "可" and other == "可以")
    ],
    "level": lambda q: [
        q.replace(word, other, 1)
        for word in ("高级技师", "首席技师", "特级技师", "高级工", "技师")
        for other in ("高级技师", "首席技师", "技师", "中级工")
        if word in q and q.replace(word, other, 1) != q
    ],
    "place": lambda q: [f"{place}：{q}" for place in ("深圳", "天河区", "北京市", "全国")],
    "office": lambda q: [
        q.replace(word, other, 1)
        for word in ("人力资源社会保障部门", "企业", "国有企业", "各区政府", "单位")
        for other in ("市财政局", "行业协会")
        if word in q
    ],
}


@pytest.mark.parametrize("kind", CHANGES)
def test_no_change_of_a_word_passes(measures, kind):
    tried, passed = 0, []
    for measure in measures:
        for text in CHANGES[kind](measure.citation.quote):
            if fold(text) != measure.quote and text.replace("应当", "应") != measure.citation.quote:
                tried += 1
                passed += [text] if passes(text, measure) else []
    assert tried > (10 if kind in ("percent", "denial") else 100)
    assert passed == []


def test_no_two_clauses_pass_as_one_sentence(measures):
    long = [m for m in measures if len(m.parts) > 1]
    for one, other in itertools.pairwise(long):
        first, last = one.parts[0].words, other.parts[-1].words
        if first in other.quote or last in one.quote:
            continue
        assert not let_through(f"{first}，{last}", [1, 2], {1: one, 2: other})
        assert not let_through(one.citation.quote, [2], {1: one, 2: other})


def test_no_part_passes_without_the_modal_word_that_governs_it(measures):
    for measure in measures:
        for cue in measure._cues:
            home = next(i for i, part in enumerate(measure.parts) if cue.at < part.end)
            governed = [p.words for i, p in enumerate(measure.parts) if i > home and p.end <= cue.scope.end]
            for words in governed:
                if words not in measure.parts[home].words and measure.quote.count(words) == 1:
                    assert not passes(words, measure), (words, measure.quote)


def test_limits_are_not_left_out(measures):
    for measure in measures:
        for part in measure.parts[1:]:
            if re.search("不超过|不得|除外|原则上", part.words):
                rest = measure.quote.replace(part.words, "").replace(",,", ",")
                assert not passes(rest, measure), rest


@pytest.mark.parametrize("text", ["", "。", "广州：", "根据广州的文件，", "同时，", "[1]", "文件提出，", "a" * 500])
def test_words_without_a_clause_do_not_pass(measures, text):
    assert not passes(text, measures[0])
