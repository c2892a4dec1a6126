"""Facts about a document in words a person uses: its names, place, status, number and date."""

from __future__ import annotations

import re
from datetime import date

from assistant.jurisdictions import Gazetteer
from assistant.model import STATUS_LABELS, Citation, Policy, Status, StatusReading

DISCLAIMER = "摘自原文，非官方答复，以发文单位最新文件为准。"


def place_of(policy: Policy, gazetteer: Gazetteer) -> str:
    """The place a policy is for, short: 「广州」; 「地区未标明」 where none is known."""
    return gazetteer.place(policy.jurisdiction).short_name if policy.jurisdiction else "地区未标明"


def place_in_full(policy: Policy, gazetteer: Gazetteer) -> str:
    """「广东省广州市海珠区」."""
    return gazetteer.full_name(policy.jurisdiction) if policy.jurisdiction else "地区未标明"


def dated(policy: Policy) -> str:
    """The date to cite, saying which it is: 「2025-04-10 成文」."""
    for on, kind in ((policy.signed_on, "成文"), (policy.printed_on, "印发"), (policy.published_on, "发布")):
        if on:
            return f"{on.isoformat()} {kind}"
    return "日期未标明"


def chinese_date(on: date) -> str:
    """「2025年4月10日」."""
    return f"{on.year}年{on.month}月{on.day}日"


def policy_line(citation: Citation, gazetteer: Gazetteer) -> str:
    """A policy in the list of sources: title, number, issuers, date, place and status."""
    policy = citation.policy
    parts = [
        f"《{policy.title}》",
        policy.document_number or "文号未标明",
        "、".join(policy.issuers) or "发文机关未标明",
        dated(policy),
        place_in_full(policy, gazetteer),
        f"状态：{STATUS_LABELS[citation.status.status]}",
    ]
    return " · ".join(parts)


def status_notice(policy: Policy, reading: StatusReading, gazetteer: Gazetteer) -> str | None:
    """The sentence that must lead an answer resting on this policy; None where its status needs no warning."""
    place = place_of(policy, gazetteer)
    match reading.status:
        case Status.DRAFT:
            return f"注意：{place}的依据是征求意见稿，未见正式印发，还不能据此办理。"
        case Status.TARGET_PERIOD_OVER:
            basis = reading.basis.of(policy.text) if reading.basis else ""
            return f"注意：{place}这份文件的目标期（原文“{_flat(basis)}”）已经过了，之后是否继续执行，文件没有写。"
        case Status.EXPIRED:
            basis = reading.basis.of(policy.text) if reading.basis else ""
            return f"注意：{place}这份文件已过有效期（原文“{_flat(basis)}”）。"
        case Status.REPEALED:
            return f"注意：{place}这份文件已经废止。"
        case _:
            return None


def _flat(text: str) -> str:
    return re.sub(r"[\s“”]", "", text)
