"""The frame of every page of ours: head, the row of tabs, the body. The chat page gets the same row of tabs."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from starlette.responses import HTMLResponse, Response

TITLE = "政策问答助手"
HEAD_LINKS = (
    '<link rel="stylesheet" href="{root}static/page.css"><link rel="stylesheet" href="{root}static/tabs.css">'
    '<script src="{root}static/tabs.js"></script>'
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One entry of the row: its name, and its address below the site's root."""

    name: str
    path: str


CHAT = Tab("提问", "ui/")
ENTITLEMENTS = Tab("查待遇", "entitlements")
OBLIGATIONS = Tab("查义务", "obligations")
COMPARISON = Tab("比地区", "compare")
CALENDAR = Tab("时间与名额", "calendar")
LIBRARY = Tab("文件库", "policies")
ABOUT = Tab("关于", "about")
TABS = (CHAT, ENTITLEMENTS, OBLIGATIONS, COMPARISON, CALENDAR, LIBRARY, ABOUT)
_LOOKS = (
    '<div class="looks"><button type="button" id="size" aria-label="字号：标准，按一下换大一号">字号：标准</button>'
    '<button type="button" id="shade" aria-pressed="false">深色</button></div>'
)


def header_html(current: Tab, root: str) -> str:
    """The row of tabs.

    Args:
        current: the tab shown.
        root: the way from the page to the site's root, "" or "../": the site may stand behind a prefix.
    """
    items = "".join(
        f'<li><a href="{root}{tab.path}"{" aria-current=page" if tab is current else ""}>{tab.name}</a></li>'
        for tab in TABS
    )
    return (
        f'<header class="site"><a class="brand" href="{root}{CHAT.path}">{TITLE}</a>'
        f'<nav aria-label="栏目"><ul>{items}</ul></nav>{_LOOKS}</header>'
    )


def page_response(tab: Tab, body: str, *, root: str = "", title: str = "", status: int = 200) -> Response:
    """A whole page; `body` is markup in which everything from a text or a person is escaped already."""
    name = escape(title or tab.name)
    return HTMLResponse(
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{name} - {TITLE}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{HEAD_LINKS.format(root=root)}</head>'
        f'<body class="plain"><a class="skip" href="#main">跳到正文</a>{header_html(tab, root)}'
        f'<main id="main" class="tab" tabindex="-1">{body}</main></body></html>',
        status_code=status,
    )


def trouble_html(message: str) -> str:
    """One sentence about what went wrong."""
    return f'<p class="trouble" role="alert">{escape(message)}</p>'
