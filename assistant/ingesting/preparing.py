"""One received file → what will be stored: the text, its record, its number in the corpus, and how it reads."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from assistant.errors import CorpusError
from assistant.jurisdictions import Gazetteer
from assistant.model import PolicyDocument
from assistant.parsing.blocks import is_complete_title
from assistant.parsing.formats.characters import CONTROL, UNSEEN
from assistant.parsing.formats.extraction import Extraction
from assistant.parsing.formats.isolation import Extract, extract_file
from assistant.parsing.formats.sniffing import format_of
from assistant.parsing.loading import LoadedText, decode
from assistant.parsing.origins import FoundValue, Origin
from assistant.parsing.reading import read_text

_EXTENSIONS = {
    "html": "html",
    "mhtml": "mht",
    "docx": "docx",
    "pdf": "pdf",
    "markdown": "md",
    "doc": "doc",
    "rtf": "rtf",
}
_NATION, _UNPLACED = "全国", "未定地区"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file ready to be stored.

    Attributes:
        document: the text as read; its policy id is the one it will have.
        origin: the record to write.
        folder: name of the folder under corpus/.
        text: bytes of the stored text.
        kept: bytes of the original, where it is kept beside the text.
    """

    document: PolicyDocument
    origin: Origin
    folder: str
    text: bytes
    kept: bytes | None


def prepare(
    data: bytes, name: str, gazetteer: Gazetteer, place: str | None = None, extract: Extract = extract_file
) -> Prepared:
    """Extract, read and number one file; nothing is written.

    Args:
        data: the file.
        name: its name, which may give a title where the text does not.
        gazetteer: the national table of places.
        place: division code given by a person; goes over the one read from the text.
        extract: reads the file; that of a `FileReader` where there are many.

    Raises:
        ExtractionError: The file cannot be used.
    """
    extraction = extract(data, name)
    sha256 = hashlib.sha256(data).hexdigest()
    stored, kept = _stored(data, name, extraction)
    text = decode(stored, name)[0]
    loaded = LoadedText(text, hashlib.sha256(stored).hexdigest(), "utf-8")
    first = read_text("new", loaded, "", gazetteer)
    values = _values(first, extraction, name, gazetteer, place)
    code = place or first.policy.jurisdiction
    if code is None and any(value.field == "jurisdiction" for value in values):
        code = next(value.value for value in values if value.field == "jurisdiction")
    issued = first.policy.issued_on or first.policy.published_on or first.policy.effective_from
    policy_id = f"{code or '000000'}-{issued.year if issued else '0000'}-{sha256[:8]}"
    kind = format_of(data, name)
    origin = Origin(
        name=name,
        format=kind,
        sha256=sha256,
        text_sha256=loaded.sha256,
        original=f"{policy_id}.{_EXTENSIONS.get(kind, 'raw')}" if kept is not None else None,
        pages=extraction.pages,
        set_aside=extraction.set_aside,
        doubts=extraction.doubts,
        values=values,
    )
    folder = _UNPLACED if code is None else _NATION if code == "100000" else gazetteer.place(code).name
    source = f"corpus/{folder}/{policy_id}.txt"
    document = read_text(policy_id, loaded, source, gazetteer, origin.metadata(policy_id))
    ledger = sorted((*document.ledger, *origin.ledger(len(text))), key=lambda entry: entry.span)
    paged = replace(document, policy=replace(document.policy, pages=origin.pages), ledger=tuple(ledger))
    return Prepared(paged, origin, folder, stored, kept)


def _stored(data: bytes, name: str, extraction: Extraction) -> tuple[bytes, bytes | None]:
    """The bytes of the stored text, and the original where it is another file.

    A text file is stored as it came, unless something invisible stands in it.
    """
    if extraction.format == "text":
        plain = decode(data, name)[0]
        if not UNSEEN.search(plain) and not CONTROL.search(plain):
            return data, None
    return extraction.text.encode("utf-8"), data


def _values(
    document: PolicyDocument, extraction: Extraction, name: str, gazetteer: Gazetteer, place: str | None
) -> tuple[FoundValue, ...]:
    policy = document.policy
    values: list[FoundValue] = []
    stem = _title_of_name(name)
    outside = next((t for t in (extraction.title, stem) if is_complete_title(t) or t.endswith(("案", "法"))), "")
    title = policy.title
    printed = [re.sub(r"\s", "", line) for line in policy.text.splitlines()[:30]]
    in_text = len(stem) >= 6 and re.sub(r"\s", "", stem) in printed
    broken = not is_complete_title(title) and (len(title) < 6 or " | " in title or "首页" in title or in_text)
    broken = broken or (in_text and stem.endswith("案") and title != stem)
    if title == policy.policy_id or (outside and broken):
        chosen, note = (
            (extraction.title, "文件自带的题名") if outside == extraction.title and outside else (stem, "文件名")
        )
        if chosen:
            values.append(FoundValue("title", chosen, note))
            title = chosen
    if place is not None:
        if place != policy.jurisdiction:
            values.append(FoundValue("jurisdiction", place, "入库时指定的地区"))
    elif policy.jurisdiction is None:
        for words, note in ((title, "题名里的地名"), (stem, "文件名里的地名")):
            if code := _place_in(words, gazetteer):
                values.append(FoundValue("jurisdiction", code, note))
                return tuple(values)
        if extraction.site and (code := _place_of_site(extraction.site, gazetteer)):
            values.append(FoundValue("jurisdiction", code, f"网站名（{extraction.site}）"))
    return tuple(values)


def _place_in(title: str, gazetteer: Gazetteer) -> str | None:
    """The place a title begins with; a place further on may be where something happened."""
    if title.startswith("中华人民共和国"):
        return "100000"
    mentions = gazetteer.find(title)
    if mentions and mentions[0].span.start <= 2 and is_complete_title(title) and not mentions[0].candidates:
        return mentions[0].place.code
    return None


def _place_of_site(site: str, gazetteer: Gazetteer) -> str | None:
    mentions = gazetteer.find(site)
    return mentions[-1].place.code if mentions and not mentions[-1].candidates else None


def _title_of_name(name: str) -> str:
    """The words of a file name: without extension, leading number, and the date a download adds.

    Example:
        >>> _title_of_name("66.关于废止某办法的通知(2021-09-04).docx")
        '关于废止某办法的通知'
    """
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name)
    stem = re.sub(r"^\d{1,4}\s*[.．、_-]\s*", "", stem)
    stem = re.sub(r"\s*[（(_-]?\s*(?:19|20)\d{2}-?\d{2}-?\d{2}\s*[)）]?$", "", stem)
    return re.sub(r"\s*[（(]\d{1,2}[)）]$", "", stem).strip()


def place_code(name: str, gazetteer: Gazetteer) -> str:
    """The division code of a place named by a person.

    Raises:
        JurisdictionError: The national table does not know it.
    """
    if name in (_NATION, "国家", "中国"):
        return "100000"
    return gazetteer.resolve(name).code


def read_again(document: PolicyDocument) -> None:
    """Check that the reading tiles the text, before it is stored.

    Raises:
        CorpusError: It does not.
    """
    for node in document.root.walk():
        if sum(len(span) for span in (*node.own_spans(), *(child.span for child in node.children))) != len(node.span):
            raise CorpusError(f"《{document.policy.title}》{node.path} 的条款没有铺满原文，未入库。请报告这份文件。")
