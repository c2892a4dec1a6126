"""Old Word files, through LibreOffice where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from assistant.parsing.formats.extraction import RefusedFileError

_PROGRAMS = ("soffice", "libreoffice")
_SECONDS = 60


def read_legacy(data: bytes, kind: str) -> bytes:
    """A DOCX made of a DOC or RTF; macros do not run, and the work is done in a folder thrown away after.

    Raises:
        RefusedFileError: LibreOffice is not there, or could not convert the file.
    """
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise RefusedFileError(
            f"这是旧版 Word 文件（.{kind}），读它需要 LibreOffice，本机没有，未入库。"
            "请安装 LibreOffice，或在 Word 里另存为 .docx 再试。"
        )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"source.{kind}"
        source.write_bytes(data)
        profile = (Path(folder) / "profile").as_uri()
        command = [program, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to", "docx"]
        try:
            subprocess.run(
                [*command, "--outdir", folder, str(source)],
                timeout=_SECONDS,
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            return (Path(folder) / "source.docx").read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise RefusedFileError(
                "LibreOffice 没能打开这份旧版 Word 文件，未入库。请在 Word 里另存为 .docx 再试。"
            ) from error
