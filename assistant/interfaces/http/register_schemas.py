"""The shapes of the four look-ups: profiles and places in, rows of quoted sentences out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.interfaces.http.schemas import Force, PolicyStatus, Strict

Place = Annotated[str, Field(min_length=1, max_length=60, description="地区名或行政区划代码，如 广州、海珠区")]
Word = Annotated[str, Field(min_length=1, max_length=40)]


class Profile(Strict):
    """A person; what is left out is asked for, what is given is taken as complete."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"region": "海珠", "level": "技师", "employer": "国有企业", "situation": ["有子女"]}]
        }
    )
    region: Place
    level: Annotated[str, Field(max_length=20)] | None = Field(None, description="技能等级，如 技师、二级；没有就写 无")
    honours: list[Word] = Field([], max_length=20, description="荣誉、称号、职称")
    employer: Annotated[str, Field(max_length=20)] | None = Field(None, description="单位的种类，如 国有企业、院校")
    situation: list[Word] | None = Field(None, max_length=20, description="如 外地户籍、有子女；留空是没有说")
    excluded: bool = Field(False, description="不适用的也列出，附理由")


class Firm(Strict):
    """A kind of employer in a place."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"region": "广州", "employer": "国有企业"}]})
    region: Place
    employer: Annotated[str, Field(min_length=1, max_length=20, description="单位的种类；写 政府部门 看政府自己的")]


class Comparing(Strict):
    """Which topics and places to set side by side."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"topics": ["职工教育经费"], "regions": ["广州", "湛江"]}]}
    )
    topics: list[Word] = Field([], max_length=10, description="事项或自由的话；留空是全部事项")
    regions: list[Place] = Field([], max_length=10, description="留空是全部有文件的地区")


class Amount(BaseModel):
    """A number as printed."""

    kind: str
    text: str


class Due(BaseModel):
    """A time as printed, its last day where that can be told, and whether it is over."""

    text: str
    on: str | None
    over: bool


class SentenceRow(BaseModel):
    """One sentence and what was read from it; `quote` is `text[start:end]` of the policy with line breaks joined."""

    id: str
    policy_id: str
    title: str
    document_number: str | None
    jurisdiction: str | None
    policy_status: PolicyStatus
    clause: str
    heading: str
    quote: str
    start: int
    end: int
    source: str
    sha256: str
    force: Force
    duty_bearer: str
    duty_bearer_kind: str
    topics: list[str]
    levels: list[int] | None
    groups: list[str]
    conditions: list[str]
    quantities: list[Amount]
    deadlines: list[Due]
    consequences: list[Amount]
    lead_units: list[str]
    cooperating_units: list[str]
    corrections: list[str]


class EntitlementRow(SentenceRow):
    """A sentence for this person: whether it applies, and why or what is missing."""

    applies: Literal["direct", "needs_condition", "employer_decides", "not_in_force", "period_over", "not_applicable"]
    reason: str
    tier: int = Field(description="0 是本地的文件，1 是上一级的，依此类推")


class ObligationRow(SentenceRow):
    """A sentence for this kind of employer."""

    duty: Literal["must", "must_not", "lever", "encouraged", "may"]
    part: str
    over: bool
    tier: int


class ComparedQuote(SentenceRow):
    """A sentence in a cell, and the part of it that the topic stands in."""

    badge: str
    part: str
    part_force: Force


class ComparisonCell(BaseModel):
    """What one place says on one topic."""

    place: str
    speaks: str | None = Field(description="说话的是哪里的文件；本地没有就是上级的")
    note: str = Field(description="未提及、没有对企业提要求，或空")
    more: int
    quotes: list[ComparedQuote]


class ComparisonRow(BaseModel):
    """One topic across places."""

    topic: str
    difference: int
    cells: list[ComparisonCell]


class CalendarRow(SentenceRow):
    """A sentence that sets a time or a number."""

    on: str | None
    passed: Literal["over", "ahead", "undated"]
    kind: Literal["target", "deadline", "quota"]
    due: str | None


class Entitlements(BaseModel):
    """What applies, the own place's first."""

    rows: list[EntitlementRow]
    notices: list[str]


class Obligations(BaseModel):
    """What must, must not, should and may be done."""

    rows: list[ObligationRow]
    notices: list[str]


class Comparison(BaseModel):
    """Rows by difference, greatest first."""

    rows: list[ComparisonRow]


class Calendar(BaseModel):
    """Dated rows first, by date."""

    rows: list[CalendarRow]
