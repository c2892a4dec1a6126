"""From a question that asks for the whole list to the tab that gives it, with what the question tells filled in."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from assistant.interfaces.web.asking import Trouble, Turn
from assistant.interfaces.web.escaping import escape
from assistant.interfaces.web.laying_out import COMPARISON, ENTITLEMENTS, OBLIGATIONS, Tab
from assistant.provisions.levels import LEVEL_LABELS, parse_level

_THINGS = "待遇|补贴|优惠|好处|福利"
# Which tab a question is better served by; the first that fits
_CUES: tuple[tuple[Tab, str, re.Pattern[str]], ...] = (
    (
        COMPARISON,
        "在“比地区”里逐项并排看",
        re.compile(r"各地|对比|比较|哪个(?:城市|地方|地区)|不同地区"),
    ),  # 「各地怎么规定」
    (
        OBLIGATIONS,
        "在“查义务”里列出单位要做的全部",
        re.compile(r"(?:企业|公司|单位|我们).{0,8}(?:义务|必须|应当|责任|要做|不得)"),
    ),  # 「公司有哪些义务」
    (
        ENTITLEMENTS,
        "填上情况，列出可能适用的全部待遇",
        re.compile(rf"(?:哪些|什么|哪几).{{0,6}}(?:{_THINGS})|(?:{_THINGS}).{{0,4}}(?:哪些|什么)|符合(?:哪些|什么)"),
    ),  # 「我符合哪些待遇」
)


def handover_html(turn: Turn) -> str:
    """A link to the tab, or "". Only the place and the level go along, never the question."""
    fitting = next(((tab, words) for tab, words, cue in _CUES if cue.search(turn.question)), None)
    if fitting is None or isinstance(turn.reply, Trouble):
        return ""
    tab, words = fitting
    level = parse_level(turn.question) if tab is ENTITLEMENTS else None
    told = {"place": turn.reply.scope.asked, "level": LEVEL_LABELS[level] if level else None}
    given = {name: value for name, value in told.items() if value and tab is not COMPARISON}
    query = f"?{urlencode(given)}" if given else ""
    return f'<p class="handover"><a href="../{tab.path}{escape(query)}">{words}</a></p>'
