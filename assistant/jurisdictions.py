"""The national table of administrative divisions: which place a question names, and which places a policy covers.

Whether a name counts by itself is data (corpus/lexicon/divisions.tsv, derived as its README tells):

    alone      海珠、湛江       a mention wherever it stands
    together   盐田、金门       only when its own city or province, or a neighbour there, is named in the same text
    adjacent   大兴、和平       only right behind its own city or province: 天津和平
    never      合作、资源       only with its suffix: 合作市

A short name that several places of the highest rank share counts as `together`. A full name that several share is always
a mention; where the text does not tell them apart it is ambiguous (see `PlaceMention`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path

from assistant.errors import JurisdictionError
from assistant.model import Span


class PlaceLevel(StrEnum):
    """The rank of a division, highest first. Cities include prefectures; districts include counties."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"


_RANK = {level: rank for rank, level in enumerate(PlaceLevel)}
_NATION = "100000"
_NATION_NAMES = frozenset({"中华人民共和国", "中国", "全国", "国家"})

_GLUE = re.compile(r"[ \t\u3000·\-]*")  # may stand between a place and a part of it: 广东 广州
_WEAK_GLUE = re.compile(r"[ \t\u3000·\-]*的?")
# Behind a short name these make a street or a university of it: 中山二路, 北京路, 浙江海洋大学 (but not 广州大学生).
_OTHER_THING = re.compile(
    r"(?:[东西南北中一二三四五六七八九十]|\d)*(?:大道|大街|路(?![演径网况灯费程途])|街(?![道头坊镇区])|巷|胡同)"
    r"|大学(?![生城毕本专学文老教])"
    r"|(?:工业|理工|科技|技术|师范|医科|医药|中医药|农业|农林|林业|外国语|外语外贸|财经|交通|工商|航空|航空航天|海洋|石油"
    r"|邮电|体育|美术|音乐|民族|政法|电子科技|职业|城市)+大学"
)
# Behind a full name these show that its last character belongs to the next word: 东方市场, 和平区域, 资源县级.
_RUN_ON = {"市": "场值价面盈", "区": "域别分间块位", "县": "级域"}
_BEFORE_ABBREVIATION = "在来入全驻留赴"


@dataclass(frozen=True, slots=True)
class Place:
    """A division. `parent_code` is None only for the nation; a county run by its province has the province as parent."""

    code: str
    name: str
    short_name: str
    level: PlaceLevel
    parent_code: str | None


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place named in a text.

    Attributes:
        place: the place meant. Where several bear the name and the text does not decide (鼓楼区 is in 南京, 徐州, 福州 and
            开封), the smallest place that holds them all, so that nothing of a wrong one can be served.
        span: the words, in the text searched; 广东广州海珠区 is one mention, of 海珠区.
        candidates: the places it may be, two or more, where it is ambiguous; otherwise empty.
    """

    place: Place
    span: Span
    candidates: tuple[Place, ...] = ()

    @property
    def is_ambiguous(self) -> bool:
        """Whether the person should be asked which place is meant."""
        return bool(self.candidates)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a name may stand for and when; no place at all for a longer word that only looks like one (大理石)."""

    form: str  # "alone", "together", "adjacent", "never", or "abbreviation"
    place: Place | None = None
    is_full: bool = False


