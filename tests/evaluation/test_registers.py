"""The register's figures: hand-computed cases, the real gold, and limits."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from assistant.errors import BatchError, SettingsError
from assistant.evaluation.measures import Mean
from assistant.evaluation.register_gold import Expected, SentenceGold, read_profile_golds, read_sentence_golds
from assistant.evaluation.register_scoring import SentenceReading, score_rows, score_sentences
from assistant.evaluation.registers import drops, evaluate_registers, run_registers
from assistant.jurisdictions import load_gazetteer
from assistant.model import Force
from assistant.parsing.reading import read_corpus
from assistant.provisions.bearers import BearerKind
from assistant.registers.records import Register
from assistant.registers.register import build_register
from assistant.registers.rules import read_rules

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def register(corpus_dir: Path) -> Register:
    gazetteer = load_gazetteer(corpus_dir / "lexicon" / "divisions.tsv")
    return build_register(read_corpus(corpus_dir, gazetteer), read_rules(corpus_dir / "lexicon"), gazetteer)


def gold(name: str, quantities: tuple[str, ...] = (), force: Force = Force.MUST) -> SentenceGold:
    return SentenceGold(name, "句", force, BearerKind.ENTERPRISE, (4, 8), ("落户",), quantities, (), True)


def reading(quantities: tuple[str, ...] = (), force: Force = Force.MUST) -> SentenceReading:
    return SentenceReading(force, BearerKind.ENTERPRISE, (4, 8), ("落户",), quantities, (), True)


def test_sentences_by_hand() -> None:
    golds = [gold("a", ("60%以上", "10 家")), gold("b"), gold("c", ("两年",))]
    figures = score_sentences(golds, {"a": reading(("60%", "10家", "5家")), "b": reading(force=Force.MAY)})
    assert figures.force == Mean(1.0, 3)  # b is misread, c not read at all
    assert figures.levels == Mean(2.0, 3)
    assert figures.topic == Mean(2.0, 3)
    assert figures.quantity_precision == Mean(2.0, 3)
    assert figures.quantity_recall == Mean(2.0, 3)
    assert figures.deadline_recall.value is None  # nothing to find


def test_a_number_is_not_matched_by_another() -> None:
    figures = score_sentences([gold("a", ("10家",))], {"a": reading(("0家",))})
    assert figures.quantity_recall == Mean(0.0, 1)


def test_rows_by_hand() -> None:
    expected = [Expected("a", "direct"), Expected("b", "direct")]
    given = [Expected("a", "direct"), Expected("c", "direct"), Expected("b", "needs_condition")]
    figures = score_rows([(expected, given), ([], [])])
    assert (figures.cases, figures.precision, figures.recall, figures.kind) == (
        2,
        Mean(2.0, 3),
        Mean(2.0, 2),
        Mean(1.0, 2),
    )


def test_the_gold_is_whole(root: Path, register: Register) -> None:
    golds = read_sentence_golds(root / "eval" / "registers" / "sentences.jsonl")
    assert {g.sentence_id: g.text for g in golds} == {r.record_id: r.text for r in register.records}
    ids = {g.sentence_id for g in golds}
    profiles = read_profile_golds(root / "eval" / "registers" / "profiles.jsonl")
    assert len(profiles) >= 40
    assert all(row.sentence_id in ids for profile in profiles for row in profile.expected)
    for g in golds:
        flat = "".join(g.text.split())
        assert all("".join(item.split()) in flat for item in (*g.quantities, *g.deadlines)), g.sentence_id


def test_the_product_keeps_its_figures(root: Path, register: Register, tmp_path: Path) -> None:
    said: list[str] = []
    folder, limits = root / "eval" / "registers", tmp_path / "conditions.toml"
    # How long it takes is for `make eval` on a quiet machine; a test beside other tests says nothing about it.
    written = (root / "eval" / "conditions.toml").read_text(encoding="utf-8")
    assert "[registers.at_most]" in written
    limits.write_text(written.split("[registers.at_most]")[0], encoding="utf-8")
    assert run_registers(register, folder, limits, tmp_path, TODAY, said.append) == 0, said
    assert "力度" in said[0]
    assert json.loads((tmp_path / "registers.json").read_text(encoding="utf-8"))["sentences"]["force"] >= 0.97


def test_a_missed_limit_is_told(root: Path, register: Register, tmp_path: Path) -> None:
    folder = tmp_path / "gold"
    folder.mkdir()
    source = (root / "eval" / "registers" / "sentences.jsonl").read_text(encoding="utf-8").splitlines()
    (folder / "sentences.jsonl").write_text(source[0] + "\n", encoding="utf-8")
    (folder / "heldout.jsonl").write_text(source[5] + "\n", encoding="utf-8")
    report = evaluate_registers(register, folder, TODAY)
    assert report.value("heldout", "levels") == 1.0
    limits = tmp_path / "conditions.toml"
    limits.write_text(
        "[registers.sentences]\nforce = 0.5\n[registers.profiles]\nrecall = 0.9\n[registers.at_most]\nbuild_ms = 0.0\n",
        encoding="utf-8",
    )
    told = drops(report, limits)
    assert [line.split("：")[0] for line in told] == ["registers.profiles recall", "registers.at_most build_ms"]
    limits.write_text('[registers.sentences]\nforce = "high"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="应为数字"):
        drops(report, limits)


def test_a_broken_label_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "sentences.jsonl"
    path.write_text('{"id": "a@0-1", "text": "句", "force": "perhaps"}\n', encoding="utf-8")
    with pytest.raises(BatchError, match="第 1 行"):
        read_sentence_golds(path)
