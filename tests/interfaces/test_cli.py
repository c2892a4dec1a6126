"""The command line, in this process and as a process of its own: nothing but data on stdout, never a traceback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.interfaces.cli import main

QUESTION = "广州首席技师有什么待遇"


@pytest.fixture
def run(real_settings, monkeypatch, capsys):
    """Run a command in this process: exit code, stdout, stderr."""
    monkeypatch.setenv("POLICY_INDEX", str(real_settings.index_dir))

    def running(*argv: str) -> tuple[int, str, str]:
        code = main(argv)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return running


@pytest.fixture
def process(real_settings, real_answerer, root):
    """Run a command as a process; the real index is built by then."""

    def running(*argv: str, stdin: bytes = b"", program: tuple[str, ...] = ("-m", "assistant"), **environment: str):
        paths = {"POLICY_INDEX": str(real_settings.index_dir), "PYTHONPATH": str(root)}
        found = subprocess.run(
            [sys.executable, "-W", "error", *program, *argv],
            input=stdin,
            capture_output=True,
            env={**os.environ, **paths, **environment},
            timeout=60,
            check=False,
        )
        assert b"Traceback" not in found.stdout + found.stderr, found.stderr.decode()
        return found

    return running


def one_sentence(err: str) -> None:
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert any("\u4e00" <= char <= "\u9fff" for char in err)


# --- ask ------------------------------------------------------------------------------------------


def test_ask_prints_the_answer_alone(run):
    code, out, err = run("ask", QUESTION)
    assert (code, err) == (0, "")
    assert out.startswith("广州：")
    assert "来源：" in out


def test_ask_as_json(run):
    code, out, err = run(
        "ask", "首席技师有什么待遇", "--region", "海珠", "--role", "hr", "--json", "--as-of", "2021-06-01"
    )
    assert (code, err) == (0, "")
    reply = json.loads(out)
    assert reply["status"] == "answered"
    assert reply["scope"]["jurisdictions"][0] == "广东省广州市海珠区"
    assert reply["citations"][0]["policy_status"] == "unknown"  # its target period was not yet over


def test_a_refusal_and_a_clarification_are_results(run):
    assert run("ask", "北京首席技师有补贴吗")[0] == 0
    assert run("ask", "待遇")[0] == 0


FAILURES = [
    # arguments → exit code, what the one sentence says
    (("ask", ""), 1, "问题是空的"),
    (("ask", " \u3000 "), 1, "问题是空的"),
    (("ask", "\u200b\x07\u202e"), 1, "问题是空的"),
    (("ask", "问" * 100_000), 1, "问题有 100000 个字，超过 300 字的上限"),
    (("ask", QUESTION, "--region", "广洲"), 1, "没有“广洲”"),
    (("ask", QUESTION, "--region", "深圳是"), 1, "是不是想说：广东省深圳市"),
    (("ask", QUESTION, "--region", "鼓楼区"), 1, "不止一个"),
    (("ask", QUESTION, "--region", "\x00\ud800"), 1, "行政区划表里没有"),
    (("ask", QUESTION, "--role", "boss"), 2, "没有这个选项"),
    (("ask", QUESTION, "--as-of", "2026-13-01"), 2, "日期“2026-13-01”应写成 2026-11-20 这样"),
    (("ask", QUESTION, "--as-of", "昨天"), 2, "应写成"),
    (("ask", QUESTION, "--regoin", "广州"), 2, "不认识的参数"),
    (("ask", QUESTION, "--r", "广州"), 2, "选项不明确"),
    (("ask", QUESTION, "--json=1"), 2, "后面不跟值"),
    (("ask", QUESTION, "--region"), 2, "后面要跟一个值"),
    (("ask",), 2, "没有写问题"),
    ((), 2, "缺少参数"),
    (("frobnicate",), 2, "没有这个选项"),
    (("ask", "--batch", "nowhere/in.jsonl"), 1, "in.jsonl 读不了（没有这个文件或目录）"),
    (("ask", "--batch", "."), 1, "读不了（它是一个目录）"),
    (("show", "nope"), 1, "没有编号为“nope”的文件"),
    (("show",), 2, "缺少参数"),
    (("show", "haizhu-2020-skill-upgrading", "九"), 1, "没有“九”这一条"),
    (("show", "guangdong-2022-industrial-workers", "（四）"), 1, "不止一处：三、（四）、七、（四）"),
    (("search", ""), 1, "问题是空的"),
    (("search", "首席技师", "-k", "many"), 2, "不合格式的"),
    (("search", "首席技师", "--region", "广洲"), 1, "没有“广洲”"),
]


@pytest.mark.parametrize(("argv", "code", "said"), FAILURES)
def test_a_failure_is_one_chinese_sentence_and_an_exit_code(run, argv, code, said):
    found, out, err = run(*argv)
    assert (found, out) == (code, "")
    one_sentence(err)
    assert said in err


def test_help_is_data(run):
    code, out, err = run("ask", "--help")
    assert (code, err) == (0, "")
    assert "--region" in out


# --- batch ----------------------------------------------------------------------------------------


@pytest.fixture
def lines(tmp_path) -> Path:
    path = tmp_path / "in.jsonl"
    rows = [{"id": f"q{n}", "question": QUESTION, "gold": ["ignored"]} for n in range(3)]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_batch_to_a_file_and_to_stdout(run, lines, tmp_path):
    out = tmp_path / "out.jsonl"
    assert run("ask", "--batch", str(lines), "--out", str(out), "--as-of", "2026-11-20") == (0, "", "")
    in_file = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    code, printed, err = run("ask", "--batch", str(lines), "--as-of", "2026-11-20")
    on_stdout = [json.loads(line) for line in printed.splitlines()]
    assert (code, err, [reply["id"] for reply in in_file]) == (0, "", ["q0", "q1", "q2"])
    for one, other in zip(in_file, on_stdout, strict=True):
        assert {k: v for k, v in one.items() if k != "timing_ms"} == {
            k: v for k, v in other.items() if k != "timing_ms"
        }


def test_a_broken_line_is_told_and_the_others_are_answered(run, tmp_path):
    given, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    good = json.dumps({"id": "a", "question": QUESTION}, ensure_ascii=False).encode()
    given.write_bytes(b"\xef\xbb\xbf" + good + b"\n{broken\n\xff\xfe\n" + good.replace(b'"a"', b'"b"') + b"\n")
    code, printed, err = run("ask", "--batch", str(given), "--out", str(out))
    assert (code, printed) == (1, "")
    assert err.splitlines() == [
        "第 2 行不是有效的 JSON，这一行没有作答。请检查引号和逗号。",
        "第 3 行不是 UTF-8 文本，这一行没有作答。请另存为 UTF-8。",
    ]
    assert [json.loads(line)["id"] for line in out.read_text(encoding="utf-8").splitlines()] == ["a", "b"]


@pytest.mark.parametrize("link", ["same", "symbolic", "hard"])
def test_the_input_is_never_overwritten(run, lines, link):
    before, out = lines.read_bytes(), lines
    if link != "same":
        out = lines.with_name("link.jsonl")
        out.symlink_to(lines) if link == "symbolic" else out.hardlink_to(lines)
    code, _, err = run("ask", "--batch", str(lines), "--out", str(out))
    assert code == 1
    assert "同一个文件" in err
    assert lines.read_bytes() == before


def test_an_output_that_cannot_be_written_is_named(run, lines, tmp_path):
    code, _, err = run("ask", "--batch", str(lines), "--out", str(tmp_path / "nowhere" / "out.jsonl"))
    assert code == 1
    assert "out.jsonl 写不了" in err


def test_an_earlier_output_survives_when_nothing_can_be_answered(run, lines, tmp_path, monkeypatch):
    out = tmp_path / "out.jsonl"
    out.write_text("earlier\n", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("POLICY_CORPUS", str(tmp_path / "empty"))
    monkeypatch.setenv("POLICY_INDEX", str(tmp_path / "index"))
    code, _, err = run("ask", "--batch", str(lines), "--out", str(out))
    assert code == 1
    assert "没有政策文本" in err
    assert out.read_text(encoding="utf-8") == "earlier\n"


def test_batch_over_standard_streams(process, lines):
    found = process(
        "ask", "--batch", "-", "--out", "-", stdin=lines.read_bytes() + b"\xff\n", PYTHONUTF8="0", LC_ALL="C"
    )
    assert found.returncode == 1
    assert [json.loads(line)["id"] for line in found.stdout.decode("utf-8").splitlines()] == ["q0", "q1", "q2"]
    assert found.stderr.decode("utf-8") == "第 4 行不是 UTF-8 文本，这一行没有作答。请另存为 UTF-8。\n"


def test_progress_goes_to_stderr(process):
    rows = b"".join(json.dumps({"id": str(n), "question": "x"}).encode() + b"\n" for n in range(100))
    found = process("ask", "--batch", "-", stdin=rows)
    assert (found.returncode, found.stdout.count(b"\n")) == (0, 100)
    assert found.stderr.decode("utf-8") == "已答 50 题\n已答 100 题\n"


def test_a_reader_that_leaves_early_is_no_error_message(process, real_settings, root):
    rows = b"".join(json.dumps({"id": str(n), "question": QUESTION}).encode() + b"\n" for n in range(200))
    with subprocess.Popen(
        [sys.executable, "-m", "assistant", "ask", "--batch", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "POLICY_INDEX": str(real_settings.index_dir), "PYTHONPATH": str(root)},
    ) as child:
        child.stdin.write(rows)
        child.stdin.close()
        child.stdout.read(10)
        child.stdout.close()
        err = child.stderr.read().decode("utf-8")
        assert child.wait(timeout=60) == 1
    assert "Traceback" not in err
    assert "BrokenPipe" not in err


# --- as a process ---------------------------------------------------------------------------------


def test_ask_as_a_process_prints_utf_8_whatever_the_locale(process):
    found = process("ask", QUESTION, "--json", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (found.returncode, found.stderr) == (0, b"")
    assert json.loads(found.stdout.decode("utf-8"))["status"] == "answered"


def test_a_question_of_control_characters_as_a_process(process):
    found = process("ask", "\x01\x1b[31m\x7f")
    assert found.returncode == 0  # 「[31m」 is left, which names no matter
    found = process("ask", "\x01\x02")
    assert (found.returncode, found.stdout) == (1, b"")


def test_ask_loads_no_heavy_library(process):
    program = (
        "import sys\n"
        "from assistant.interfaces.cli import main\n"
        f"code = main(['ask', {QUESTION!r}, '--json'])\n"
        "heavy = 'torch gradio langchain langchain_core sentence_transformers fastapi transformers openpyxl'.split()\n"
        "heavy += 'numpy.ma assistant.evaluation.command assistant.ingesting.ingest'.split()\n"
        "sys.stderr.write(' '.join(name for name in heavy if name in sys.modules))\n"
        "sys.exit(code)\n"
    )
    found = process(program=("-c", program))
    assert (found.returncode, found.stderr) == (0, b"")


def test_show_search_and_verify(run, real_policies):
    code, out, _ = run("show", "guangzhou-2025-skilled-talent", "三、（六）")
    assert (code, out.splitlines()[0]) == (0, "三、（六）")
    code, out, _ = run("show", "guangzhou-2025-skilled-talent")
    assert code == 0
    assert "文号：穗府办〔2025〕7号" in out
    code, out, _ = run("search", "首席技师", "--region", "广州", "-k", "3", "--json")
    assert (code, len(out.splitlines())) == (0, 3)
    assert json.loads(out.splitlines()[0])["policy_id"] == "guangzhou-2025-skilled-talent"
    code, out, err = run("verify")
    assert (code, err) == (0, "")
    assert all(policy.policy_id in out for policy in real_policies.values())


# --- broken files ---------------------------------------------------------------------------------


@pytest.fixture
def corpus(root, tmp_path, monkeypatch) -> Path:
    """A corpus of one's own to break."""
    folder = tmp_path / "corpus"
    shutil.copytree(root / "corpus", folder, ignore=shutil.ignore_patterns("lexicon"))
    monkeypatch.setenv("POLICY_CORPUS", str(folder))
    return folder


