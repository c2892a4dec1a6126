"""Writing a model folder: int8 tables, tokenizer, configuration, model card, manifest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer

LIMIT = 25 * 1024 * 1024
APART = ("manifest.json", "answerability.json")
"""Not listed: the manifest itself, and the judge of silence, which names this manifest and carries a sum of its own."""


def quantise(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows as int8 and the scale that restores each; error at most half a 127th of a row's largest number."""
    scale = np.maximum(np.abs(table).max(axis=1), 1e-9) / 127
    return np.round(table / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def write_manifest(folder: Path) -> int:
    """List every file's sha256 but those of `APART`; the folder's size in bytes.

    Raises:
        ValueError: the folder is larger than what may be committed.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    listed = [path for path in files if path.name not in APART]
    sums = {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in listed}
    text = json.dumps({"format": 1, "sha256": sums}, indent=2) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if size > LIMIT:
        raise ValueError(f"{folder.name} takes {size} bytes; at most {LIMIT} may be committed. Train fewer pieces.")
    return size


def write_model(
    folder: Path,
    tokenizer: Tokenizer,
    means: np.ndarray,
    late: np.ndarray,
    late_weights: np.ndarray,
    *,
    card: str,
    seed: int,
) -> int:
    """Write the folder in model2vec's layout (`embeddings`, `weights`), the late interaction table beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, scales = quantise(means)
    late_rows, _ = quantise(late)
    save_file(
        {
            "embeddings": rows,
            "weights": scales,
            "late.embeddings": late_rows,
            "late.weights": late_weights.astype(np.float32),
        },
        folder / "model.safetensors",
    )
    (folder / "model.safetensors").chmod(0o644)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    config = {
        "model_type": "model2vec",
        "architectures": ["StaticModel"],
        "normalize": True,
        "embedding_dtype": "int8",
        "hidden_dim": int(means.shape[1]),
        "late_dim": int(late.shape[1]),
        "pieces": len(means),
        "seed": seed,
        "matryoshka": [256, 128, 64],
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    modules = [
        {"idx": 0, "name": "0", "path": ".", "type": "sentence_transformers.models.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    (folder / "modules.json").write_text(json.dumps(modules, indent=2) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(card, encoding="utf-8")
    return write_manifest(folder)
