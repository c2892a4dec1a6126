"""Exact look-ups: clause addresses and document numbers in a question, and the clauses they name.

「广东 三、（四）」 「穗府办〔2025〕7号第(六)条」 「第六部分」 「(十六)」 「最后一条」 「第二个破折号」 「粤人社发24号」
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.model import Clause, Level, Policy, PolicyDocument
from assistant.parsing.numerals import NUMERAL, ordinal
from assistant.parsing.references import DOCUMENT_NUMBER, normal_number

_CN = NUMERAL.replace("0-9０-９", "")
_ADDRESS = re.compile(
    rf"(?:第?(?P<chapter>{_CN}{{1,3}}|(?<!\d)\d{{1,2}})\s*(?:[、，,.．]|部分|章|大?条|大?点)?\s*的?\s*(?:里|中|下)?\s*(?:面)?(?:的)?\s*)?"
    rf"(?:第\s*)?[（(]\s*(?P<item>{_CN}{{1,3}}|\d{{1,2}})\s*[）)](?!\s*号)\s*(?:条|项|点|款)?"
    rf"|第\s*(?P<part>{_CN}{{1,5}}|\d{{1,3}})\s*(?:个)?(?P<unit>部分|大部分|章|条|大条|大点)"
)
_LAST = re.compile(r"(?:最后|末尾|结尾|末)(?:的)?(?:那|这)?(?:一|个)?(?P<unit>条|项|部分|章|点)")
_BULLET = re.compile(rf"第\s*(?P<number>{_CN}{{1,2}}|\d)\s*(?:个|条|处)?\s*(?:破折号|——|短横)")
# How an organ's code ends: 穗府办, 粤人社发, 粤人社规, 浙委办发, 国发, 人社厅函
_CODE = re.compile(r"(?:[府政委国社办厅局财教总工信农建卫][办发规函字令通]|府|公告|令)$")
# 「24号方案」「海府办4号文」「粤人社发24号」「2025年7号」, not 「5月24号」, 「7号楼」, 「4号线」
_SHORT_NUMBER = re.compile(
    r"(?P<code>[\u4e00-\u9fff]{2,6})?(?:(?P<year>20\d\d)年?)?(?<![\d月])第?(?P<number>\d{1,4})号(?P<kind>文|方案|意见|通知|计划)?"
)


@dataclass(frozen=True, slots=True)
class Address:
    """A place inside a document, as asked for. Numbers are 0 where not given.

    Attributes:
        words: as written in the question.
        chapter, item: ordinals; `item` alone may stand under several chapters.
        bullet: the n-th —— under the chapter.
        last: "item" or "chapter" for 最后一条, 最后一部分; "" otherwise.
    """

    words: str
    chapter: int = 0
    item: int = 0
    bullet: int = 0
    last: str = ""


def find_addresses(text: str) -> tuple[Address, ...]:
    """All clause addresses in a question, in order.

    Example:
        >>> [(a.chapter, a.item) for a in find_addresses("浙江三(二)和四(二)别弄错")]
        [(3, 2), (4, 2)]
        >>> [(a.chapter, a.item) for a in find_addresses("广州文件第(六)条讲什么")]
        [(0, 6)]
    """
    found: list[tuple[int, Address]] = []
    for match in _ADDRESS.finditer(text):
        if match["item"]:
            chapter = ordinal(match["chapter"]) if match["chapter"] else 0
            found.append((match.start(), Address(match.group().strip(), chapter, ordinal(match["item"]))))
        elif match["unit"] in ("条",):
            found.append((match.start(), Address(match.group(), 0, ordinal(match["part"]))))
        else:
            found.append((match.start(), Address(match.group(), ordinal(match["part"]))))
    for match in _LAST.finditer(text):
        found.append(
            (match.start(), Address(match.group(), last="chapter" if match["unit"] in ("部分", "章") else "item"))
        )
    if bullet := _BULLET.search(text):
        found = [(at, a) for at, a in found if not bullet.start() <= at < bullet.end()]
        found.append((bullet.start(), Address(bullet.group(), bullet=ordinal(bullet["number"]))))
    return tuple(address for _, address in sorted(found, key=lambda entry: entry[0]))


def clauses_at(document: PolicyDocument, address: Address) -> tuple[Clause, ...]:
    """The clauses of a document that an address names; several when the label repeats, none when there is none."""
    nodes = [node for node in document.root.walk() if node.level not in (Level.DOCUMENT, Level.FURNITURE)]
    if address.bullet:
        bullets = [node for node in nodes if node.level is Level.BULLET]
        return tuple(bullets[address.bullet - 1 : address.bullet])
    chapters = [node for node in nodes if node.level is Level.CHAPTER]
    articles = [node for node in nodes if node.level is Level.ARTICLE]
    if address.last == "chapter":
        return tuple(chapters[-1:])
    if address.last:
        units = articles or [node for node in nodes if node.level is Level.ITEM] or chapters
        return tuple(units[-1:])
    if address.item and articles and not address.chapter:
        return tuple(node for node in articles if _number(node) == address.item)
    if address.chapter:
        inside = [node for node in chapters if _number(node) == address.chapter]
        if not address.item:
            return tuple(inside)
        return tuple(n for node in inside for n in node.walk() if n.level is Level.ITEM and _number(n) == address.item)
    return tuple(node for node in nodes if node.level is Level.ITEM and _number(node) == address.item)


def _number(clause: Clause) -> int:
    match = re.search(rf"{NUMERAL}+", clause.label)
    return ordinal(match.group()) if match else 0


def find_documents(text: str, policies: Iterable[Policy], within: frozenset[str] | None = None) -> tuple[str, ...]:
    """Ids of the policies that a question names by number or title.

    A short form such as 「24号方案」 or 「海府办4号文」 counts when it fits policies of the places `within`; None is
    everywhere.
    """
    policies = tuple(policies)
    folded = re.sub(r"\s", "", text)
    for match in DOCUMENT_NUMBER.finditer(folded):
        if exact := [p.policy_id for p in policies if p.document_number and _is_number(p.document_number, match)]:
            return tuple(exact)
    named = list(dict.fromkeys(p.policy_id for p in policies for name in _long_names(p.title) if name in folded))
    if named:
        return tuple(named)
    for match in _SHORT_NUMBER.finditer(folded):
        ids = [p.policy_id for p in policies if _fits(p, match) and (within is None or p.jurisdiction in within)]
        if ids:
            return tuple(ids)
    return ()


def without_numbers(text: str) -> str:
    """A question without the document numbers in it: 「省24号文里工会该干啥」 is about 工会.

    All of it where next to nothing is left.

    Example:
        >>> without_numbers("24号文里工会该干点啥"), without_numbers("穗府办〔2025〕7号")
        ('里工会该干点啥', '穗府办〔2025〕7号')
    """
    left = _SHORT_NUMBER.sub(" ", DOCUMENT_NUMBER.sub(" ", text)).strip()
    return left if len(re.findall(r"[\u4e00-\u9fff]", left)) >= 4 else text


def names_unknown_number(text: str, policies: Iterable[Policy]) -> str | None:
    """A full document number in the question that no policy of the corpus has, in its official form."""
    numbers = [policy.document_number for policy in policies if policy.document_number]
    for match in DOCUMENT_NUMBER.finditer(re.sub(r"\s", "", text)):
        if not any(_is_number(number, match) for number in numbers):
            wanted = normal_number(*match.groups())
            return wanted if _has_code(match) else wanted[wanted.index("〔") :]
    return None


def _is_number(number: str, match: re.Match[str]) -> bool:
    """Whether a number written out means this policy's; 「那个〔2025〕7号」, which gives no code, fits by the rest."""
    wanted = normal_number(*match.groups())
    return wanted.endswith(number) or (not _has_code(match) and number.endswith(wanted[wanted.index("〔") :]))


