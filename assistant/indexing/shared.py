"""A store by its address: which engine keeps it, without loading the others.

postgresql://user@host/database     PostgreSQL with pgvector
http://host:19530                   Milvus
path/to/file.db                     Milvus Lite, for trying things out
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from assistant.errors import SettingsError
from assistant.indexing.manifest import EncoderRecord
from assistant.indexing.protocol import Entry, Store
from assistant.model import PolicyDocument

_INSTALL = "没有安装连接{engine}所需的程序包，打不开共用的索引。请运行 pip install 'policy-assistant[{extra}]'。"


def build_shared(
    address: str,
    documents: Sequence[PolicyDocument],
    entries: Sequence[Entry],
    tokenizer: str,
    encoder: EncoderRecord | None,
) -> None:
    """Bring the store at an address to exactly these documents and entries; made where it is not there.

    Raises:
        SettingsError: no engine has such addresses, or its client is not installed.
        IndexStoreError: the store cannot be written; what it held stays.
    """
    if _engine(address) == "postgres":
        try:
            from assistant.indexing.postgres.building import build_store as build_postgres
        except ImportError as error:
            raise SettingsError(_INSTALL.format(engine=" PostgreSQL ", extra="postgres")) from error
        build_postgres(address, documents, entries, tokenizer=tokenizer, encoder=encoder)
        return
    try:
        from assistant.indexing.milvus.building import build_store as build_milvus
    except ImportError as error:
        raise SettingsError(_INSTALL.format(engine=" Milvus ", extra="milvus")) from error
    build_milvus(address, documents, entries, tokenizer=tokenizer, encoder=encoder)


def open_shared(address: str, tokenizer: str, encoder: EncoderRecord | None) -> Store:
    """Open the store at an address.

    Raises:
        SettingsError: no engine has such addresses, or its client is not installed.
        IndexMissingError: nothing has been built there.
        IndexStaleError, EncoderError: it was built with another tokenizer or model.
        IndexStoreError: it cannot be reached.
    """
    if _engine(address) == "postgres":
        try:
            from assistant.indexing.postgres.shelf import PostgresStore
        except ImportError as error:
            raise SettingsError(_INSTALL.format(engine=" PostgreSQL ", extra="postgres")) from error
        return PostgresStore(address, tokenizer=tokenizer, encoder=encoder)
    try:
        from assistant.indexing.milvus.shelf import MilvusStore
    except ImportError as error:
        raise SettingsError(_INSTALL.format(engine=" Milvus ", extra="milvus")) from error
    return MilvusStore(address, tokenizer=tokenizer, encoder=encoder)


def _engine(address: str) -> str:
    scheme = urlsplit(address).scheme
    if scheme in ("postgresql", "postgres"):
        return "postgres"
    if scheme in ("http", "https") or (not scheme and address.endswith(".db")):
        return "milvus"
    raise SettingsError(
        f"看不懂索引地址“{_without_password(address)}”，没有打开。"
        "请写成 postgresql://用户@主机/库名、http://主机:19530 或 文件.db。"
    )


def _without_password(address: str) -> str:
    return address.rsplit("@", 1)[-1][:60]
