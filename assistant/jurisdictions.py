"""The national table of administrative divisions: which place a question names, and which places a policy covers.

Whether a name counts by itself is data (corpus/lexicon/divisions.tsv, derived as its README tells):

    alone      海珠、湛江    a mention wherever it stands
    together   盐田、金门    only when its own city or province, or a neighbour in it, is named in the same text
    adjacent   和平、金山    only right behind its own city or province: 天津和平
    never      合作、资源    only with its suffix: 合作市

A short name that several places of one rank share counts as `together`. A full name that several share is always a
mention; where the text does not tell them apart it is ambiguous (see `PlaceMention`). So is a former name whose place
was divided: 江干区 is 上城区 or 钱塘区.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

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
_GLUE = re.compile(r"[ \t\u3000·\-]*(的?)")  # may stand between a place and a part of it: 广东 广州, 广州的黄埔
# Behind a short name these make it a street or a university: 中山二路, 北京路, 浙江海洋大学 (but not 广州大学生).
_OTHER_THING = re.compile(
    r"(?:[东西南北中一二三四五六七八九十]|\d)*(?:大道|大街|路(?![演径网况灯费程途])|街(?![道头坊镇区])|巷|胡同)"
    r"|大学(?![生城毕本专学文老教])"
    r"|(?:工业|理工|科技|技术|师范|医科|医药|中医药|农业|农林|林业|外国语|外语外贸|财经|交通|工商|航空|航天|海洋|石油"
    r"|邮电|体育|美术|音乐|民族|政法|电子|职业|城市)+大学"
)
# Behind a full name these show that its last character belongs to the next word: 东方市场, 和平区域, 资源县级.
_RUN_ON = {"市": "场值价面盈", "区": "域别分间块位", "县": "级域"}
_COMPLEMENT = re.compile(r"[评考当选聘报用遇赶加送坐拿跟升]上$")  # 上 belongs to the verb before it
_BEFORE_ABBREVIATION = "在来入全驻留赴"


@dataclass(frozen=True, slots=True)
class Place:
    """A division. `parent_code` is None only for the nation; a county run by its province has the province."""

    code: str
    name: str
    short_name: str
    level: PlaceLevel
    parent_code: str | None


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place named in a text.

    Attributes:
        place: the place meant. Where several bear the name and the text does not decide (鼓楼区 is in 南京, 徐州, 福州
            and 开封), the smallest place that holds them all, so that nothing of a wrong one can be served.
        span: the words, in the text searched; 广东广州海珠区 is one mention, of 海珠区.
        candidates: the places it may be, two or more, where it is ambiguous; otherwise empty.
    """

    place: Place
    span: Span
    candidates: tuple[Place, ...] = ()