def _has_code(match: re.Match[str]) -> bool:
    """Whether the words before the bracket end like an organ's code, not like speech (「那个」, 「文件」, 「广州」)."""
    return _CODE.search(match.group(1)) is not None


@lru_cache(maxsize=100_000)
def _names(title: str) -> tuple[str, str]:
    """What people call a document: its title without issuer, 关于 and last bracket; that without 省 and 市 before."""
    core = re.sub(r"[（(][^（）()]{1,8}[）)]$|\s", "", title.split("关于", 1)[-1])
    return core, re.sub(r"^(?:[\u4e00-\u9fff]{2,4}?[省市])+", "", core)


@lru_cache(maxsize=100_000)
def _long_names(title: str) -> tuple[str, ...]:
    """Those of `_names` that are long enough to be meant; gone through for every document and question."""
    return tuple(dict.fromkeys(name for name in _names(title) if len(name) >= 6))


def _fits(policy: Policy, match: re.Match[str]) -> bool:
    """Whether a short form means this policy: the number, the year where said, and a word that makes it a document's.

    A code before the number must be the policy's own: 海府办7号文 is not 穗府办〔2025〕7号; 市府办7号文 leaves it open.
    """
    if policy.document_number is None:
        return False
    own = DOCUMENT_NUMBER.search(policy.document_number)
    if own is None or int(own.group(3)) != int(match["number"]):
        return False
    if match["year"] is not None and match["year"] != own.group(2):
        return False
    code = match["code"] or ""
    if _CODE.search(code) and not re.search(r"[省市区县].?[政府委办]{1,2}$", code):
        return code.endswith(own.group(1))
    return bool(match["kind"] or match["year"])
