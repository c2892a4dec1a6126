"""Lay questions drafted by a model over real HTTP: kept apart, never indexed, and what fails is done again later."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import replace

import pytest

from assistant.answering.lay_drafts import LONGEST, read_drafts
from assistant.errors import PhraserError
from assistant.indexing.lay_questions import read_lay_questions
from assistant.interfaces import cli, question_verbs
from assistant.model import reading_text

POLICY = "haizhu-2020-skill-upgrading"
SENTENCES = ["督促企业按规定足额提取职工教育经费,其中60%以上用于一线职工培训。", "鼓励区内首席技师设立工作室。"]


@pytest.fixture
def settings(real_settings, server, tmp_path):
    """The real texts with an index and a questions folder of their own; the folder has questions for no sentence."""
    return replace(
        real_settings,
        index_dir=tmp_path / "index",
        questions_dir=tmp_path / "questions",
        llm=server.model,
        llm_timeout=1.0,
    )


@pytest.fixture
def draft(settings):
    args = cli._parser().parse_args(["draft-questions", POLICY])
    told = []

    def drafting(chosen=settings):
        told.clear()
        code = question_verbs.run(args, chosen, told.append, told.append)
        path = chosen.questions_dir / "drafts" / f"{POLICY}.jsonl"
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
        return code, rows, "".join(told)

    return drafting


def helpful(asked):
    rows = [{"sentence": row["编号"], "texts": ["这个怎么申请", "要什么条件呢"]} for row in asked["原句"]]
    return json.dumps({"questions": rows})


def test_drafts_are_kept_apart_and_not_indexed(server, settings, draft, real_answerer):
    server.says = helpful
    code, rows, told = draft()
    document = next(d for d in real_answerer.documents if d.policy.policy_id == POLICY)
    text = document.policy.text
    sentences = [reading_text(one.span.of(text)) for one in document.sentences if one.kind == "text"]
    assert code == 0
    assert [row["sentence"] for row in rows] == sentences
    assert {tuple(row["questions"]) for row in rows} == {("这个怎么申请", "要什么条件呢")}
    assert not any(row["reviewed"] for row in rows)
    assert "没有入索引" in told
    chunks = list(real_answerer.holdings.chunks.values())
    assert read_lay_questions(settings.questions_dir, [document], chunks) == {}
    # an editor moves a file over as it is, and it is read
    shutil.copy(settings.questions_dir / "drafts" / f"{POLICY}.jsonl", settings.questions_dir)
    assert len(read_lay_questions(settings.questions_dir, [document], chunks)) > 50


def test_sentences_that_have_questions_are_not_asked_for_again(server, settings, draft):
    server.says = helpful
    draft()
    asked = len(server.asked)
    code, rows, told = draft()
    assert (code, len(server.asked)) == (0, asked)
    assert "起草了 0 句" in told
    drafts = settings.questions_dir / "drafts" / f"{POLICY}.jsonl"
    drafts.write_text("".join(drafts.read_text("utf-8").splitlines(keepends=True)[3:]), "utf-8")
    assert "起草了 3 句" in draft()[2]
    assert len(rows) == len(draft()[1])


@pytest.mark.parametrize(
    ("manner", "why"), [("failing", "没有答复成功"), ("truncated", "读不出来"), ("nonsense", "读不出来")]
)
def test_what_fails_is_told_and_left_for_the_next_run(server, draft, manner, why):
    server.says, server.manner = helpful, manner
    code, rows, told = draft()
    assert (code, rows) == (1, [])
    assert why in told
    assert "再运行一次会接着做" in told
    server.manner = "well"
    assert draft()[0] == 0


def test_a_hanging_model_costs_its_time_a_request(server, settings, draft):
    server.manner = "hanging"
    started = time.perf_counter()
    code, rows, told = draft(replace(settings, llm_timeout=0.05))
    assert time.perf_counter() - started < 20
    assert (code, rows) == (1, [])
    assert "没有答复" in told


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        (["经费要拿多少给工人培训", "一线工人培训的钱怎么来"], ("经费要拿多少给工人培训", "一线工人培训的钱怎么来")),
        (["是不是60%以上"], ("是不是60%以上",)),
        (["是不是90%以上", "每月2000元吗"], ()),  # numbers the sentence does not have
        (["督促企业按规定足额提取职工教育经费"], ()),  # its own words
        (["钱呢", "长" * (LONGEST + 1), "", 7, None], ()),
        (["我电话13800138000能申请吗"], ()),
        (["同一个问法吧", "同一个问法吧"], ("同一个问法吧",)),
        ([f"第{sign}种问法呀" for sign in "甲乙丙丁戊己庚辛"], tuple(f"第{sign}种问法呀" for sign in "甲乙丙丁戊己")),
    ],
)
def test_what_is_kept_of_a_reply(texts, kept):
    told = json.dumps({"questions": [{"sentence": 1, "texts": texts}]})
    assert tuple(q for drafted in read_drafts(told, SENTENCES) for q in drafted.questions) == kept


@pytest.mark.parametrize(
    "rows", [[{"sentence": 3, "texts": ["问法一二"]}], [{"sentence": True, "texts": ["问法一二"]}], [None, 3], []]
)
def test_sentences_that_were_not_sent_get_none(rows):
    assert read_drafts(json.dumps({"questions": rows}), SENTENCES) == []


@pytest.mark.parametrize("told", ["", "null", "[1]", '{"questions": 3}', "[" * 100_000])
def test_what_is_no_reply_is_an_error(told):
    with pytest.raises(ValueError, match=r"no questions|Expecting value|nested"):
        read_drafts(told, SENTENCES)


def test_without_a_model_it_says_what_to_do(settings):
    args = cli._parser().parse_args(["draft-questions"])
    with pytest.raises(PhraserError, match="--llm"):
        question_verbs.run(args, replace(settings, llm=""), print, print)
