"""PDF pages that a browser clipped on the right: refused, as the ends of lines are missing; a page that fits is not."""

from __future__ import annotations

import pytest
from made_files import RULES, Words, laid_out, make_pdf

from assistant.parsing.formats.extracting import extract_or_refuse

BODY = laid_out(RULES)  # 32 characters of 14 points from 70 on: full lines end at 518


@pytest.mark.parametrize(
    ("clip", "cut"),
    [
        ("q 20 0 490 842 re W* n", True),  # through the last character
        (".5 0 0 .5 0 0 cm q 40 0 471 842 re W n", True),  # the same on half the scale
        ("q 20 0 500 842 re W* n", False),  # beyond it
        ("q 20 0 498 842 re W n", False),  # along its edge
        (".24 0 0 -.24 0 842 cm q 0 0 2480 3508 re W* n", False),  # the whole page
        ("20 0 100 842 re f", False),  # a rectangle that is filled
        ("q 0 0 -5 842 re W n", False),  # no rectangle at all
    ],
)
def test_a_clip_that_runs_through_characters(clip, cut):
    found = extract_or_refuse(make_pdf(BODY, extra=clip), "a.pdf")
    assert (isinstance(found, str) and "行末缺字" in found) is cut, found


def test_a_page_narrower_than_its_lines():
    """Lines that run over the edge of the paper itself."""
    wide = [[Words(406, 100 + 30 * n, 14, "各有关单位应当按照规定及时办理") for n in range(5)]]
    assert "行末缺字" in str(extract_or_refuse(make_pdf(wide), "a.pdf"))


def test_a_single_title_over_the_edge_is_no_reason():
    pages = [[*BODY[0], Words(500, 60, 16, "关于印发管理办法的通知全文")], *BODY[1:]]
    assert not isinstance(extract_or_refuse(make_pdf(pages), "a.pdf"), str)
