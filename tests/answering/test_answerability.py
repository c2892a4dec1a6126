from __future__ import annotations

import json
import math
import zlib
from dataclasses import replace

import numpy as np
import pytest

from assistant.answering.answerability import JudgeBySource, LearnedJudge, Signs, buckets, checksum, read_judge
from assistant.answering.known_questions import KnownQuestions
from assistant.errors import EncoderError
from assistant.indexing.static_encoder import load_static_encoder
from assistant.model import Answer, Refusal, RefusalReason
from assistant.settings import BUNDLED_ENCODER


def floats(*values):
    return np.array(values, dtype=np.float32)


JUDGE = LearnedJudge(
    names=("score", "covered"),
    mean=floats(1.0, 0.5),
    scale=floats(2.0, 0.25),
    weights=floats(-1.0, -2.0),
    question_weights=floats(0.5, 0.0),
    asking_weights=floats(0.0, 1.0),
    residue_weights=floats(*([0.0] * 16)),
    bias=0.25,
    threshold=0.5,
)


def signs(score, covered, question=(0.0, 0.0), asking=(0.0, 0.0)):
    return Signs({"score": score, "covered": covered, "unused": 9.0}, floats(*question), floats(*asking))


@pytest.mark.parametrize(
    ("given", "total"),
    [
        (signs(1.0, 0.5), 0.25),  # at the means only the bias counts
        (signs(3.0, 0.5), 0.25 - 1.0),
        (signs(1.0, 0.75), 0.25 - 2.0),
        (signs(1.0, 0.5, (1.0, 0.0), (0.0, 1.0)), 0.25 + 0.5 + 1.0),
        (signs(1000.0, 0.5), 0.25 - 4.0),  # clipped at four standard deviations
    ],
)
def test_the_probability_is_the_logistic_of_the_weighted_sum(given, total):
    assert JUDGE.probability(given) == pytest.approx(1 / (1 + math.exp(-total)), abs=1e-5)
    assert JUDGE.silent(given) is (total >= 0)


def test_letters_left_over_count_by_their_bucket():
    """「^几$」 has six runs of letters; each bucket counts once, divided by the root of their number."""
    held = buckets("^几$", 16)
    assert len(held) <= 6
    judge = replace(JUDGE, residue_weights=floats(*(float(at in held) for at in range(16))))
    given = replace(signs(1.0, 0.5), residue="^几$")
    total = 0.25 + len(held) / math.sqrt(len(held))
    assert judge.probability(given) == pytest.approx(1 / (1 + math.exp(-total)), abs=1e-5)
    assert judge.probability(replace(given, residue="")) == pytest.approx(JUDGE.probability(given), abs=1e-5)


def test_a_run_has_the_same_bucket_everywhere():
    """The weights were learned in another process: the hash must not depend on it."""
    assert buckets("几", 4096).tolist() == [zlib.crc32("几".encode()) % 4096]


def test_the_bundled_judge_was_trained_with_the_bundled_encoder():
    """Its weights mean nothing beside another encoder's signs: train it again (eval/answerability/README.md)."""
    stored = json.loads((BUNDLED_ENCODER / "answerability.json").read_text(encoding="utf-8"))
    assert stored["encoder"] == load_static_encoder(BUNDLED_ENCODER).fingerprint


def test_a_changed_weight_is_noticed(tmp_path, encoder):
    stored = json.loads((BUNDLED_ENCODER / "answerability.json").read_text(encoding="utf-8"))
    stored["asked"]["bias"] += 1
    (tmp_path / "answerability.json").write_text(json.dumps(stored), encoding="utf-8")
    with pytest.raises(EncoderError, match="sha256"):
        read_judge(tmp_path / "answerability.json", encoder)


@pytest.fixture(scope="module")
def encoder():
    return load_static_encoder(BUNDLED_ENCODER)


@pytest.mark.parametrize("has_questions", [0.0, 1.0])
def test_a_sentence_without_lay_questions_has_a_judge_of_its_own(has_questions, encoder):
    """A new document has no lay questions, so that its signs are lower for the same right answer."""
    known = KnownQuestions((), (), np.zeros(0, dtype=bool), encoder)
    judge = JudgeBySource(asked=replace(JUDGE, bias=9.0), unasked=replace(JUDGE, bias=-9.0), known=known)
    given = Signs({"score": 1.0, "covered": 0.5, "has_questions": has_questions}, floats(0, 0), floats(0, 0))
    assert judge.silent(given) is bool(has_questions)


def test_a_question_known_to_be_unanswered_is_refused_again(encoder):
    """Only the judge of sentences with lay questions looks at known questions."""
    asked = encoder.pieces(["人才公寓租金一个月多少", "人才公寓平时能申请吗"])
    known = KnownQuestions(tuple(asked), (("a",), ("a",)), np.array([True, False]), encoder)
    alone = replace(JUDGE, names=("known_lead",), mean=floats(0.0), scale=floats(1.0), weights=floats(9.0), bias=0.0)
    judge = JudgeBySource(asked=alone, unasked=replace(JUDGE, bias=-9.0), known=known)

    def given(row, has_questions=1.0):
        values = {"score": 1.0, "covered": 0.5, "has_questions": has_questions}
        return Signs(values, floats(0, 0), floats(0, 0), "", asked[row], ("a",))

    assert judge.silent(given(0))
    assert not judge.silent(given(1))
    assert not judge.silent(given(0, has_questions=0.0))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        json.dumps({"asked": {"names": ["a"], "mean": [0], "scale": [1], "weights": [1, 2]}, "unasked": {}}),
        json.dumps({"sha256": checksum({"asked": {}}), "asked": {}}),
    ],
)
def test_a_file_that_is_no_judge_is_named(tmp_path, content, encoder):
    path = tmp_path / "answerability.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EncoderError, match=r"answerability\.json"):
        read_judge(path, encoder)


@pytest.mark.parametrize(
    ("question", "place"),
    [
        # the sentence is on the matter and does not state what is asked; no row of the demands table tells
        ("挑那100家龙头企业，年产值要过多少", "广东"),
        ("评标办法里每多报一名高级技师给投标人加几分", "广州"),
        ("粤港澳技能评价工作站南沙那个门牌号多少", "广州"),
    ],
)
def test_what_only_lies_near_is_no_answer(ask, question, place):
    reply = ask(question, place)
    assert isinstance(reply, Refusal)
    assert reply.reason is RefusalReason.NOT_STATED
    assert reply.draft.citations  # the nearest words are shown


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("那100家龙头企业是拿来搭建什么平台的", "广东"),
        ("浙江鼓励什么样的企业给高技能人才股权激励", None),
        ("高级工以上入户，广州放宽了哪两样限制", None),
    ],
)
def test_what_the_sentence_states_is_answered(ask, question, place):
    assert isinstance(ask(question, place), Answer)
