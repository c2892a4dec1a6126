"""The command line: parse, call, print. Data goes to stdout, everything else to stderr.

Exit codes: 0 done, 1 a stated failure, 2 bad usage.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NoReturn, TextIO

from assistant.errors import AssistantError, BatchError
from assistant.indexing.pipeline import open_gazetteer
from assistant.interfaces import asking
from assistant.interfaces.opening import open_live, patient
from assistant.settings import Settings, read_serving_settings, read_settings

PROGRAM = "python -m assistant"
_LLM_HELP = "用语言模型改写要点，如 ollama:qwen3 或 模型名@http://127.0.0.1:8080/v1；默认不用"
_STORE_HELP = "共用的索引，如 postgresql://用户@主机/库名；默认用本机 index/"


class _Parser(argparse.ArgumentParser):
    """Usage errors in Chinese, one line, exit code 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"用法不对：{_in_chinese(message)}。{self.prog} --help 可看用法。\n")


def _in_chinese(message: str) -> str:
    for english, chinese in (
        ("the following arguments are required:", "缺少参数"),
        ("unrecognized arguments:", "不认识的参数"),
        ("invalid choice:", "没有这个选项："),
        ("expected one argument", "后面要跟一个值"),
        ("choose from", "可选"),
        ("ambiguous option:", "选项不明确："),
        ("could match", "可能是"),
        ("ignored explicit argument", "后面不跟值："),
        ("argument", "参数"),
        ("invalid", "不合格式的"),
        ("value:", "值："),
    ):
        message = message.replace(english, chinese)
    return message


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"日期“{text[:20]}”应写成 2026-11-20 这样") from error


def _parser(verb: str = "") -> argparse.ArgumentParser:
    """The parser; of `ask` alone where that is the command: what the others import takes as long as an answer."""
    parser = _Parser(prog=PROGRAM, description="政策问答助手：每句话都有原文、条款和出处。")
    verbs_ = parser.add_subparsers(dest="verb", required=True, metavar="命令", parser_class=_Parser)
    ask = verbs_.add_parser("ask", help="问一个问题，或批量作答")
    ask.add_argument("question", nargs="?", help="问题")
    ask.add_argument("--region", help="地区，如 广州、海珠区")
    ask.add_argument("--role", choices=("worker", "hr", "other"), default="other", help="身份")
    ask.add_argument("--as-of", type=_day, help="按哪一天判断时效，默认今天")
    ask.add_argument("--json", action="store_true", help="输出 JSON")
    ask.add_argument("--batch", metavar="IN.jsonl", help="批量输入，- 为标准输入")
    ask.add_argument("--out", metavar="OUT.jsonl", help="批量输出，- 为标准输出", default="-")
    ask.add_argument("--llm", help=_LLM_HELP)
    ask.add_argument("--encoder", help="sentence-transformers 模型的路径或名称")
    ask.add_argument("--store", help=_STORE_HELP)
    if verb == "ask":
        return parser
    from assistant.interfaces import ingest_verbs, question_verbs, register_verbs, spreading_verbs, version_verbs

    build = verbs_.add_parser("build", help="读语料，建索引")
    build.add_argument("--encoder", help="sentence-transformers 模型的路径或名称")
    spreading_verbs.add_option(build)
    show = verbs_.add_parser("show", help="看一份文件的条款树，或一条的全文")
    show.add_argument("policy", help="文件编号（文件名）")
    show.add_argument("clause", nargs="?", help="条款路径，如 三、（六）")
    search = verbs_.add_parser("search", help="只检索，不作答")
    search.add_argument("query")
    search.add_argument("--region")
    search.add_argument("-k", type=int, default=10)
    search.add_argument("--json", action="store_true")
    register_verbs.add_parsers(verbs_.add_parser, _day)
    ingest = ingest_verbs.add_parsers(verbs_.add_parser)
    question_verbs.add_parsers(verbs_.add_parser)
    version_verbs.add_parsers(verbs_.add_parser)
    verify = verbs_.add_parser("verify", help="核对语料与索引")
    verify.add_argument("--deep", action="store_true", help="从原件重新抽取、重新解析、重新计算向量，逐项比较")
    evaluate = verbs_.add_parser("eval", help="评测")
    evaluate.add_argument("files", nargs="*", type=Path, help="问题文件，默认 eval/questions/*.jsonl")
    evaluate.add_argument("--outside", type=Path, help="另一个问题文件夹")
    evaluate.add_argument("--out", type=Path, default=Path("out/eval"), help="报告放哪里")
    evaluate.add_argument("--as-of", type=_day)
    serve = verbs_.add_parser("serve", help="打开网页和接口")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=7860)
    serve.add_argument("--no-page", action="store_true", help="不开网页")
    serve.add_argument("--no-api", action="store_true", help="不开接口")
    serve.add_argument("--llm", help=_LLM_HELP)
    serve.add_argument("--encoder")
    mcp = verbs_.add_parser("mcp", help="给智能体用的 MCP 服务，默认走标准输入输出")
    mcp.add_argument("--http", action="store_true", help="改走 HTTP，地址是 /mcp")
    mcp.add_argument("--host", default="127.0.0.1")
    mcp.add_argument("--port", type=int, default=7861)
    mcp.add_argument("--llm", help=_LLM_HELP)
    mcp.add_argument("--encoder")
    for one in (build, ingest, show, search, verify, serve, mcp):
        one.add_argument("--store", help=_STORE_HELP)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    for stream, errors in (
        (sys.stdin, "surrogateescape"),
        (sys.stdout, "replace"),
        (sys.stderr, "backslashreplace"),
    ):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors=errors)
    try:
        given = sys.argv[1:] if argv is None else argv
        args = _parser(given[0] if given else "").parse_args(given)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        encoder, llm, store = (getattr(args, name, None) for name in ("encoder", "llm", "store"))
        chosen = read_settings(encoder=encoder, llm=llm, store=store)
        return _run(args, chosen)
    except AssistantError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("已停止。\n")
        return 1


