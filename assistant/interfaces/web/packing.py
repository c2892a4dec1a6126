"""The conversation as a pack: each question, its answer, and every citation with its document."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from datetime import date

from assistant.interfaces.web.asking import Trouble, Turns
from assistant.interfaces.web.escaping import escape
from assistant.jurisdictions import Gazetteer
from assistant.model import Answer, Policy, Refusal
from assistant.registers.export import export_bytes
from assistant.registers.packs import Pack, Sheet, fingerprint, sources_of
from assistant.registers.tables import answer_pack

ENDINGS = {".xlsx": "Excel", ".csv": "CSV", ".md": "Markdown", ".html": "打印版"}
_NAME = "问答记录"


def conversation_pack(turns: Turns, policies: Sequence[Policy], gazetteer: Gazetteer, as_of: date) -> Pack:
    """All questions in one pack; a turn without an answer is told in words alone."""
    facts: list[tuple[str, str]] = []
    rows: list[tuple[str, ...]] = []
    notices: list[str] = []
    columns: tuple[str, ...] = ()
    readings = []
    for turn in turns:
        facts.append((f"问题 {turn.number}", turn.question))
        reply = turn.reply
        facts.append((f"回答 {turn.number}", reply.message if isinstance(reply, Trouble) else reply.text))
        if isinstance(reply, Answer | Refusal):
            pack = answer_pack(turn.question, reply, policies, gazetteer, as_of)
            columns = pack.sheet.columns
            rows += [(str(turn.number), *row) for row in pack.sheet.rows]
            notices += reply.draft.notices
            readings += [(cited.policy, cited.status) for cited in reply.draft.citations]
    sheet = Sheet(_NAME, ("问题", *columns), tuple(rows))
    told = tuple(dict.fromkeys(notices))
    return Pack(_NAME, tuple(facts), told, sheet, sources_of(readings, gazetteer), as_of, fingerprint(policies))


def parcel(pack: Pack, ending: str) -> str:
    """A file as markup that the page's script turns into a download, so that no copy stays on the server.

    The first word differs each time: asking twice for the same file must change the page.
    """
    content = base64.b64encode(export_bytes(pack, ending)).decode()
    name = f"{pack.title}-{pack.as_of.isoformat()}{ending}"
    return f'<p class="file">{escape(" ".join((secrets.token_hex(4), name, content)))}</p>'
