"""Question → what is asked: the place, the kind of answer, the documents and clauses named, the words of the topic.

Rules over the words, no model. A follow-up (「那湛江呢？」) takes over the topic of the question before it, and what it
says itself replaces what was said there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Protocol

from assistant.jurisdictions import Gazetteer, Place, PlaceLevel, relative_level
from assistant.model import PolicyDocument, Question
from assistant.retrieval.addresses import (
    Address,
    find_addresses,
    find_documents,
    names_unknown_number,
    without_numbers,
)
from assistant.retrieval.cues import QuestionKind, kinds_of
from assistant.retrieval.following_up import carried_topic, is_follow_up, kinds_before
from assistant.retrieval.places_asked import places_asked, with_level
from assistant.retrieval.privacy import mask_personal_data, without_masks
from assistant.settings import MAX_QUESTION

_CONTROL = re.compile(
    r"[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f\ud800-\udfff]"
)
_ASKS = re.compile(
    r"[吗嗎呢么咩不]$|(?<![我他她])还是|怎么|怎样|如何|多少|(?<![十百好这那近前头])几[个家名年天次人]|哪|谁|什么|啥|能不能|可不可以|有没有|有冇|是不是"
    r"|要不要|会不会|算不算|行不行|咋|各"
    # 「租金几多」「几万」「系唔系随时都申请得」「年龄卡不卡我」「边个考，考乜」「多久」「真的假的」
    r"|(?<![十百好这那近前头])几(?:多|钱|时|岁|号|月|成|万|千|百|项|所|条|点|分|耐)|系咪|边[个度条间]|乜|多久|多长|多大"
    r"|真的假的|([\u4e00-\u9fff])[不没唔]\1|咩"
)
# 「1.落户年龄卡不卡我 2.小孩读书管不管」: a number that counts the questions is a stop too
_STOPS = re.compile(r"[,，。;；?？!！:：]|(?:^|(?<=\s))\d[.、)）](?!\d)")
# 「我是高级技师」「本人持有高级工证」: who asks, not what is asked
_SELF = re.compile(
    r"^(?:我|本人|俺|咱)[^,，]{0,3}(?:是|系|有|持|考|评|拿)[^,，]{0,8}"
    r"(?:技师|高级工|中级工|初级工|学徒工|证书?|钳工|电工|焊工|职工|工人)[^,，]{0,2}$"
)
_ABOUT_DOCUMENT = re.compile(
    r"文号|字号|号文|\d+\s*号|发文|印发|印的|发的|出的|发布|公布|出台|公开|抄送|主送|落款|成文|日期|哪天|几号|几月"
    r"|电话|联系|承办|标题|全称|名称|题目|叫什么|哪份|来源|出处|通知|文件|征求意见|草案|正式|反映|挂网|牵头|单位|机关|党委"
)
_OFFICES = re.compile(
    r"部门|单位|局|厅|委|办|牵头|牽頭|挑头|配合|协助|负责|負責|归|主管|角色|分工|谁管|哪(?:几|些)?家|人社|工会|妇联|街道"
)
_UNITS = re.compile(
    r"牵头|挑头|牽頭|配合(?:单位|部门|的)|责任单位|哪.{0,4}(?:部门|单位).{0,4}(?:负责|主管|管)|哪(?:几|些)家配合|谁(?:负责|管|主管)"
)
_EVERYWHERE = re.compile(r"各地|各省|各市|几个地方|哪些地方|全国")
MATTER = 8
"""Characters of asking stretches from which they are taken to name what they ask about."""
SHORT = 20
"""Characters up to which a question is read in the light of the one before even when nothing in it points back."""
# 「它会报到省里吗」: where something is sent, not whose text is asked about
_SENT_TO = re.compile(r"(?:报|送|推荐|纳入|传|上报|交|推|通报|抄)(?:到|至|给|去)了?[全本我]?[省市区县]")


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a question asks, as far as its words tell.

    Attributes:
        text: the question cleaned: NFKC, control characters out, personal data masked.
        search_text: the words to search with: places out.
        parts: the questions in it, where it asks several things (「能落户吗，孩子读书呢」); else empty.
        asking, story: the question without the stretch that only says who asks (「我是高级技师」), and that stretch.
        kinds: shapes of answer wanted.
        places: places the question (or, for a follow-up, the one before) is about, most specific form.
        place_in_question: whether this very question names them.
        relative: 「省里」 and the like, to be read from the selector.
        policy_ids: documents named by number or title.
        unknown_number: a document number that no text of the corpus has.
        addresses: clause addresses named.
        carried_topic: the earlier words a follow-up was joined to, "" otherwise.
        background: words of the question before that may still matter, searched at low weight.
        masked: personal data was found and masked.
    """

    text: str
    search_text: str
    kinds: tuple[QuestionKind, ...]
    parts: tuple[str, ...] = ()
    asking: str = ""
    story: str = ""
    places: tuple[Place, ...] = ()
    place_in_question: bool = False
    relative: PlaceLevel | None = None
    policy_ids: tuple[str, ...] = ()
    unknown_number: str | None = None
    addresses: tuple[Address, ...] = ()
    carried_topic: str = ""
    background: str = ""
    masked: bool = False

    @property
    def stretches(self) -> tuple[str, ...]:
        """What stands between the stops of the question."""
        return _stretches(self.search_text)

    @property
    def matter(self) -> str:
        """What is asked, without the story around it: the asking stretches, where they name a matter; else all."""
        asking = _asking_stretches(self.text)
        told = "，".join(asking)
        return told if len(told) >= MATTER and len(asking) < len(_stretches(self.text)) else self.text

    @property
    def about_document(self) -> bool:
        """Whether it may be about the document itself (its number, date, addressees), not a matter it deals with."""
        return bool(_ABOUT_DOCUMENT.search(self.text))

    @property
    def about_units(self) -> bool:
        """Whether it may be about offices at all; else a list of them answers nothing."""
        return bool(_OFFICES.search(f"{self.text} {self.carried_topic}"))

    @property
    def wants_units(self) -> bool:
        """Whether it is about who leads or assists, as lists of units tell."""
        return self.asks(QuestionKind.AUTHORITY) and bool(_UNITS.search(f"{self.text} {self.carried_topic}"))

    @property
    def wants_list(self) -> bool:
        """Whether all of something is wanted; of offices, those of the matter alone."""
        return self.asks(QuestionKind.LIST) and not self.wants_units

    def points_at(self, term: str) -> bool:
        """Whether a word of the question before is what this one means by 「这种卡」."""
        return term in self.carried_topic and bool(re.search(r"[这那](?:种|个|类|项|张|样)", self.text))

    def asks(self, *kinds: QuestionKind) -> bool:
        """Whether any of these shapes is wanted."""
        return any(kind in self.kinds for kind in kinds)