@pytest.fixture
def own_index(tmp_path, monkeypatch, run) -> Path:
    """After `run`, so that its index is not used."""
    monkeypatch.setenv("POLICY_INDEX", str(tmp_path / "index"))
    return tmp_path / "index"


def overwrite(path: Path, content: bytes) -> None:
    path.write_bytes(content)


HAIZHU = "haizhu/haizhu-2020-skill-upgrading.txt"
BROKEN = [
    # what is done to the corpus, what is said
    (lambda c: overwrite(c / HAIZHU, bytes(range(256)) * 8), "haizhu-2020-skill-upgrading.txt 不是可读的文本"),
    (lambda c: ((c / HAIZHU).unlink(), (c / HAIZHU).mkdir()), "haizhu-2020-skill-upgrading.txt 读不出来"),
    (lambda c: ((c / HAIZHU).unlink(), (c / HAIZHU).symlink_to("nowhere")), "haizhu-2020-skill-upgrading.txt 读不出来"),
    (lambda c: overwrite(c / "metadata.jsonl", b'{"policy_id": \n'), "metadata.jsonl 第 1 行不是有效的 JSON"),
    (lambda c: overwrite(c / "metadata.jsonl", b"\n[1]\n"), "metadata.jsonl 第 2 行"),
    (lambda c: overwrite(c / "questions/guangzhou-2025-skilled-talent.jsonl", b"{\n"), "第 1 行不是"),
    (lambda c: overwrite(c / "questions/guangzhou-2025-skilled-talent.jsonl", b"\xff\xfe\xfa"), "不是 UTF-8 文本"),
    (
        lambda c: overwrite(
            c / "questions/guangzhou-2025-skilled-talent.jsonl",
            '{"sentence": "原文没有这一句", "questions": []}'.encode(),
        ),
        "在政策原文里找不到",
    ),
    (lambda c: [shutil.rmtree(path) for path in c.iterdir() if path.is_dir()], "没有政策文本"),
]


