"""Texts to vectors. The index works without an encoder; with one, any sentence-transformers model on disk will do.

Nothing is downloaded: a model is a folder, or a name whose files already lie in the Hugging Face cache.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from assistant.errors import EncoderError
from assistant.indexing.dense import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCH_SIZE = 32
_PICKLED = {".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"}
_INSTALL = "请运行 pip install 'policy-assistant[encoder]' 安装，或不设编码器、只用关键词检索。"


class Embedder(Protocol):
    """Makes vectors of passages and of questions, comparable by inner product.

    Attributes:
        name: for people and the manifest.
        dimension: numbers per vector.
        fingerprint: changes whenever the vectors of any text may change.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def dimension(self) -> int: ...  # noqa: D102
    @property
    def fingerprint(self) -> str: ...  # noqa: D102

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found: float32, shape (texts, dimension), each of length 1."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, of the same shape and length."""
        ...


class SentenceTransformerEmbedder:
    """A sentence-transformers model, run on the CPU. Importing it takes seconds, so it is done here and not before.

    Queries and passages get the model's own prompts where it defines them ("query:", "passage:").

    Args:
        path_or_name: a model folder, or the name of a model in the local Hugging Face cache.

    Raises:
        EncoderError: the package, the model or one of its files is missing, or its weights are not safetensors.
    """

    def __init__(self, path_or_name: str | Path) -> None:
        folder = _model_folder(str(path_or_name))
        self.name = folder.name if Path(path_or_name).is_dir() else str(path_or_name)
        self.fingerprint = _fingerprint(folder, self.name)
        self._model = _load(folder, self.name)
        self.dimension = int(self._model.get_embedding_dimension() or self.embed_passages(["维"]).shape[1])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found; see `Embedder`."""
        return _unit(self._model.encode_document(list(texts), batch_size=_BATCH_SIZE, show_progress_bar=False))

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions; see `Embedder`."""
        return _unit(self._model.encode_query(list(texts), batch_size=_BATCH_SIZE, show_progress_bar=False))


def _unit(vectors: object) -> Vectors:
    rows = np.asarray(vectors, dtype=np.float32)
    # A text without a known token has the zero vector; it stays zero and matches nothing.
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    unit: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return unit


def _model_folder(path_or_name: str) -> Path:
    if Path(path_or_name).is_dir():
        return Path(path_or_name)
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise EncoderError(f"没有安装 sentence-transformers，向量模型“{path_or_name}”无法加载。{_INSTALL}") from error
    try:
        return Path(snapshot_download(path_or_name, local_files_only=True))
    except (OSError, ValueError) as error:
        raise EncoderError(
            f"找不到向量模型“{path_or_name}”：它既不是本机文件夹，也不在本机模型缓存中，因此不能按语义检索（本程序不联网下载）。"
            "请检查路径，或先把模型文件放到本机。"
        ) from error


def _fingerprint(folder: Path, name: str) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_ornament(path, folder))
    safe = {path.parent for path in files if path.suffix == ".safetensors"}
    # The loader takes a folder's safetensors where there are some, and else unpickles what it finds.
    if not safe or any(path.suffix in _PICKLED and path.parent not in safe for path in files):
        raise EncoderError(
            f"向量模型“{name}”的权重不全是 .safetensors 文件，其他格式的权重可能夹带代码，不予加载。"
            "请换用 safetensors 格式的模型。"
        )
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def _is_ornament(path: Path, folder: Path) -> bool:
    """Whether the file has no say in the vectors: model cards and what lies in hidden folders."""
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return hidden or path.suffix.lower() in {".md", ".png", ".jpg"}


def _load(folder: Path, name: str) -> SentenceTransformer:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EncoderError(f"没有安装 sentence-transformers，向量模型“{name}”无法加载。{_INSTALL}") from error
    try:
        return SentenceTransformer(
            str(folder),
            device="cpu",
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
    # The libraries below raise KeyError, RuntimeError, JSON and safetensors errors alike for a damaged model.
    except Exception as error:
        raise EncoderError(
            f"向量模型“{name}”加载失败（{type(error).__name__}），不能按语义检索。"
            "请确认模型文件齐全、未损坏，且不需要运行模型自带的代码。"
        ) from error