class _Reading(NamedTuple):
    """What a name may stand for and when (a form of the table, or "abbreviation")."""

    form: str
    place: Place
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

    def __init__(self, rows: Iterable[Sequence[str]]) -> None:
        self._chains: dict[str, tuple[Place, ...]] = {}
        self._readings: dict[
            str, list[_Reading]
        ] = {}  # no reading: a longer word that only looks like a place (大理石)
        for code, name, short, level, parent, full_form, short_form, abbreviation, not_in, former in rows:
            place = Place(code, name, short, PlaceLevel(level), parent or None)  # a parent's code sorts before its own
            self._chains[code] = (place, *(self._chains[parent] if parent not in ("", _NATION) else ()))
            if code == _NATION:
                continue
            self._readings.setdefault(name, []).append(_Reading(full_form, place, is_full=True))
            if short != name:
                self._readings.setdefault(short, []).append(_Reading(short_form, place))
            if "自治" in name:  # 景宁畲族自治县 is called 景宁县, 广西壮族自治区 广西自治区
                alias = short + ("自治区" if place.level is PlaceLevel.PROVINCE else name[-1])
                if alias != name and short_form != "never":  # 河南蒙古族自治县 would be found in 河南县城
                    self._readings.setdefault(alias, []).append(_Reading("alone", place, is_full=True))
            for before in _BEFORE_ABBREVIATION if abbreviation else "":
                self._readings[before + abbreviation] = [_Reading("abbreviation", place)]
            for old in former.split():  # 玉环县, 江干区: what it, or a part of it, was called
                self._readings.setdefault(old, []).append(_Reading("alone", place, is_full=True))
            for word in not_in.split():
                self._readings.setdefault(word, [])
        self._names_at: dict[str, list[str]] = {}  # names by their first two characters, longest first
        for name in self._readings:
            self._names_at.setdefault(name[:2], []).append(name)
        for names in self._names_at.values():
            names.sort(key=len, reverse=True)

    def place(self, code: str) -> Place:
        """The place with this six-digit code.

        Raises:
            KeyError: the table has no such code; so it is for every method that takes one.
        """
        return self._chains[code][0]

    def chain(self, code: str) -> tuple[Place, ...]:
        """The place itself, then its city, then its province, as far as it has them. The nation is left out."""
        return self._chains[code]

    def covers(self, policy_code: str, asked_code: str) -> bool:
        """Whether a policy of one place applies in the other: in itself and in what lies in it, never above it."""
        policy, chain = self.place(policy_code), self.chain(asked_code)
        return policy.level is PlaceLevel.NATION or policy in chain

    def full_name(self, code: str) -> str:
        """The name with those above it: 广东省广州市海珠区, 上海市浦东新区."""
        return "".join(place.name for place in reversed(self._chains[code]))

    def find(self, text: str, *, near: str | None = None) -> tuple[PlaceMention, ...]:
        """All places named in a text, in its order.

        `near` is the code of a place known otherwise (chosen in the page, named in an earlier question): it decides
        between namesakes as a mention would, but is not reported itself.
        """
        context = frozenset(place.code for place in self._chains[near]) if near else frozenset()
        mentions = self._read(text, context)
        wider = context.union(place.code for m in mentions for place in self._chains[m.place.code])
        return tuple(self._read(text, wider) if wider != context else mentions)  # now knowing what the first found

    def _read(self, text: str, context: frozenset[str]) -> list[PlaceMention]:
        mentions: list[PlaceMention] = []
        at = 0
        while at < len(text) - 1:
            for name in self._names_at.get(text[at : at + 2], ()):
                if not text.startswith(name, at):
                    continue
                if not self._readings[name]:
                    at += len(name) - 1
                    break
                mention = self._mention(name, text, at, mentions[-1] if mentions else None, context)
                if mention:
                    if mentions and mention.span.start == mentions[-1].span.start:
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
        glue = _GLUE.fullmatch(text, previous.span.end, at) if previous else None
        if previous and glue:
            inside = [r for r in readings if previous.place in self._chains[r.place.code][1:]]
            inside = [r for r in inside if r.form != "never" and not (r.form == "adjacent" and glue[1])]
            if inside:
                return self._settle(inside, context, Span(previous.span.start, end))
            if previous.span.end == at and all(r.place.level is PlaceLevel.DISTRICT for r in readings):
                return None  # 佛山白云区, were it newer than the table: those it has are in other cities
        readings = [r for r in readings if r.form not in ("adjacent", "never")]
        if readings and not any(r.is_full for r in readings):
            top = min(_RANK[r.place.level] for r in readings)
            highest = [r for r in readings if _RANK[r.place.level] == top]
            if len(highest) == 1 and highest[0].form != "together":
                readings = highest
            else:
                readings = [r for r in readings if any(p.code in context for p in self._chains[r.place.code][1:])]
        if not readings:
            return None
        return self._settle(readings, context, Span(end - 1 if readings[0].form == "abbreviation" else at, end))

    def _fits(self, reading: _Reading, name: str, text: str, end: int) -> bool:
        """Whether the words behind leave the name what it is."""
        if reading.is_full:
            return text[end : end + 1] not in tuple(_RUN_ON.get(name[-1], ""))
        if reading.form == "abbreviation":  # neither 在苏州, nor 入沪广州 (入户 mistyped)
            return not (self._begins(text, end - 1) or self._begins(text, end))
        if self._begins(text, end - 1) and _COMPLEMENT.search(text, 0, end - len(name) + 1):
            return False  # 评上海珠首席技师 is 海珠, not 上海
        return not _OTHER_THING.match(text, end)

    def _begins(self, text: str, at: int) -> bool:
        """Whether a place's name, or a word of the table that only looks like one, begins here."""
        return any(text.startswith(name, at) for name in self._names_at.get(text[at : at + 2], ()))

    def _settle(self, readings: Iterable[_Reading], context: frozenset[str], span: Span) -> PlaceMention:
        """Choose among namesakes: those of a city in the context, else of a province; then the highest in rank."""
        places = tuple(r.place for r in readings)
        for level in (PlaceLevel.CITY, PlaceLevel.PROVINCE) if len(places) > 1 else ():
            known = {self.place(code) for code in context if self.place(code).level is level}.difference(places)
            places = tuple(p for p in places if known.intersection(self._chains[p.code][1:])) or places
        top = min(_RANK[place.level] for place in places)
        places = tuple(place for place in places if _RANK[place.level] == top)
        if len(places) == 1:
            return PlaceMention(places[0], span)
        holders = (a for a in self._chains[places[0].code] if all(a in self._chains[p.code] for p in places))
        return PlaceMention(next(holders, self.place(_NATION)), span, places)

    def resolve(self, name: str) -> Place:
        """The one place meant by a name or code given on its own: 广州, 海珠区, 广东省广州市海珠区, 440105.

        Raises:
            JurisdictionError: the name is unknown, or several places bear it.
        """
        name = "".join(name.split())
        if name in self._chains or name in _NATION_NAMES:
            return self.place(name if name in self._chains else _NATION)
        readings = self._readings.get(name, [])  # on its own even an everyday word is meant as a place
        whole = Span(0, len(name))
        mention = next((m for m in self.find(name) if m.span == whole), None)
        if mention is None and readings:
            mention = self._settle(readings, frozenset(), whole)
        if mention is None:
            raise JurisdictionError(self._unknown(name))
        candidates = mention.candidates
        if len(readings) > 1 and not any(r.is_full or r.form == "alone" for r in readings):
            candidates = tuple(r.place for r in readings)
        if candidates:
            names = "、".join(self.full_name(place.code) for place in candidates)
            raise JurisdictionError(
                f"叫“{name}”的地方不止一个：{names}。地区不明就无法确定适用哪里的政策，请写出完整的地名。"
            )
        return mention.place

    def _unknown(self, name: str) -> str:
        near = [mention.place.code for mention in self.find(name) if not mention.candidates]
        near += [r.place.code for n in get_close_matches(name, self._readings, n=6) for r in self._readings[n]]
        names = "、".join(list(dict.fromkeys(map(self.full_name, near)))[:3])
        return (
            f"全国行政区划表里没有“{name[:30]}”。地区不明就无法确定适用哪里的政策。"
            f"{f'是不是想说：{names}？' if names else ''}请写省、市或县区的名称，例如“广州”或“广东省广州市海珠区”。"
        )


