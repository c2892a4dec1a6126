"""The model card."""

from __future__ import annotations

from collections.abc import Sequence

from sets import SHIPPED_SETS

FIGURES = """
| Test set, fused with BM25 and late interaction | BM25 | this |
| --- | --- | --- |
| STARD test, R@100 / nDCG@10 | 0.630 / 0.343 | 0.902 / 0.552; with a law prior 0.904 / 0.584 |
| EQUALS, R@10 / R@100 | 0.277 / 0.552 | 0.486 / 0.759; with a law prior 0.505 / 0.790 |
| five documents with lay questions, gold sentence first / in three | 0.475 / 0.678 | 0.797 / 0.915 |
| five documents, each one's lay questions left out, the whole product, 456 questions | 0.520 / 0.730 | 0.691 / 0.886 |

How they were measured, each part switched off, and what was tried: `eval/encoder/RESULTS.md`.
"""
"""The figures of the committed folder; written by hand from RESULTS.md after a run of `measure.py`."""


def card_text(documents: Sequence[str], *, left_out: str, minutes: float) -> str:
    """The card of a trained folder; what is measured stands in `eval/encoder/RESULTS.md`."""
    rows = "\n".join(f"| `{name}` | {what} |" for name, what in SHIPPED_SETS.items())
    note = f"\nThis copy leaves out the lay questions of `{left_out}`; it is for measuring only.\n" if left_out else ""
    return f"""---
language: zh
library_name: model2vec
tags: [static-embedding, chinese, policy, law]
---
# Policy encoder
{note}
A static Chinese encoder for policy and legal text: 40,000 pieces (words up to six characters, and every character),
256 numbers each, int8 with one scale per row. A text's vector is the mean of its pieces, normalised; its first 128 or
64 numbers serve too. A second table and a weight per piece serve late interaction (reranking).

| Trained on | What it is, licence |
| --- | --- |
{rows}
| statutes of the STARD benchmark corpus | articles only, as text (statutes, no copyright); never its questions |
| lay questions of {len(documents)} bundled documents | written for this project |

CMRC 2018 and cMedQQ lend words to the vocabulary and the co-occurrence counts only. Sets marked "experiments only"
(DIAC 2019, Lawyer LLaMA) are not used. No test question was trained on: `train.py` stops if one, normalised, stands
in the data.

Trained by `eval/encoder/train.py` on two cores in {minutes:.0f} minutes.
{FIGURES if not left_out else ""}
## Loading
- numpy, tokenizers, safetensors: `PolicyEncoder.load(folder)` in `eval/encoder/reference.py`.
- model2vec: `StaticModel.from_pretrained(folder)`.
- sentence-transformers: `SentenceTransformer(folder)`.

## Limits
It knows words, not word order: 不得 and 可以 differ little, and numbers are words like others. It finds passages; it
must not be used to judge whether a passage permits or forbids.
"""
