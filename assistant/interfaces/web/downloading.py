"""A pack as the answer to a click: a file to keep, or a page to print."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from assistant.registers.export import FORMATS, export_bytes
from assistant.registers.packs import Pack

_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".html": "text/html; charset=utf-8",
}


def download(pack: Pack, ending: str) -> Response:
    """The file; an unknown ending gives a workbook, the printable page is opened and not saved."""
    ending = ending if ending in FORMATS else ".xlsx"
    name = f"{pack.title}-{pack.as_of.isoformat()}{ending}"
    kept = "inline" if ending == ".html" else "attachment"
    headers = {"content-disposition": f"{kept}; filename*=UTF-8''{quote(name)}"}
    return Response(export_bytes(pack, ending), headers=headers, media_type=_TYPES[ending])
