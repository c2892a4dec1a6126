"""Refusals in words: the reason, the nearest clause where there is one, and one next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.wording import as_text
from assistant.jurisdictions import Gazetteer
from assistant.model import Citation, Draft, Level, PolicyDocument, Refusal, RefusalReason, Scope, Statement
from assistant.retrieval.addresses import Address
from assistant.retrieval.scope import has_own_text
from assistant.retrieval.understanding import Understanding

_ELSEWHERE = "未收录不等于没有政策，可以问当地人力资源社会保障部门。"


@dataclass(frozen=True, slots=True)
class Decliner:
    """Makes the refusals for one question."""

    asked: Understanding
    scope: Scope
    gazetteer: Gazetteer

    def unknown_document(self, number: str, similar: Sequence[Citation] = ()) -> Refusal:
        """A document number that no text has; `similar` are the lines that mention it or carry the same code."""
        points = tuple(Statement(f"原文：「{c.quote}」", c.force, (n,)) for n, c in enumerate(similar, 1))
        told = f"库里没有文号为{number}的文件。" + ("库里提到它或代字相同的是：" if similar else "")
        draft = Draft(told, points, tuple(similar))
        return self._refuse(RefusalReason.NOT_IN_CORPUS, draft, "请核对文号；" + _ELSEWHERE)

    def no_text_for_place(self) -> Refusal:
        """Neither the place nor any place above it has a text."""
        places = [self.scope.asked] if self.scope.asked else [place.code for place in self.asked.places]
        name = "、".join(self.gazetteer.place(place).name for place in places) or "这个地方"
        draft = Draft(f"库里没有{name}的文件，也没有它上级的文件，其他地方的规定不适用，所以没有列出。")
        return self._refuse(RefusalReason.NOT_IN_CORPUS, draft, _ELSEWHERE)

    def document_of_other_place(self, documents: Sequence[PolicyDocument]) -> Refusal:
        """A document and a place are named that do not belong together."""
        titles = "、".join(f"《{d.policy.title}》" for d in documents)
        name = self.gazetteer.place(self.scope.asked).name if self.scope.asked else "您说的地方"
        draft = Draft(f"您点名的{titles}不是{name}的文件，也不适用于{name}，所以没有列出。")
        return self._refuse(RefusalReason.NOT_IN_CORPUS, draft, "请只写地名或只写文号再问一次。")

    def no_such_clause(self, addresses: Sequence[Address], documents: Sequence[PolicyDocument]) -> Refusal:
        """The address names nothing in the document."""
        words = "、".join(address.words for address in addresses)
        held = "；".join(f"《{d.policy.title}》编号到{_last_path(d)}" for d in documents[:2])
        draft = Draft(f"文件里没有“{words}”这一条。{held}。")
        return self._refuse(RefusalReason.NOT_STATED, draft, "请核对编号，或直接说想问的内容。")

    def nothing_found(self) -> Refusal:
        """Nothing in scope is about the question."""
        held = "、".join(dict.fromkeys(self.gazetteer.place(c).short_name for t in self.scope.tiers for c in sorted(t)))
        name = self.gazetteer.place(self.scope.asked).name if self.scope.asked else ""
        told = "" if has_own_text(self.scope) else f"库里没有{name}自己的文件（不等于没有政策）；对{name}也适用的上级"
        draft = Draft(f"{told or '库里的'}文件（{held}）没有写到这件事。")
        return self._refuse(RefusalReason.NOT_IN_CORPUS, draft, "可以换个说法再问；" + _ELSEWHERE)

    def only_personal_data(self) -> Refusal:
        """Nothing is left of the question once the personal data in it is masked."""
        draft = Draft("您发来的是个人信息，已遮住，没有用来检索；这里也查不到个人的办理情况。")
        return self._refuse(RefusalReason.PERSONAL_DATA, draft, "请去掉号码，直接写想问的政策，例如：技师能落户吗。")

    def only_superior(self, draft: Draft) -> Refusal:
        """The place has no text and the superior's is only near the matter: shown as such, not as an answer."""
        name = self.gazetteer.place(self.scope.asked).name if self.scope.asked else "这个地方"
        told = f"库里没有{name}的文件（不等于没有政策）。对{name}也适用的上级文件没有直接写到这件事，最接近的是："
        kept = replace(draft, conclusion=told, gaps=(), contacts=())
        return self._refuse(RefusalReason.NOT_IN_CORPUS, kept, _ELSEWHERE)

    def other_places_term(self, term: str) -> Refusal:
        """What was asked for is a thing of another place; its rule does not apply here."""
        held = "、".join(dict.fromkeys(self.gazetteer.place(c).short_name for t in self.scope.tiers for c in sorted(t)))
        draft = Draft(f"库里的文件（{held}）没有提到“{term}”；提到它的是其他地方的文件，不适用，所以没有列出。")
        return self._refuse(RefusalReason.NOT_IN_CORPUS, draft, _ELSEWHERE)

    def other_places_matter(self, codes: Sequence[str]) -> Refusal:
        """The matter stands in another place's text only."""
        held = "、".join(dict.fromkeys(self.gazetteer.place(c).short_name for t in self.scope.tiers for c in sorted(t)))
        others = "、".join(self.gazetteer.place(code).short_name for code in codes if code)
        draft = Draft(f"库里的文件（{held}）没有写到这件事；写到它的是{others}的文件，不适用，所以没有列出。")
        return self._refuse(RefusalReason.NOT_IN_CORPUS, draft, _ELSEWHERE)

    def not_stated(self, draft: Draft) -> Refusal:
        """The document is silent on a fact about itself."""
        return self._refuse(RefusalReason.NOT_STATED, draft, "请以发文单位公布的正式文本为准。")

    def missing(self, name: str, reason: RefusalReason, draft: Draft) -> Refusal:
        """The matter is there, what was asked for is not: the related clause is cited, the gap named."""
        if reason is RefusalReason.OUT_OF_SCOPE:
            empty = Draft(f"这个问题（{name}）超出了本助手的范围：只能根据库内政策文件作答。")
            return self._refuse(reason, empty, "可以问政策待遇、企业义务或具体条款；个人的事请问经办部门。")
        if reason is RefusalReason.NOT_IN_CORPUS:
            empty = Draft(f"库里的文件没有写{name}。", notices=())
            return self._refuse(reason, empty, _ELSEWHERE)
        kept = replace(
            draft, conclusion=f"文件没有写{name}。有关的原文只写到：", statements=draft.statements[:2], gaps=()
        )
        shown = {number for statement in kept.statements for number in statement.citations}
        kept = replace(kept, citations=kept.citations[: max(shown, default=0)])
        return self._refuse(reason, kept, "" if kept.contacts else _ELSEWHERE)

    def not_answered(self, draft: Draft, open_parts: Sequence[str] = ()) -> Refusal:
        """Sentences near the matter were found, none seems to answer: said as that, with the nearest ones.

        Args:
            draft: what would have been answered.
            open_parts: of several things asked, those known not to be stated; they are named.
        """
        told = "没有找到直接回答这一问的原文。最接近的只写到："
        if open_parts:
            told = f"文件没有写{'、'.join(open_parts)}。有关的原文只写到："
        kept = replace(draft, conclusion=told, statements=draft.statements[:2], gaps=())
        shown = {number for statement in kept.statements for number in statement.citations}
        kept = replace(kept, citations=kept.citations[: max(shown, default=0)])
        return self._refuse(RefusalReason.NOT_STATED, kept, "" if kept.contacts else "可以换个说法再问；" + _ELSEWHERE)

    def _refuse(self, reason: RefusalReason, draft: Draft, next_step: str) -> Refusal:
        """`next_step` is left out of the text where the contacts already say whom to ask."""
        text = as_text(draft, self.gazetteer, next_step)
        step = next_step or "可以问：" + "；".join(draft.contacts) + "。"
        return Refusal(reason, step, draft, self.scope, text)


def _last_path(document: PolicyDocument) -> str:
    items = [node for node in document.root.walk() if node.level in (Level.ITEM, Level.ARTICLE, Level.CHAPTER)]
    return items[-1].path if items else "末尾"