def clean(text: str) -> str:
    r"""A question's search copy: NFKC, simplified, no control, direction or tag characters, blanks folded.

    Example:
        >>> clean("广州到２７年\u202e想攒多少？")
        '广州到27年想攒多少?'
    """
    return _simplified(re.sub(r"\s+", " ", _CONTROL.sub("", unicodedata.normalize("NFKC", text))).strip())


def _simplified(text: str) -> str:
    """Traditional characters as simplified ones; the converter is loaded only for text that GB2312 cannot hold."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return _converter().convert(text)
    return text


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _converter() -> _Converter:
    import opencc  # 0.15 s, and most questions need none of it

    converter: _Converter = opencc.OpenCC("t2s")
    return converter


def understand(question: Question, documents: Sequence[PolicyDocument], gazetteer: Gazetteer) -> Understanding:
    """Read a question in the light of those before it."""
    text, masked = mask_personal_data(clean(question.text))
    text = text[:MAX_QUESTION]
    history = [mask_personal_data(clean(earlier))[0][:MAX_QUESTION] for earlier in question.history[-6:]]
    places = places_asked(text, gazetteer, question.jurisdiction)
    topic = _topic(text, gazetteer)
    asking, story = _asking_and_story(topic)
    follows = bool(history) and is_follow_up(text, topic)
    topic_of = partial(_topic, gazetteer=gazetteer)
    carried = carried_topic(text, history, topic_of) if follows else ""
    place_in_question = bool(places)
    relative = None if _SENT_TO.search(text) else relative_level(text)
    if relative:
        places = with_level(places, relative, text, gazetteer)
    near_before = follows or (not question.jurisdiction and len(text) <= SHORT)
    if not places and not relative and near_before and not _EVERYWHERE.search(text):
        places = next((found for earlier in reversed(history) if (found := places_asked(earlier, gazetteer))), ())
    policies = [document.policy for document in documents]
    within = _codes(places, documents, gazetteer)
    policy_ids = find_documents(text, policies, within)
    if not policy_ids and follows and not place_in_question:
        policy_ids = next(
            (ids for earlier in reversed(history) if (ids := find_documents(earlier, policies, within))), ()
        )
    return Understanding(
        text=text,
        search_text=without_numbers(topic) if policy_ids else topic,
        parts=questions_in(topic),
        asking=asking,
        story=story,
        kinds=kinds_of(without_masks(text)) or (kinds_before(history) if follows else ()),
        places=places,
        place_in_question=place_in_question,
        relative=relative,
        policy_ids=policy_ids,
        unknown_number=names_unknown_number(text, policies),
        addresses=find_addresses(text),
        carried_topic=carried,
        background="" if carried or not history or len(text) > SHORT else carried_topic(text, history, topic_of),
        masked=masked,
    )


def questions_in(text: str) -> tuple[str, ...]:
    """The stretches between stops that ask something, where there are two or more.

    Example:
        >>> questions_in("我是高级技师,能落户吗,孩子读书呢")
        ('能落户吗', '孩子读书呢')
        >>> questions_in("首席技师有什么待遇")
        ()
    """
    asking = _asking_stretches(text)
    return asking if len(asking) > 1 else ()


def _asking_and_story(text: str) -> tuple[str, str]:
    stretches = _stretches(text)
    story = " ".join(part for part in stretches if _SELF.match(part) and not _ASKS.search(part))
    asking = " ".join(part for part in stretches if not (_SELF.match(part) and not _ASKS.search(part)))
    return (asking, story) if asking and story else (text, "")


def _asking_stretches(text: str) -> tuple[str, ...]:
    """The stretches that ask by their words, or by the question mark behind them."""
    pieces = re.split(f"({_STOPS.pattern})", text)
    marked = {piece.strip() for piece, stop in zip(pieces[::2], pieces[1::2], strict=False) if stop in "?？"}
    return tuple(part for part in _stretches(text) if part in marked or _ASKS.search(part))


def _stretches(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _STOPS.split(text) if len(part.strip()) >= 2)


def _topic(text: str, gazetteer: Gazetteer) -> str:
    """The question without the names of places and the marks of masked personal data."""
    out = text = without_masks(text)
    for mention in reversed(gazetteer.find(text)):
        if mention.place.level is PlaceLevel.NATION:
            continue
        out = out[: mention.span.start] + " " + out[mention.span.end :]
    return re.sub(r"\s+", " ", out).strip()


def _codes(places: Sequence[Place], documents: Sequence[PolicyDocument], gazetteer: Gazetteer) -> frozenset[str] | None:
    """Codes of the corpus's places that apply to any of `places`; None where no place is known."""
    if not places:
        return None
    own = {document.policy.jurisdiction for document in documents if document.policy.jurisdiction}
    return frozenset(code for code in own for place in places if gazetteer.covers(code, place.code))
