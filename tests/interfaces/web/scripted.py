"""An answerer that replies from a script, over the real texts of the corpus and one hostile text."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from assistant.errors import QuestionError
from assistant.model import (
    Answer,
    Citation,
    Clarification,
    Clause,
    Draft,
    Force,
    Level,
    Policy,
    PolicyDocument,
    Question,
    Refusal,
    RefusalReason,
    Reply,
    Scope,
    Sentence,
    Span,
    Statement,
    Status,
    StatusReading,
)

CORPUS = Path(__file__).resolve().parents[3] / "corpus"
AS_OF = date(2026, 11, 20)
PLACES = {
    "330000": "浙江省",
    "440000": "广东省",
    "440100": "广东省广州市",
    "440105": "广东省广州市海珠区",
    "440800": "广东省湛江市",
}
NOTICE = "注意：依据是征求意见稿，未见正式印发，还不能据此办理。"
HOSTILE_CLAUSE = (
    "（一）1. 第一项 <b>粗</b> `代码` | 表 | 补贴~5000~元 ~~删~~ **强** _斜_ $x$ $$y$$ [x](javascript:alert(1))\n"
    "# 标题 <img src=//evil.example/a.png onerror=window.hacked=1><script>window.hacked=1</script>\n"
    "《<广东省技工学校办法>》 &lt; &#60; \\* ![图](//evil.example/b.png) <style>body{display:none}</style> https://evil.example"
)


@dataclass
class ScriptedAnswerer:
    """Replies by a word of the question; keeps the questions it was given."""

    asked: list[Question] = field(default_factory=list)
    model_name: str = ""
    released: threading.Event = field(default_factory=threading.Event)
    """Set when the scripted language model may speak."""

    def __post_init__(self) -> None:
        gz = _document(
            "guangzhou-2025-skilled-talent", "440100", "广州市人民政府办公厅关于加强新时代高技能人才队伍建设的实施意见"
        )
        self.guangzhou = _with(
            gz,
            issuers=("广州市人民政府办公厅",),
            document_number="穗府办〔2025〕7号",
            signed_on=date(2025, 4, 10),
            printed_on=date(2025, 4, 14),
            published_on=date(2025, 4, 21),
        )
        self.zhanjiang = _document(
            "zhanjiang-draft-skilled-talent", "440800", "关于加强新时代湛江高技能人才队伍建设的实施意见（征求意见稿）"
        )
        self.haizhu = _document("haizhu-2020-skill-upgrading", "440105", "海珠区职业技能提升行动实施方案")
        self.hostile = _made(
            "hostile", "附则\n" + HOSTILE_CLAUSE + "\n", "<img src=//evil.example/t.png onerror=alert(1)>标题"
        )

    @property
    def documents(self) -> Sequence[PolicyDocument]:
        return (self.guangzhou, self.zhanjiang, self.haizhu)

    def status_of(self, policy_id: str, as_of: date) -> StatusReading:
        if policy_id.startswith("zhanjiang"):
            return StatusReading(Status.DRAFT, None, "标题写明“征求意见稿”")
        if policy_id.startswith("haizhu"):
            return StatusReading(Status.TARGET_PERIOD_OVER, None, "目标期到2021年底")
        return StatusReading(Status.UNKNOWN, None, "正文没有写有效期")

    def place_name(self, code: str) -> str:
        return PLACES[code]

    def stages(self, question: Question, as_of: date) -> Iterator[Reply]:
        reply = self.answer(question, as_of)
        yield reply
        if self.phrased_by(reply, question):
            assert self.released.wait(30)
            first, *others = reply.draft.statements
            told = replace(first, text="广州鼓励企业开展首席技师、特级技师评聘工作。")
            text = reply.text.replace(f"「{first.text}」", told.text)
            yield replace(reply, draft=replace(reply.draft, statements=(told, *others)), text=text)

    def phrased_by(self, reply: Reply, question: Question) -> str:
        return self.model_name if isinstance(reply, Answer) else ""

    def answer(self, question: Question, as_of: date) -> Reply:
        assert as_of == AS_OF
        self.asked.append(question)
        text = question.text
        if "出错" in text:
            raise RuntimeError(f"秘密：{text}")
        if "读不懂" in text:
            raise QuestionError("问题读不懂，请换个说法。")
        for word, make in {
            "湛江": self.draft_answer,
            "津贴": self.refusal,
            "天气": self.out_of_scope,
            "那个": self.clarification,
            "恶意": self.hostile_answer,
        }.items():
            if word in text:
                return make()
        return self.plain_answer()

    def plain_answer(self) -> Answer:
        first = self.cite(self.guangzhou, "鼓励企业开展首席技师、特级技师评聘工作", "三、（六）", Force.ENCOURAGED)
        second = self.cite(
            self.guangzhou,
            "聘任为特级技师、首席技师技术职务(岗位)的人员,可比照本单位正高级职称人员、高级管理人员享受同等待遇",
            "三、（六）",
            Force.MAY,
        )
        third = self.cite(self.guangzhou, "60%以上用于一线职工教育和培训", "六", Force.MUST, "企业")
        conclusion = "可以比照正高级职称人员、高级管理人员享受同等待遇，由企业决定评不评。"
        return self._answer((first, second, third), conclusion)

    def draft_answer(self) -> Answer:
        first = self.cite(self.zhanjiang, "将高技能人才纳入城市直接落户范围", "五、（十七）", Force.NONE)
        second = self.cite(
            self.zhanjiang,
            "经认定为湛江高层次人才，可相应享受子女入学、人才公寓等28项公共服务优惠政策",
            "五、（十七）",
            Force.MAY,
        )
        return self._answer((first, second), "按这份草案，可以直接落户；认定后可享受子女入学等优惠。", (NOTICE,))

    def hostile_answer(self) -> Answer:
        policy = self.hostile.policy
        clause = _clause(policy, HOSTILE_CLAUSE, "附则（一）")
        span = Span(policy.text.index("1. 第一项"), policy.text.index(" https://evil"))
        cited = Citation(policy, clause, span, self.status_of("hostile", AS_OF), Force.MUST, "<i>企业</i>")
        return self._answer((cited,), "# 标题 <b>结论</b> [9] 1. 甲 ![图](//evil.example/c.png)")

    def refusal(self) -> Refusal:
        cited = self.cite(
            self.guangzhou, "支持指导企业设立技能津贴、班组长津贴、带徒津贴、内训津贴等", "三、（七）", Force.ENCOURAGED
        )
        text = f"文件没有写金额。\n- 〔鼓励〕「{cited.quote}」[1]\n[1] 《…》三、（七）"
        draft = Draft("文件没有写金额。", (), (cited,))
        step = "可以问：本单位，或牵头单位市人力资源社会保障局。"
        return Refusal(RefusalReason.NOT_STATED, step, draft, Scope(()), text)

    def out_of_scope(self) -> Refusal:
        text = "这不是政策文件里的事。\n请换一个与技能人才政策有关的问题。"
        step = "请换一个与技能人才政策有关的问题。"
        return Refusal(RefusalReason.OUT_OF_SCOPE, step, Draft("这不是政策文件里的事。"), Scope(()), text)

    def clarification(self) -> Clarification:
        choices = ("广州首席技师有什么待遇", "湛江高技能人才怎么落户")
        text = "您想问哪一项？\n- " + "\n- ".join(choices)
        return Clarification("您想问哪一项？", choices, Scope(()), text)

    def cite(self, document: PolicyDocument, quote: str, path: str, force: Force, bearer: str = "") -> Citation:
        policy = document.policy
        start = policy.text.index(quote)
        clause = _clause(policy, quote, path)
        reading = self.status_of(policy.policy_id, AS_OF)
        return Citation(policy, clause, Span(start, start + len(quote)), reading, force, bearer)

    def _answer(self, cited: tuple[Citation, ...], conclusion: str, notices: tuple[str, ...] = ()) -> Answer:
        bullets = [f"- 〔{c.force.value}〕「{c.quote}」[{n}]" for n, c in enumerate(cited, start=1)]
        sources = [f"[{n}] 《{c.policy.title}》{c.clause.path}" for n, c in enumerate(cited, start=1)]
        text = "\n".join([*notices, conclusion, *bullets, "", *sources])
        statements = tuple(Statement(c.quote, c.force, (n,)) for n, c in enumerate(cited, start=1))
        return Answer(Draft(conclusion, statements, cited, notices), Scope(()), text)


def _document(policy_id: str, place: str, title: str) -> PolicyDocument:
    (file,) = CORPUS.glob(f"*/{policy_id}.txt")
    return _made(policy_id, file.read_bytes().decode("utf-8-sig"), title, place)


def _made(policy_id: str, text: str, title: str, place: str | None = None) -> PolicyDocument:
    policy = Policy(policy_id, title, text, f"{policy_id}.txt", "0" * 64, place)
    root = Clause(policy_id, Level.DOCUMENT, "", "", "", Span(0, len(text)))
    spans = [Span(m.start(), m.end()) for m in re.finditer(r"[^。；]+[。；]?", text) if m[0].strip()]
    return PolicyDocument(policy, root, tuple(Sentence(policy_id, span) for span in spans))


def _with(document: PolicyDocument, **facts: object) -> PolicyDocument:
    old = document.policy
    policy = Policy(old.policy_id, old.title, old.text, old.source, old.sha256, old.jurisdiction, **facts)
    return PolicyDocument(policy, document.root, document.sentences)


def _clause(policy: Policy, words: str, path: str) -> Clause:
    """The paragraph that holds the words, as a clause."""
    text, at = policy.text, policy.text.index(words)
    start = max(text.rfind("\n\n", 0, at), text.rfind("\n", 0, at) if policy.policy_id != "hostile" else -1) + 1
    end = min((e for e in (text.find("\n", at + len(words)), len(text)) if e != -1), default=len(text))
    return Clause(f"{policy.policy_id}#{path}", Level.ITEM, path, path, "（标题）", Span(start, end))
