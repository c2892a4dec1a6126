"""Structural clause ids after Akoma Ntoso: readable, and the same after every re-parse of the same structure.

chp_3__item_6   三、（六）          art_12__para_2__item_1   第十二条第二款第（一）项
header, notice, preamble, closing   the parts without numbers
art_4-1                             第四条之一
"""

from __future__ import annotations

from assistant.model import Level

_ABBREVIATIONS = {
    Level.PART: "part",
    Level.CHAPTER: "chp",
    Level.SECTION: "sec",
    Level.ARTICLE: "art",
    Level.PARAGRAPH: "para",
    Level.ITEM: "item",
    Level.SUBITEM: "subitem",
    Level.POINT: "point",
    Level.BULLET: "bullet",
    Level.ROW: "row",
    Level.ATTACHMENT: "att",
}


def id_part(level: Level, number: int, insertion: int = 0) -> str:
    """One step of a clause id.

    Example:
        >>> id_part(Level.ITEM, 6), id_part(Level.ARTICLE, 4, 1), id_part(Level.PREAMBLE, 0)
        ('item_6', 'art_4-1', 'preamble')
    """
    name = _ABBREVIATIONS.get(level)
    if name is None:
        return level.value
    return f"{name}_{number}-{insertion}" if insertion else f"{name}_{number}"