def _run(args: argparse.Namespace, settings: Settings) -> int:
    if args.verb == "ask":
        return _ask(args, settings)
    from assistant.interfaces import ingest_verbs, question_verbs, register_verbs, spreading_verbs, verbs, version_verbs
    from assistant.interfaces.verifying import verify_deeply

    match args.verb:
        case "build" if args.workers:
            return spreading_verbs.build(args, settings, sys.stdout.write, sys.stderr.write)
        case "build":
            return verbs.build(settings, sys.stdout.write, sys.stderr.write)
        case "show":
            return verbs.show(settings, args.policy, args.clause, sys.stdout.write)
        case "search":
            return verbs.search(settings, args.query, args.region, args.k, args.json, sys.stdout.write)
        case "verify":
            return verify_deeply(settings, sys.stdout.write) if args.deep else verbs.verify(settings, sys.stdout.write)
        case verb if verb in register_verbs.VERBS:
            return register_verbs.run(args, settings, args.as_of or _today(), sys.stdout.write)
        case verb if verb in question_verbs.VERBS:
            return question_verbs.run(args, settings, sys.stdout.write, sys.stderr.write)
        case verb if verb in ingest_verbs.VERBS:
            return ingest_verbs.run(args, settings, _today(), sys.stdout.write, sys.stderr.write)
        case verb if verb in version_verbs.VERBS:
            return version_verbs.run(args, settings, open_gazetteer(settings), _today(), sys.stdout.write)
        case "eval":
            return verbs.evaluate(
                settings, args.files, args.outside, args.out, args.as_of or _today(), sys.stdout.write
            )
        case "mcp":
            from assistant.interfaces import mcp  # the web libraries take half a second to import

            serving = patient(read_serving_settings(), settings)
            if args.http:
                mcp.serve_http(open_live(settings), args.host, args.port, serving)
            else:
                mcp.serve_stdio(open_live(settings), serving)
            return 0
        case _:
            from assistant.interfaces.web.serving import serve  # gradio takes seconds to import

            serving = patient(read_serving_settings(), settings)
            switched = replace(serving, page=serving.page and not args.no_page, api=serving.api and not args.no_api)
            serve(open_live(settings), args.host, args.port, switched)
            return 0


def _ask(args: argparse.Namespace, settings: Settings) -> int:
    as_of = args.as_of or _today()
    if args.batch is None:
        if args.question is None:
            sys.stderr.write('用法不对：没有写问题。例如：python -m assistant ask "广州首席技师有什么待遇"\n')
            return 2
        return asking.ask(settings, args.question, args.region, args.role, as_of, args.json, sys.stdout.write)
    with ExitStack() as stack:
        lines = sys.stdin if args.batch == "-" else stack.enter_context(_open(Path(args.batch), "r"))
        if args.out != "-" and args.batch != "-" and _same_file(Path(args.out), Path(args.batch)):
            raise BatchError("输入和输出是同一个文件，会把问题覆盖掉。请换一个 --out。")
        opened = asking.answerer(settings)  # before the output is opened, which empties it
        out = sys.stdout if args.out == "-" else stack.enter_context(_open(Path(args.out), "w"))
        return asking.ask_batch(opened, lines, out, as_of, sys.stderr.write)


def _same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, by links too."""
    return one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other))


def _open(path: Path, mode: str) -> TextIO:
    """Open for reading (bytes that are not UTF-8 are reported with their line) or for writing."""
    try:
        return path.open(mode, encoding="utf-8", errors="surrogateescape" if mode == "r" else "strict")  # type: ignore[return-value]
    except OSError as error:
        what = "读不了" if mode == "r" else "写不了"
        why = {errno.ENOENT: "没有这个文件或目录", errno.EISDIR: "它是一个目录", errno.EACCES: "没有权限"}
        reason = why.get(error.errno or 0, error.strerror)
        raise BatchError(f"文件 {path.name or path} {what}（{reason}）。请检查路径和权限。") from error


def _today() -> date:
    """The clock is read here, at the edge, and passed on as an argument."""
    return date.today()