def load_gazetteer(path: Path) -> Gazetteer:
    """Read the table of divisions; its columns are described in the README beside it."""
    return Gazetteer(line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:])


# 我省, 省里, 省的, 省级文件, 省方案, 省24号; not 节省的, 帮我省钱, 超市里, 日本市场, 社区里, nor a title: 省级技能大师.
_OURS = r"(?:我们|你们|咱们|我|咱|(?<![基根成资版书课剧日])本|全)"
_PAPERS = r"(?:级?(?:文件|政策|方案|规定|办法|意见|通知|层面|部门|主管|财政|补贴|补助)|\d+号)"
_SPEAKING_OF = r"(?:^|(?<=[在按和跟与是从看问对到把给由被及或向比靠们那这说了前年近听让，。？！、；：,?!; ]))"
# 「省里的能手」 names a rank, not the level whose text is asked about
_AWARD = r"(?!的?(?:能手|大师|工作室|奖|冠军|荣誉|劳模|首席|技师|工匠))"
_RELATIVE = re.compile(
    rf"(?P<province>{_OURS}省(?![钱事心下点了力吃去着])|(?<![节俭能可要想该会最外各每他邻两])省(?:里{_AWARD}|的{_AWARD}|{_PAPERS}))"
    rf"|(?P<city>{_OURS}市(?![场值价面盈])|(?<![城上超夜股门都集楼车菜早闹街入省外各每他])市(?:里{_AWARD}|的{_AWARD}|{_PAPERS}))"
    rf"|(?P<district>{_OURS}[区县](?![域别分间块位])|{_SPEAKING_OF}[区县](?:的|{_PAPERS})|(?<![外各每他])县里"
    r"|(?<![社园小山厂景片辖城特库矿郊街专新湾校地老港贸范发态牧林灾疫战市住营税展功能考外各每他])区里)"
)


def relative_level(text: str) -> PlaceLevel | None:
    """The level a text speaks of without naming the place, the first where it speaks of several; None for none.

    Example:
        >>> relative_level("省里对首席技师有补贴吗"), relative_level("怎样节省的培训费")
        (<PlaceLevel.PROVINCE: 'province'>, None)
    """
    found = _RELATIVE.search(text)
    return PlaceLevel(found.lastgroup) if found and found.lastgroup else None