@pytest.mark.parametrize(("breaking", "said"), BROKEN)
def test_a_broken_corpus_file_is_named(run, corpus, own_index, breaking, said):
    breaking(corpus)
    code, out, err = run("ask", QUESTION)
    assert (code, out) == (1, "")
    one_sentence(err)
    assert said in err


def test_a_corpus_folder_that_is_not_there(run, monkeypatch, tmp_path):
    monkeypatch.setenv("POLICY_CORPUS", str(tmp_path / "nowhere"))
    code, _, err = run("ask", QUESTION)
    assert (code, err) == (1, "POLICY_CORPUS 指的目录「nowhere」不存在，没有可读的内容。请改成已有的目录。\n")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("divisions.tsv", None),
        ("divisions.tsv", b"code\nabc\n"),
        ("divisions.tsv", b"\xff\xfe\xfa"),
        ("stopwords.txt", None),
        ("user_dictionary.txt", None),
        ("demands.tsv", b"name\tquestion\tevidence\treason\na\t(\tb\tnot_stated\n"),
    ],
)
def test_a_broken_lexicon_file_is_named(run, root, own_index, tmp_path, monkeypatch, name, content):
    lexicon = tmp_path / "lexicon"
    shutil.copytree(root / "corpus" / "lexicon", lexicon)
    if content is None:
        (lexicon / name).unlink()
    else:
        (lexicon / name).write_bytes(content)
    monkeypatch.setenv("POLICY_LEXICON", str(lexicon))
    code, out, err = run("ask", QUESTION)
    assert (code, out) == (1, "")
    one_sentence(err)
    assert name in err