class Gazetteer:
    """The table, searchable. Nothing changes after construction.

    Example:
        >>> gazetteer = load_gazetteer(Path("corpus/lexicon/divisions.tsv"))
        >>> [gazetteer.full_name(mention.place.code) for mention in gazetteer.find("我在黄埔上班，户口在湛江")]
        ['广东省广州市黄埔区', '广东省湛江市']
        >>> gazetteer.covers("440000", "440105"), gazetteer.covers("440105", "440000")
        (True, False)
    """

    def __init__(self, rows: Iterable[dict[str, str]]) -> None:
        self._places: dict[str, Place] = {}
        self._readings: dict[str, list[_Reading]] = {}
        for row in rows:
            place = Place(
                row["code"], row["name"], row["short_name"], PlaceLevel(row["level"]), row["parent_code"] or None
            )
            self._places[place.code] = place
            self._add_names(place, row)
        self._names_at: dict[str, list[str]] = {}  # names by their first two characters, longest first
        for name in sorted(self._readings, key=len, reverse=True):
            self._names_at.setdefault(name[:2], []).append(name)

    def _add_names(self, place: Place, row: dict[str, str]) -> None:
        if place.level is PlaceLevel.NATION:
            return
        self._read_as(place.name, _Reading(row["full_form"], place, is_full=True))
        if "自治" in place.name:  # 景宁畲族自治县 is called 景宁县, 广西壮族自治区 广西自治区
            tail = "自治区" if place.level is PlaceLevel.PROVINCE else place.name[-1]
            self._read_as(place.short_name + tail, _Reading("alone", place, is_full=True))
        if place.short_name != place.name:
            self._read_as(place.short_name, _Reading(row["short_form"], place))
        if row["abbreviation"]:
            for before in _BEFORE_ABBREVIATION:
                self._read_as(before + row["abbreviation"], _Reading("abbreviation", place))
        for word in row["not_in"].split():
            self._readings[word] = [_Reading("never")]

    def _read_as(self, name: str, reading: _Reading) -> None:
        readings = self._readings.setdefault(name, [])
        if all(other.place != reading.place for other in readings):
            readings.append(reading)

    def place(self, code: str) -> Place:
        """The place with this six-digit code.

        Raises:
            KeyError: the table has no such code.
        """
        return self._places[code]

    def chain(self, code: str) -> tuple[Place, ...]:
        """The place itself, then its city, then its province; the nation only for itself.

        Raises:
            KeyError: the table has no such code.
        """
        places = [self._places[code]]
        while (parent := places[-1].parent_code) not in (None, _NATION):
            places.append(self._places[parent or ""])
        return tuple(places)

    def covers(self, policy_code: str, asked_code: str) -> bool:
        """Whether a policy of one place applies in the other: its own or a higher place, never a lower one.

        Raises:
            KeyError: the table has no such code.
        """
        self.place(policy_code)
        return policy_code == _NATION or any(place.code == policy_code for place in self.chain(asked_code))

    def full_name(self, code: str) -> str:
        """The name with those above it: 广东省广州市海珠区, 上海市浦东新区.

        Raises:
            KeyError: the table has no such code.
        """
        return "".join(place.name for place in reversed(self.chain(code)))

    def find(self, text: str, *, near: str | None = None) -> tuple[PlaceMention, ...]:
        """All places named in a text, in its order.

        `near` is the code of a place known otherwise (chosen in the page, named in an earlier question): it decides between
        namesakes as a mention would, but is not reported itself.
        """
        context = {place.code for place in self.chain(near)} if near in self._places else set()
        for _ in range(2):  # the second reading knows what the first found
            mentions = self._read(text, frozenset(context))
            before = len(context)
            context.update(place.code for mention in mentions for place in self.chain(mention.place.code))
            if len(context) == before:
                break
        return tuple(mentions)

    def _read(self, text: str, context: frozenset[str]) -> list[PlaceMention]:
        mentions: list[PlaceMention] = []
        at = 0
        while at < len(text) - 1:
            for name in self._names_at.get(text[at : at + 2], ()):
                if not text.startswith(name, at):
                    continue
                if self._readings[name][0].place is None:  # a longer word: step over it
                    at += len(name) - 1
                    break
                previous = mentions[-1] if mentions else None
                mention = self._mention(name, text, at, previous, context)
                if mention is not None:
                    if previous is not None and mention.span.start == previous.span.start:
                        mentions.pop()
                    mentions.append(mention)
                    at = mention.span.end - 1
                    break
            at += 1
        return mentions

    def _mention(
        self, name: str, text: str, at: int, previous: PlaceMention | None, context: frozenset[str]
    ) -> PlaceMention | None:
        """The name read as a place here, merged with the place right before it that holds it."""
        end = at + len(name)
        readings = [r for r in self._readings[name] if self._fits(r, name, text, end)]
        between = text[previous.span.end : at] if previous else None
        if previous is not None and between is not None and _WEAK_GLUE.fullmatch(between):
            inside = [r for r in readings if r.place and previous.place.code in self._above(r.place)]
            close = [r for r in inside if r.form != "never" and (r.form != "adjacent" or _GLUE.fullmatch(between))]
            if close:
                return self._settle(close, context, Span(previous.span.start, end))
            if between == "" and readings and all(r.place.level is PlaceLevel.DISTRICT for r in readings if r.place):
                return None  # 深圳龙华区: newer than the table; the 龙华区 it knows is another city's
        readings = [r for r in readings if r.form not in ("adjacent", "never")]
        if not any(r.is_full for r in readings):
            top = min((_RANK[r.place.level] for r in readings if r.place), default=0)
            highest = [r for r in readings if r.place and _RANK[r.place.level] == top]
            if len(highest) == 1 and highest[0].form != "together":
                readings = highest
            else:
                readings = [r for r in readings if r.place and not context.isdisjoint(self._above(r.place))]
        start = at + 1 if readings and readings[0].form == "abbreviation" else at
        return self._settle(readings, context, Span(start, end)) if readings else None

    def _fits(self, reading: _Reading, name: str, text: str, end: int) -> bool:
        """Whether the words behind leave the name what it is."""
        if reading.is_full:
            return text[end : end + 1] not in tuple(_RUN_ON.get(name[-1], ""))
        if reading.form == "abbreviation":  # 在苏 but not 在苏州
            return not any(text.startswith(longer, end - 1) for longer in self._names_at.get(text[end - 1 : end + 1], ()))
        return not _OTHER_THING.match(text, end)

    def _above(self, place: Place) -> frozenset[str]:
        return frozenset(above.code for above in self.chain(place.code)[1:])

    def _settle(self, readings: list[_Reading], context: frozenset[str], span: Span) -> PlaceMention:
        """Choose among namesakes: those of a city in the context, or else of a province; then the highest in rank."""
        full = [r.place for r in readings if r.place and r.is_full]
        places = full or [r.place for r in readings if r.place]
        for level in (PlaceLevel.CITY, PlaceLevel.PROVINCE):
            near = [p for p in places if any(a.level is level and a.code in context for a in self.chain(p.code)[1:])]
            if near and len(places) > 1:
                places = near
        top = min(_RANK[place.level] for place in places)
        places = [place for place in places if _RANK[place.level] == top]
        if len(places) == 1:
            return PlaceMention(places[0], span)
        shared = [a for a in self.chain(places[0].code) if all(a in self.chain(p.code) for p in places)]
        return PlaceMention(shared[0] if shared else self._places[_NATION], span, tuple(places))

    def resolve(self, name: str) -> Place:
        """The one place a person means by a name or code given on its own: 广州, 海珠区, 广东省广州市海珠区, 440105.

        Raises:
            JurisdictionError: the name is unknown, or several places bear it.
        """
        name = re.sub(r"\s+", "", name)
        if name in self._places:
            return self._places[name]
        if name in _NATION_NAMES:
            return self._places[_NATION]
        mentions = [m for m in self.find(name) if m.span == Span(0, len(name))]
        readings = [r for r in self._readings.get(name, ()) if r.place]
        if not mentions and readings:  # on its own even an ordinary word or a shared name is meant as a place
            mentions = [self._settle(readings, frozenset(), Span(0, len(name)))]
        if not mentions:
            raise JurisdictionError(self._unknown(name))
        shared = [r.place for r in readings if r.place]
        if not any(r.is_full or r.form == "alone" for r in readings) and len(shared) > 1:
            raise JurisdictionError(self._several(name, shared))
        if mentions[0].is_ambiguous:
            raise JurisdictionError(self._several(name, mentions[0].candidates))
        return mentions[0].place

    def _several(self, name: str, places: Iterable[Place]) -> str:
        names = "、".join(self.full_name(place.code) for place in places)
        return f"叫“{name}”的地方不止一个：{names}。地区不明就无法确定适用哪里的政策，请写出完整的地名。"

    def _unknown(self, name: str) -> str:
        near = [r.place for n in get_close_matches(name, self._readings, n=6, cutoff=0.6) for r in self._readings[n]]
        names = list(dict.fromkeys(self.full_name(place.code) for place in near if place))[:3]
        hint = f"是不是想说：{'、'.join(names)}？" if names else ""
        return (
            f"全国行政区划表里没有“{name[:30]}”。地区不明就无法确定适用哪里的政策。{hint}"
            "请写省、市或县区的名称，例如“广州”或“广东省广州市海珠区”。"
        )


def load_gazetteer(path: Path) -> Gazetteer:
    """Read the table of divisions.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open(encoding="utf-8", newline="") as table:
        return Gazetteer(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
