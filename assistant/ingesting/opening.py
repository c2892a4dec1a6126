"""A store by its address, as workers open it."""

from __future__ import annotations

from urllib.parse import urlsplit

from assistant.errors import SettingsError
from assistant.indexing.manifest import EncoderRecord
from assistant.ingesting.target import Target


def open_target(address: str, tokenizer: str, encoder: EncoderRecord | None) -> Target:
    """Open the store at an address for putting documents in; see `assistant.indexing.shared` for addresses.

    Raises:
        SettingsError: No store of this kind takes documents from several workers, or its client is not installed.
        IndexStoreError: It cannot be reached.
    """
    if urlsplit(address).scheme not in ("postgresql", "postgres"):
        raise SettingsError(
            "--workers 要把文件逐份写进共用的数据库，目前只能写 PostgreSQL，没有开始。"
            "请加 --store postgresql://用户@主机/库名，或去掉 --workers。"
        )
    try:
        from assistant.indexing.postgres.taking import PostgresTarget
    except ImportError as error:
        raise SettingsError(
            "没有安装连接 PostgreSQL 所需的程序包，没有开始入库。请运行 pip install 'policy-assistant[postgres]'。"
        ) from error
    return PostgresTarget(address, tokenizer, encoder)
