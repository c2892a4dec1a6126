"""Which of the places a question names it is about: not where the person comes from, nor one named as an example."""

from __future__ import annotations

import re

from assistant.jurisdictions import Gazetteer, Place, PlaceLevel
from assistant.retrieval.cues import QuestionKind, kinds_of

# Where someone comes from is not the place they ask about: 「湖南户口，在广州能落户吗」, 「老家是湛江的」
_ORIGIN_BEFORE = re.compile(r"(?:老家(?:在|是)?|来自|籍贯(?:是|在)?|户口(?:还)?(?:在|是)|户籍(?:在|是)|从)$")
_ORIGIN_AFTER = re.compile(r"^(?:户口|户籍|籍|人(?!才|社|力|事|均|员|口|数|大|民)|老家|农村|来的|过来)")
# 「省和海珠」, 「海珠跟省里」: the level is one of the places compared
_BESIDE = re.compile(
    r"[省市](?:里|级|的|方案|文件|那份)?\s*(?:和|跟|与|同|、|比(?![赛如较例武照]))|(?:和|跟|与|同|、|比)\s*[全本]?[省市](?!场)"
)
# 「像广州那样」: the place is an example, not the one asked about
_LIKE = re.compile(r"(?:像|学|照|仿照|参照|同|跟)$")
_LIKEWISE = re.compile(r"^(?:那样|那种|一样|那边|那么|那里)")


def places_asked(text: str, gazetteer: Gazetteer, near: str | None = None) -> tuple[Place, ...]:
    """The places named, the nation apart: 「全国技术能手」 is a title."""
    mentions = [m for m in gazetteer.find(text, near=near) if m.place.level is not PlaceLevel.NATION]
    asked = [m.place for m in mentions if not _aside(text[: m.span.start], text[m.span.end :])]
    if not asked and not near:
        asked = [mention.place for mention in mentions]
    return tuple(dict.fromkeys(asked))


def _aside(before: str, after: str) -> bool:
    """Whether a place is named as where someone comes from, or as an example, by the words around it."""
    origin = bool(_ORIGIN_BEFORE.search(before) or _ORIGIN_AFTER.match(after))
    return origin or bool(_LIKE.search(before) and _LIKEWISE.match(after))


def with_level(places: tuple[Place, ...], level: PlaceLevel, text: str, gazetteer: Gazetteer) -> tuple[Place, ...]:
    """The places asked about with the level named beside them: 「全省、湛江各写了多少」 compares the province.

    Args:
        places: those named.
        level: the level the question speaks of without naming the place (`relative_level`).
        text: the question.
        gazetteer: knows the place of that level above the first one named.
    """
    several = len(places) > 1 and QuestionKind.COMPARISON in kinds_of(text)
    if not places or not (several or _BESIDE.search(text)):
        return places
    above = next((p for p in gazetteer.chain(places[0].code) if p.level is level), None)
    return places if above is None or above in places else (above, *places)
