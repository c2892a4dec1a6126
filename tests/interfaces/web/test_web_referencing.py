"""A citation written down: in a sentence, and after GB/T 7714."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from interfaces.web.scripted import ScriptedAnswerer

from assistant.interfaces.web.asking import Turn
from assistant.interfaces.web.escaping import escape
from assistant.interfaces.web.evidence import evidence_html
from assistant.interfaces.web.referencing import in_a_list, in_a_sentence
from assistant.model import Status, StatusReading

TITLE = "关于加强高技能人才队伍建设的实施意见"


@pytest.fixture
def cited():
    return ScriptedAnswerer().plain_answer().draft.citations[0]


@pytest.mark.parametrize(
    ("facts", "status", "entry"),
    [
        # everything known
        (
            {
                "issuers": ("甲市人民政府办公厅",),
                "document_number": "甲府办〔2025〕7号",
                "signed_on": date(2025, 4, 10),
            },
            Status.UNKNOWN,
            f"甲市人民政府办公厅. {TITLE}：甲府办〔2025〕7号[Z]. 2025-04-10：三、（六）.",
        ),
        # a date of another kind stands in for the day of signing
        (
            {"issuers": ("甲局",), "published_on": date(2024, 1, 2)},
            Status.IN_FORCE,
            f"甲局. {TITLE}[Z]. 2024-01-02：三、（六）.",
        ),
        # nothing known but the title: nothing is made up
        ({}, Status.UNKNOWN, f"{TITLE}[Z]. 三、（六）."),
        # a draft says so, in brackets where its title does not
        ({"issuers": ("甲局",)}, Status.DRAFT, f"甲局. {TITLE}[征求意见稿][Z]. 三、（六）."),
        ({"title": f"{TITLE}（征求意见稿）"}, Status.DRAFT, f"{TITLE}（征求意见稿）[Z]. 三、（六）."),
        # three issuers are named, of more the first three
        ({"issuers": ("甲局", "乙局", "丙局")}, Status.UNKNOWN, f"甲局，乙局，丙局. {TITLE}[Z]. 三、（六）."),
        (
            {"issuers": ("甲局", "乙局", "丙局", "丁局")},
            Status.UNKNOWN,
            f"甲局，乙局，丙局，等. {TITLE}[Z]. 三、（六）.",
        ),
    ],
)
def test_an_entry_of_a_reference_list(cited, facts, status, entry):
    bare = dict.fromkeys(("document_number", "signed_on", "printed_on", "published_on")) | {"issuers": ()}
    policy = replace(cited.policy, **{"title": TITLE, **bare, **facts})
    assert in_a_list(replace(cited, policy=policy, status=StatusReading(status, None, ""))) == entry


@pytest.mark.parametrize(
    ("place", "entry"),
    [
        (
            "广州",
            "广州市人民政府办公厅. 广州市人民政府办公厅关于加强新时代广州高技能人才队伍建设的实施意见"
            "：穗府办〔2025〕7号[Z]. 2025-04-10",
        ),
        ("湛江", "关于加强新时代湛江高技能人才队伍建设的实施意见（征求意见稿）[Z]"),
    ],
)
def test_real_policies(ask, place, entry):
    reply = ask(f"{place}高技能人才有什么待遇")
    own = [c for c in reply.draft.citations if place in c.policy.title]
    assert own
    for citation in own:
        assert in_a_list(citation).startswith(entry)
        assert in_a_list(citation).endswith(f"{citation.clause.path}.")


def test_in_a_sentence(cited):
    words = in_a_sentence(cited, "甲府办〔2025〕7号 · 甲局")
    assert words.startswith(f"“{cited.quote}”（《{cited.policy.title}》三、（六）")
    assert words.endswith("；甲府办〔2025〕7号 · 甲局；时效未标明：正文没有写有效期）")


def test_both_forms_stand_in_the_card(cited):
    answerer = ScriptedAnswerer()
    markup = evidence_html(answerer, (Turn(1, "问", answerer.plain_answer()),))
    assert escape(in_a_list(cited)) in markup
    assert markup.count('class="as-sentence"') == markup.count('class="card"') == 3
