"""Text to page, unchanged. Policy text and questions reach the browser only through `escape`."""

from __future__ import annotations

import re

# Everything that Markdown, HTML or the page's mathematics could read as a sign: all ASCII punctuation.
_SIGN = re.compile(r"[!-/:-@\[-`{-~]")
_LINE_END = re.compile(r"\r\n|\r|\n")


def escape(text: str) -> str:
    """Write every ASCII punctuation mark as a character reference and every line end as `<br>`.

    The result shows exactly the characters of `text`, inside Markdown as well as inside HTML and its attributes.

    Example:
        >>> escape("1. 补贴~5000~元")
        '1&#46; 补贴&#126;5000&#126;元'
    """
    return _LINE_END.sub("<br>", _SIGN.sub(lambda sign: f"&#{ord(sign[0])};", text))
