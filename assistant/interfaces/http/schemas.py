"""The shapes of the API's requests and answers. Pydantic lives here, at the edge, and goes no further in."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from assistant.settings import MAX_QUESTION

Region = Annotated[
    str | None, Field(max_length=60, description="地区名或行政区划代码，如 广州、海珠区；留空由问题决定")
]
Text = Annotated[str, Field(min_length=1, max_length=MAX_QUESTION)]
Force = Literal["must", "encouraged", "may", "goal", "none"]
PolicyStatus = Literal["draft", "in_force", "target_period_over", "expired", "repealed", "unknown"]
Outcome = Literal["answered", "refused", "clarify"]


_EXAMPLE: JsonDict = {"id": "1", "question": "广州首席技师有什么待遇", "region": "广州", "role": "worker"}


class Strict(BaseModel):
    """What comes in is taken as it is: "1" is no number."""

    model_config = ConfigDict(strict=True)


class Ask(Strict):
    """One question; the same keys as a line of batch input, and unknown ones are passed over."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})
    question: Text = Field(description=f"问题，最多 {MAX_QUESTION} 个字")
    id: Annotated[str, Field(max_length=100)] | int | None = Field(None, description="原样带回")
    region: Region = None
    role: Literal["worker", "hr", "other"] | None = Field(None, description="worker 职工，hr 企业人事，other 其他")
    history: list[Annotated[str, Field(max_length=1000)]] | None = Field(
        None, max_length=50, description="此前的问题，旧的在前"
    )


class Search(Strict):
    """Words to look for."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"query": "技能津贴", "region": "广州", "limit": 5}]})
    query: Text = Field(description="要查的词句")
    region: Region = None
    limit: int = Field(10, ge=1, le=50, description="最多几条")


class Statement(BaseModel):
    """One sentence of an answer with the numbers of its citations."""

    text: str
    force: Force
    citations: list[int]


class Citation(BaseModel):
    """A quotation: `text[start:end]` of the policy, in code points, with line and page breaks joined."""

    n: int
    policy_id: str
    title: str
    document_number: str | None
    issuers: list[str]
    jurisdiction: str | None
    policy_status: PolicyStatus
    issued_on: str | None
    clause: str
    heading: str
    quote: str
    start: int
    end: int
    page: int | None = Field(None, description="PDF 的第几页，从 1 数起；没有页的为 null")
    source: str
    sha256: str
    force: Force
    duty_bearer: str


class ScopeRead(BaseModel):
    """Which places' texts were searched, nearest first, and the policy words added to the question's own."""

    jurisdictions: list[str]
    expanded_terms: list[str]


class Reply(BaseModel):
    """An answer, a refusal or a question back; the same keys as a line of batch output."""

    id: str
    status: Outcome
    reason: Literal["not_in_corpus", "not_stated", "out_of_scope", "unclear", "personal_data"] | None
    answer: str
    statements: list[Statement]
    citations: list[Citation]
    notices: list[str]
    scope: ScopeRead
    timing_ms: dict[str, float]
    choices: list[str] | None = Field(None, description="反问时可以改问的句子")


class FoundClause(BaseModel):
    """A sentence found."""

    score: float = Field(description="只在这一次检索内可比")
    policy_id: str
    title: str
    clause_id: str
    clause: str
    heading: str
    text: str
    start: int
    end: int


class Findings(BaseModel):
    """What a search found, best first."""

    results: list[FoundClause]


class PolicySummary(BaseModel):
    """What a policy's own header says of it."""

    policy_id: str
    title: str
    document_number: str | None
    issuers: list[str]
    jurisdiction: str | None
    policy_status: PolicyStatus
    status_basis: str = Field(description="判断时效的依据")
    issued_on: str | None
    signed_on: str | None
    printed_on: str | None
    published_on: str | None
    effective_from: str | None
    source: str
    sha256: str
    characters: int


class Policies(BaseModel):
    """Every policy held."""

    policies: list[PolicySummary]


class Remark(BaseModel):
    """One thing the parser noticed or set aside; the text itself is never changed."""

    kind: str
    note: str
    start: int
    end: int


class PolicyDetail(PolicySummary):
    """A policy with its ledger and its whole text, as received."""

    ledger: list[Remark]
    text: str


class ClauseNode(BaseModel):
    """A node of the clause tree."""

    clause_id: str
    level: str
    label: str
    path: str
    heading: str
    start: int
    end: int
    lead_units: list[str]
    cooperating_units: list[str]
    children: list[ClauseNode]


class ClauseDetail(ClauseNode):
    """One clause in full, as read."""

    policy_id: str
    title: str
    policy_status: PolicyStatus
    text: str


class CitedPlace(Strict):
    """A citation by its place."""

    policy_id: Annotated[str, Field(max_length=100)]
    start: int = Field(ge=0, le=100_000_000)
    end: int = Field(ge=0, le=100_000_000)


class Feedback(Strict):
    """Whether an answer helped. The question is kept only with `keep_question`, and then with personal data masked."""

    useful: bool
    reason: Literal["wrong", "incomplete", "outdated", "wrong_place", "hard_to_read", "other"] | None = None
    status: Outcome | None = None
    citations: list[CitedPlace] = Field([], max_length=20)
    question: Annotated[str, Field(max_length=MAX_QUESTION)] | None = Field(None, description="不同意保存时只记散列值")
    keep_question: bool = Field(False, description="是否同意保存问题原文")


class Received(BaseModel):
    """Feedback was stored."""

    stored: Literal[True]
    question_kept: bool


class Health(BaseModel):
    """How the server is."""

    status: Literal["ok", "ready", "stopping"]


ClauseNode.model_rebuild()
ClauseDetail.model_rebuild()
