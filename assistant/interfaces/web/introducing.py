"""The first screen: what is held, what cannot be done, what to try; and the choices of the two selectors."""

from __future__ import annotations

from datetime import date

from assistant.interfaces.web.asking import ROLES, Answerer, place_of
from assistant.interfaces.web.escaping import escape
from assistant.interfaces.web.evidence import origin_of
from assistant.model import STATUS_LABELS, PolicyDocument, Status

FROM_THE_QUESTION = "由问题决定"
EXAMPLES = (
    "广州首席技师有什么待遇",
    "我是高级技师，在湛江能落户吗，孩子读书呢",
    "职工教育经费不提够会怎样",
    "广州技能津贴一个月多少钱",
)


def introduction_html(answerer: Answerer, as_of: date) -> str:
    """What the page holds and cannot do, as one block of HTML."""
    documents = list(answerer.documents)
    statuses = {d.policy.policy_id: answerer.status_of(d.policy.policy_id, as_of).status for d in documents}
    places = dict.fromkeys(_place_and_draft(answerer, d, statuses[d.policy.policy_id]) for d in documents)
    items = "".join(_item(answerer, document, statuses[document.policy.policy_id]) for document in documents)
    return (
        f'<div class="intro"><h3>收了哪些文件</h3><p>共 {len(documents)} 份：{"、".join(places)}。</p>'
        f'<details class="held"><summary>查看文件清单</summary><ul>{items}</ul></details>'
        "<h3>做不到什么</h3><p>只摘录这些文件的原文，不是官方答复，不替您判断资格，也不办理业务。"
        f"请不要写姓名、身份证号、手机号。</p>{_model_html(answerer.model_name)}<h3>可以这样问</h3></div>"
    )


def _model_html(name: str) -> str:
    """What a language model does here, where there is one."""
    if not name:
        return ""
    told = "先列原文，再由它摘写要点，逐字核对，不符的不显示。发给它的只有遮住个人信息的问题和引用的原句。"
    return f'<p class="model">用了语言模型（{escape(name)}）：{told}</p>'


def _place_and_draft(answerer: Answerer, document: PolicyDocument, status: Status) -> str:
    place = escape(place_of(answerer, document.policy))
    draft = '<strong class="draft">（征求意见稿，未正式印发）</strong>'
    return f"{place}{draft if status is Status.DRAFT else ''}"


def _item(answerer: Answerer, document: PolicyDocument, status: Status) -> str:
    return (
        f"<li>《{escape(document.policy.title)}》（{escape(origin_of(answerer, document.policy))}） "
        f'<span class="badge status-{status.value}">{STATUS_LABELS[status]}</span></li>'
    )


def place_choices(answerer: Answerer) -> list[tuple[str, str]]:
    """(name, division code) of every place that has a text, provinces first; "" leaves it to the question."""
    codes = sorted({d.policy.jurisdiction for d in answerer.documents if d.policy.jurisdiction})
    return [(FROM_THE_QUESTION, ""), *((answerer.place_name(code), code) for code in codes)]


def role_choices() -> list[tuple[str, str]]:
    """(name, code) of every role."""
    return [(name, code) for code, name in ROLES.items()]
