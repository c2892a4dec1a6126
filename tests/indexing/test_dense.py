from __future__ import annotations

import numpy as np
import pytest

from assistant.errors import IndexCorruptError, IndexStoreError
from assistant.indexing.dense import DenseIndex, Selection, dense_kind


def unit(rows: int, dimension: int = 16) -> np.ndarray:
    vectors = np.random.default_rng(7).normal(size=(rows, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("count", "kind"),
    [
        (0, "Flat"),
        (100_000, "Flat"),
        (100_001, "SQ8"),
        (300_000, "SQ8"),
        (300_001, "IVF1024,SQ8"),
        (4_000_000, "IVF4096,SQ8"),
    ],
)
def test_kind_by_size(count, kind):
    assert dense_kind(count) == kind


@pytest.mark.parametrize(
    ("kind", "tolerance"), [("Flat", 1e-6), ("SQ8", 0.02), ("HNSW32,Flat", 1e-6), ("IVF4,SQ8", 0.02)]
)
def test_a_vector_finds_itself_among_the_allowed(tmp_path, kind, tolerance):
    vectors = unit(300)
    DenseIndex.build(vectors, kind=kind).save(tmp_path / "dense.faiss")
    index = DenseIndex.open(tmp_path / "dense.faiss")
    assert (index.count, index.dimension) == (300, 16)
    allowed = list(range(0, 300, 3))
    found = index.search(vectors[42], 10, allowed)
    assert found[0] == (42, pytest.approx(1.0, abs=tolerance))
    exact = sorted(allowed, key=lambda row: -float(vectors[row] @ vectors[42]))[:10]
    assert len({row for row, _ in found} & set(exact)) >= 9
    assert all(row in allowed for row, _ in found)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


@pytest.mark.parametrize("kind", ["Flat", "SQ8", "HNSW32,Flat", "IVF4,SQ8"])
def test_short_lists_are_not_filled_up(kind):
    vectors = unit(300)
    index = DenseIndex.build(vectors, kind=kind)
    assert {row for row, _ in index.search(vectors[5], 10, [1, 5, 299])} == {1, 5, 299}
    assert index.search(vectors[5], 10, []) == ()
    assert index.search(vectors[5], 0, [1]) == ()


def test_rows_out_of_scope_take_no_seat():
    vectors = unit(50)
    found = DenseIndex.build(vectors).search(vectors[5], 1, [row for row in range(50) if row != 5])
    assert [row for row, _ in found] == [max((r for r in range(50) if r != 5), key=lambda r: vectors[r] @ vectors[5])]


def test_an_empty_index_and_wrong_shapes():
    empty = DenseIndex.build(np.zeros((0, 8), dtype=np.float32))
    assert empty.search(np.ones(8, dtype=np.float32), 5, []) == ()
    with pytest.raises(ValueError, match="dimension 8"):
        empty.search(np.ones(9, dtype=np.float32), 5, [])
    with pytest.raises(ValueError, match="rows, dimension"):
        DenseIndex.build(np.ones(8, dtype=np.float32))


def test_a_file_that_is_no_index_is_refused(tmp_path):
    path = tmp_path / "dense.faiss"
    DenseIndex.build(unit(10)).save(path)
    for content in (b"", b"not an index", path.read_bytes()[:-1]):
        path.write_bytes(content)
        with pytest.raises(IndexCorruptError, match=r"dense\.faiss.*build"):
            DenseIndex.open(path)
    with pytest.raises(IndexCorruptError, match=r"dense\.faiss"):
        DenseIndex.open(tmp_path / "none" / "dense.faiss")
    with pytest.raises(IndexStoreError, match="磁盘空间"):
        DenseIndex.build(unit(10)).save(tmp_path / "none" / "dense.faiss")


def test_vectors_of_an_approximate_index_are_kept_beside_it(tmp_path):
    vectors = unit(300)
    DenseIndex.build(vectors, kind="IVF4,SQ8").save(tmp_path / "dense.faiss")
    index = DenseIndex.open(tmp_path / "dense.faiss")
    np.testing.assert_allclose(index.vectors([7, 299, 7]), vectors[[7, 299, 7]], atol=1e-3)


@pytest.mark.parametrize(("rows", "kind"), [(slice(None), "none"), (slice(20, 50), "range"), ([1, 5, 7], "bitmap")])
def test_a_selection_lets_through_just_its_rows(rows, kind):
    mask = np.zeros(300, dtype=bool)
    mask[rows] = True
    selection, index = Selection(mask), DenseIndex.build(unit(300), kind="SQ8")
    names = {"none": "NoneType", "range": "IDSelectorRange", "bitmap": "IDSelectorBitmap"}
    assert type(selection.selector).__name__ == names[kind]
    found = index.search(unit(300)[5], 300, selection)
    assert sorted(row for row, _ in found) == np.flatnonzero(mask).tolist()