def test_a_damaged_index_file_is_named_and_the_build_repairs_it(run, own_index):
    code, out, err = run("build")
    assert code == 0
    assert out.startswith("gen-")
    assert err  # progress
    (manifest,) = own_index.glob("gen-*/manifest.json")
    for path in (manifest.with_name("documents.jsonl"), manifest, own_index / "CURRENT"):
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + b"x")
        code, out, err = run("ask", QUESTION)
        assert (code, out) == (1, "")
        one_sentence(err)
        assert path.name in err
        assert "python -m assistant build" in err
        path.write_bytes(whole)
    (own_index / "CURRENT").write_bytes(b"x")
    assert run("build")[0] == 0
    assert run("ask", QUESTION)[0] == 0


def test_a_changed_text_is_read_anew(run, corpus, own_index):
    assert "60%以上" in run("ask", "职工教育经费多少用于一线", "--region", "广州")[1]
    path = corpus / "guangzhou" / "guangzhou-2025-skilled-talent.txt"
    path.write_bytes(path.read_bytes().replace("60%以上".encode(), "70%以上".encode()))
    shutil.rmtree(corpus / "questions")  # its sentences are no longer the text's
    code, out, _ = run("ask", "职工教育经费多少用于一线", "--region", "广州")
    assert code == 0
    assert "70%以上" in out


@pytest.mark.parametrize("content", [b"{}\n", b""])
def test_an_index_folder_that_is_a_file(run, monkeypatch, tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    monkeypatch.setenv("POLICY_INDEX", str(tmp_path / "file"))
    code, _, err = run("ask", QUESTION)
    assert code == 1
    one_sentence(err)
