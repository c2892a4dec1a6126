"""Whose site a page comes from, as its title, its metadata or its foot say."""

from __future__ import annotations

import re

from lxml import etree

_OFFICE = re.compile(
    r"[\u4e00-\u9fff]{2,20}?(?:人民政府|政府|委员会|管委会|办公厅|办公室|厅|局|部|院|署|总工会|中心)(?=$|门户网站|政府网站|网站|官网|网|\s)"
)
_HOST = re.compile(r"(?:主办单位|主办|版权所有)\s*[：:]\s*([\u4e00-\u9fff]{4,24})")


def site_of(root: etree._Element) -> str:
    """The office, "" where the page names none.

    The tail of the page's title goes first (「…_甲市人民政府」), then its metadata, then the foot.
    """
    for meta in root.iter("meta"):
        if (meta.get("name") or "").lower() == "sitename" and (found := _office(meta.get("content") or "")):
            return found
    title = root.find(".//title")
    words = "".join(title.itertext()) if title is not None else ""
    for tail in reversed(re.split(r"[_|｜]|\s*[-–—]+\s*", words)[1:]):
        if found := _office(tail.strip()):
            return found
    foot = _HOST.search("".join(root.itertext())[-3000:])
    return (_office(foot.group(1)) or "") if foot else ""


def _office(words: str) -> str:
    found = _OFFICE.match(words.strip())
    return found.group() if found else ""
