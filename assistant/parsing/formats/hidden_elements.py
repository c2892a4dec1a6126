"""Elements of a page that no reader sees."""

from __future__ import annotations

import re

from lxml import etree

_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:;|$|!)"
    r"|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$|!)|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{3,}px"
    r"|(?:^|;)\s*color\s*:\s*(?:white|#fff(?:fff)?|rgba?\(\s*255\s*,\s*255\s*,\s*255[^)]*\)|transparent)\b",
    re.IGNORECASE,
)
_FOLDED = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_BUTTON = re.compile(r"【\s*打印|扫一扫|分享到")
_BACKGROUND = re.compile(r"background", re.IGNORECASE)


def is_menu(element: etree._Element, words: str) -> bool:
    """Menus folded away are the page's own; a sentence that nobody sees is worth a look."""
    folded = _FOLDED.search(element.get("style", "")) is not None
    return folded and (_BUTTON.search(words) is not None or (len(words) < 40 and "。" not in words))


def is_hidden(element: etree._Element) -> bool:
    """Whether a browser shows nothing of it: not displayed, out of the window, without size, or white on white."""
    style = element.get("style", "")
    if element.get("hidden") is not None or element.get("type") == "hidden":
        return True
    if element.tag == "font" and element.get("color", "").lower() in ("white", "#ffffff", "#fff"):
        return not _on_colour(element)
    found = _HIDDEN_STYLE.search(style)
    if found is None:
        return False
    return not ("color" in found.group().lower() and _on_colour(element))


def words_in(element: etree._Element) -> str:
    """All words in an element but those of scripts."""
    scripts = {text for part in element.iter("script", "style") for text in part.itertext()}
    return " ".join("".join(text for text in element.itertext() if text not in scripts).split())


def _on_colour(element: etree._Element) -> bool:
    """White words on a coloured ground are seen."""
    around = [element, *element.iterancestors()]
    return any(e.get("bgcolor") or _BACKGROUND.search(e.get("style", "")) for e in around)
