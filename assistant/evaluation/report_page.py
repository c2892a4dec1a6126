"""The report as one HTML page: figures, then every case, worst first. No script, no outside file, all text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from assistant.evaluation.outcomes import Fault, Outcome
from assistant.evaluation.report import (
    KIND_MEASURES,
    MEASURES,
    Report,
    confusion_header,
    confusion_rows,
    kind_label,
    short,
    shown,
)
from assistant.model import FORCE_LABELS, STATUS_LABELS

_STATUS = {"answered": "已作答", "refused": "拒答", "clarify": "反问"}

_STYLE = """
:root { color-scheme: light dark; --paper: #fdfdfb; --ink: #1d1f21; --soft: #5c6166; --line: #d9dad6; --card: #ffffff;
  --bad: #a3262a; --good: #22663b; --mark: #fff1c2; }
@media (prefers-color-scheme: dark) { :root { --paper: #16181a; --ink: #e6e6e3; --soft: #a2a7ab; --line: #373b3f;
  --card: #1e2123; --bad: #ff9a94; --good: #8fd6a6; --mark: #4b3f16; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.7 "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; } h3 { font-size: 1.05rem; margin: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .8rem .25rem 0; text-align: left; white-space: nowrap; }
article { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .9rem 1.1rem;
  margin: 1rem 0; }
.about, .where { color: var(--soft); font-size: .9rem; }
.bad { color: var(--bad); } .good { color: var(--good); }
dt { font-weight: 600; margin-top: .6rem; } dd { margin: 0 0 0 1rem; }
pre { white-space: pre-wrap; font: inherit; margin: 0; } ol, ul { margin: .2rem 0; padding-left: 1.6rem; }
mark { background: var(--mark); color: inherit; }
summary { cursor: pointer; }
"""


def html_page(report: Report) -> str:
    """The whole report as a self-contained page."""
    faulty = sorted((case for case in report.outcomes if case.faults), key=_badness)
    clean = [case for case in report.outcomes if not case.faults]
    title = f"评测报告：{report.set_name}"
    return "\n".join(
        (
            '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
            f"<h1>{escape(title)}</h1>\n<p>共 {report.figures.questions} 题，有问题的 {len(faulty)} 题。</p>",
            _drops(report),
            "<h2>总表</h2>",
            _table(None, [(each.label, shown(each.read(report.figures), each.unit)) for each in MEASURES]),
            "<h2>按题型（%）</h2>",
            _kinds(report),
            _confusion(report),
            f"<h2>有问题的题（{len(faulty)}），最严重的在前</h2>",
            *(_case(case) for case in faulty),
            f"<h2>没有问题的题（{len(clean)}）</h2>\n<details><summary>展开</summary>",
            *(_case(case) for case in clean),
            "</details>\n</body>\n</html>\n",
        )
    )


def _badness(case: Outcome) -> tuple[int, int]:
    """Worst fault first, then the most faults; cases alike keep the order of the questions."""
    return (min(fault.severity for fault in case.faults), -len(case.faults))


def _drops(report: Report) -> str:
    if not report.drops:
        return ""
    return f'<h2 class="bad">未达到的条件</h2>\n{_items("ul", (escape(str(drop)) for drop in report.drops))}'


def _kinds(report: Report) -> str:
    rows = [(kind_label(kind.kind), kind.figures) for kind in report.kinds]
    return _table(
        ("题型", "题数", *(each.label for each in KIND_MEASURES)),
        [
            (name, str(figures.questions), *(short(each.read(figures)) for each in KIND_MEASURES))
            for name, figures in (*rows, ("全部", report.figures))
        ],
    )


def _confusion(report: Report) -> str:
    return "<h2>题型与答复（题数）</h2>\n" + _table(confusion_header(), confusion_rows(report))


def _table(header: Sequence[str] | None, rows: Iterable[Sequence[str]]) -> str:
    head = f"<thead>{_cells('th', header)}</thead>" if header else ""
    return f'<div class="scroll"><table>{head}<tbody>{"".join(_cells("td", row) for row in rows)}</tbody></table></div>'


def _cells(tag: str, cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def _case(case: Outcome) -> str:
    topic = case.topic
    verdict = '<span class="good">答对</span>' if case.right else '<span class="bad">答错</span>'
    about = " · ".join((topic.topic_id, kind_label(topic.kind), topic.role, f"所选地区：{topic.region or '未选'}"))
    history = _items("ol", (escape(earlier) for earlier in topic.history))
    return "\n".join(
        (
            f"<article>\n<h3>{escape(topic.question)}</h3>",
            f'<p class="about">{escape(about)} · {verdict}</p>',
            "<dl>",
            _entry("此前的提问", history) if topic.history else "",
            _entry("问题所在", _items("ul", _reasons(case))) if case.faults else "",
            _entry("应有", _expected(case)),
            _entry(f"实得：{_STATUS[case.reply.status]}", _got(case)),
            "</dl>\n</article>",
        )
    )


def _entry(term: str, body: str) -> str:
    return f"<dt>{escape(term)}</dt><dd>{body}</dd>"


def _items(tag: str, items: Iterable[str]) -> str:
    return f"<{tag}>" + "".join(f"<li>{item}</li>" for item in items) + f"</{tag}>"


def _reasons(case: Outcome) -> Iterable[str]:
    details = {
        Fault.FALSE_QUOTE: "、".join(
            f"[{cited.n}]" for cited, fine in zip(case.reply.citations, case.verbatim, strict=True) if not fine
        ),
        Fault.WRONG_PLACE: "、".join(f"[{cited.n}] {cited.title}" for cited in case.wrong_place),
        Fault.FACT_MISSING: "、".join(case.missing),
        Fault.DOUBTFUL_WORDING: "、".join(case.doubtful),
    }
    for fault in case.faults:
        detail = details.get(fault, "")
        yield f'<span class="bad">{escape(fault)}</span>' + (f"：{escape(detail)}" if detail else "")


def _expected(case: Outcome) -> str:
    topic = case.topic
    if not topic.answerable:
        return "<p>拒答或反问</p>"
    golds = []
    for index, (gold, rank, strict) in enumerate(zip(topic.golds, case.ranks, case.strict_ranks, strict=True)):
        force = gold.force or (topic.force if index == 0 else None)
        notes = (
            f"{gold.doc} {gold.clause}",
            "亦可" if gold.alt else "应有",
            FORCE_LABELS[force] if force else "",
            f"见第 {rank} 条依据" if rank else "未见",
            "严格匹配未见" if rank and not strict else "",
        )
        golds.append(f'「{escape(gold.quote)}」 <span class="where">{escape(" · ".join(filter(None, notes)))}</span>')
    must = f"<p>要点：{escape('；'.join(topic.must))}</p>" if topic.must else ""
    return _items("ul", golds) + must


def _got(case: Outcome) -> str:
    reply = case.reply
    matched = {rank for rank in case.ranks if rank}
    cited = []
    for citation in reply.citations:
        quote = f"<mark>{escape(citation.quote)}</mark>" if citation.n in matched else escape(citation.quote)
        where = " · ".join(
            (
                f"{citation.policy_id} {citation.clause}",
                FORCE_LABELS[citation.force],
                STATUS_LABELS[citation.policy_status],
            )
        )
        cited.append(f'「{quote}」 <span class="where">{escape(where)}</span>')
    reason = f'<p class="where">理由：{escape(reply.reason)}</p>' if reply.reason else ""
    return f"{reason}<pre>{escape(reply.answer)}</pre>" + (_items("ol", cited) if cited else "")
