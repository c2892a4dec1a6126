from __future__ import annotations

import json

import pytest

from assistant.chunking import chunks_of
from assistant.errors import CorpusError
from assistant.evaluation.lexical_overlap import bigrams, compare
from assistant.indexing.lay_questions import read_lay_questions
from indexing.samples import chunks, documents


@pytest.fixture
def folder(tmp_path):
    def written(*rows: object, name: str = "haizhu.jsonl"):
        lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return tmp_path

    return written


def read(folder):
    made = documents()
    found = read_lay_questions(folder, made, chunks(made))
    texts = {chunk.chunk_id: chunk.text for chunk in chunks(made)}
    return {texts[chunk_id]: questions for chunk_id, questions in found.items()}


def test_questions_go_to_the_chunk_of_their_sentence(folder):
    found = read(folder({"sentence": "首席技师可申领群贤卡。", "questions": ["卡怎么领", "群贤卡"]}, ""))
    assert found == {"首席技师可申领群贤卡。": ("卡怎么领", "群贤卡")}


def test_white_space_in_the_sentence_is_ignored(folder):
    found = read(folder({"sentence": "首席技师 可申领\n群贤卡", "questions": ["卡怎么领"]}))
    assert found == {"首席技师可申领群贤卡。": ("卡怎么领",)}


def test_a_sentence_over_two_chunks_goes_to_both(folder):
    found = read(folder({"sentence": "经费。\n首席技师可申领", "questions": ["甲"]}))
    assert found == {"企业按规定提取职工教育经费。": ("甲",), "首席技师可申领群贤卡。": ("甲",)}


def test_two_rows_for_one_chunk_add_up(folder):
    found = read(
        folder({"sentence": "首席技师可申领", "questions": ["甲"]}, {"sentence": "群贤卡", "questions": ["乙"]})
    )
    assert found == {"首席技师可申领群贤卡。": ("甲", "乙")}


def test_a_line_separator_inside_a_question_is_no_line_end(folder):
    found = read(folder('{"sentence": "首席技师可申领群贤卡。", "questions": ["甲\u2028乙"]}'))
    assert found == {"首席技师可申领群贤卡。": ("甲\u2028乙",)}


def test_files_of_other_policies_and_a_missing_folder_are_passed_over(folder, tmp_path):
    assert read(folder({"sentence": "不在库里", "questions": []}, name="other.jsonl")) == {}
    assert read(tmp_path / "nowhere") == {}


BROKEN = [
    ("{", "第 2 行不是"),
    ("[1]", "第 2 行不是"),
    ("5", "第 2 行不是"),
    ('{"sentence": "群贤卡"}', "第 2 行不是"),
    ("[" * 100_000, "第 2 行不是"),
    ('{"sentence": 5, "questions": []}', "sentence 应为文字"),
    ('{"sentence": "群贤卡", "questions": "甲"}', "questions 应为列表"),
    ('{"sentence": "群贤证", "questions": []}', "第 2 行的句子「群贤证」在政策原文里找不到"),
    ('{"sentence": " ", "questions": []}', "在政策原文里找不到"),
]


@pytest.mark.parametrize(("row", "said"), BROKEN)
def test_a_broken_row_is_named(folder, row, said):
    with pytest.raises(CorpusError, match=rf"haizhu\.jsonl.*{said}"):
        read(folder({"sentence": "群贤卡", "questions": []}, row))


def test_a_file_that_is_no_text_is_named(folder):
    target = folder("x")
    (target / "haizhu.jsonl").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(CorpusError, match=r"haizhu\.jsonl 不是 UTF-8 文本"):
        read(target)


# --- the real ones --------------------------------------------------------------------------------


def rows_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


@pytest.fixture(scope="module")
def lay(root):
    return {path.stem: rows_of(path) for path in sorted((root / "corpus" / "questions").glob("*.jsonl"))}


def test_every_real_row_has_its_sentence_in_order_and_several_questions(lay, real_answerer):
    for document in real_answerer.documents:
        text = "".join(document.policy.text.split())
        at, seen = 0, []
        for row in lay[document.policy.policy_id]:
            at = text.index("".join(row["sentence"].split()), at)
            assert len(row["questions"]) >= 3
            seen += row["questions"]
        assert len(set(seen)) == len(seen)


def test_every_real_question_is_indexed(lay, root, real_answerer):
    made = [chunk for document in real_answerer.documents for chunk in chunks_of(document)]
    found = read_lay_questions(root / "corpus" / "questions", real_answerer.documents, made)
    indexed = {question for questions in found.values() for question in questions}
    assert indexed == {question for rows in lay.values() for row in rows for question in row["questions"]}


def test_the_readme_counts_the_questions(lay, root):
    readme = (root / "corpus" / "questions" / "README.md").read_text(encoding="utf-8")
    table = {cells[1]: cells for line in readme.splitlines() if (cells := [c.strip() for c in line.split("|")])[1:]}
    for policy_id, rows in lay.items():
        assert table[policy_id][2].endswith(f"→{len(rows)}")
        assert table[policy_id][8] == str(sum(len(row["questions"]) for row in rows))
    assert table["合计"][8] == str(sum(len(row["questions"]) for rows in lay.values() for row in rows))


def test_no_lay_question_is_close_to_an_evaluation_question(lay, root):
    """Else the figures would measure memory. Strike the lay question, never the evaluation's."""
    asked = {
        text
        for path in (root / "eval" / "questions").glob("*.jsonl")
        for topic in rows_of(path)
        for text in (topic["question"], *topic["history"])
    }
    by_pair: dict[str, set[str]] = {}
    for text in asked:
        for pair in bigrams(text):
            by_pair.setdefault(pair, set()).add(text)
    close = []
    for policy_id, rows in lay.items():
        for row in rows:
            for question in row["questions"]:
                near = set().union(*(by_pair.get(pair, ()) for pair in bigrams(question)))
                close += [(policy_id, question, other) for other in near if compare(question, other).too_close]
    assert close == []
