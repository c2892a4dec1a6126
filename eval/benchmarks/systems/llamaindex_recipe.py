"""LlamaIndex: sentence splitter, FAISS vector store, BM25Retriever (bm25s), QueryFusionRetriever by reciprocal rank.

For Chinese: the splitter cuts at Chinese stops and counts characters; BM25 reads jieba search tokens, which stand in
the node's metadata and are split on blanks (as installed it finds no Chinese word at all); the same query goes to both
retrievers, so it carries the tokens and the embedding takes the blanks out again.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import faiss
from chinese import CHUNK, OVERLAP, StaticVectors, Words
from harness import Document, Found, main
from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import Document as Whole
from llama_index.core.schema import TextNode
from llama_index.retrievers.bm25 import BM25Retriever
from llama_index.vector_stores.faiss import FaissVectorStore

_BATCH = 1024
_STATIC = StaticVectors()


class Vectors(BaseEmbedding):
    def _get_text_embedding(self, text: str) -> list[float]:
        return _STATIC.embed([text])[0].tolist()

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding("".join(query.split()))

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class LlamaIndex:
    def __init__(self) -> None:
        names = ("llama-index-core", "llama-index-retrievers-bm25", "llama-index-vector-stores-faiss", "bm25s")
        self.versions = {name: version(name) for name in names}
        self._words = Words()

    def build(self, documents: list[Document], folder: Path, split: bool) -> int:
        texts = [(d.doc, 0, d.text) for d in documents]
        if split:
            splitter = SentenceSplitter(
                chunk_size=CHUNK,
                chunk_overlap=OVERLAP,
                tokenizer=list,
                paragraph_separator="\n",
                secondary_chunking_regex="[^。；？！]+[。；？！]?",
                chunking_tokenizer_fn=lambda text: [text],
            )
            nodes = splitter.get_nodes_from_documents([Whole(text=d.text, doc_id=d.doc) for d in documents])
            texts = [(node.ref_doc_id, node.start_char_idx or 0, node.text) for node in nodes]
        nodes = []
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            vectors = _STATIC.embed([text for _, _, text in batch])
            for (doc, at, text), vector in zip(batch, vectors, strict=True):
                nodes.append(
                    TextNode(
                        id_=str(len(nodes)),
                        text=text,
                        embedding=vector.tolist(),
                        start_char_idx=at,
                        end_char_idx=at + len(text),
                        metadata={"words": " ".join(self._words(text)), "doc": doc},
                        excluded_embed_metadata_keys=["doc"],
                        text_template="{metadata_str}",
                        metadata_template="{value}",
                    )
                )
        store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(StaticVectors.dimension))
        context = StorageContext.from_defaults(vector_store=store)
        index = VectorStoreIndex(nodes, storage_context=context, embed_model=Vectors())
        # FAISS stores no text: the nodes go to the document store, where the fused ranking finds them
        context.docstore.add_documents(nodes)
        context.persist(str(folder / "vectors"))
        bm25 = BM25Retriever.from_defaults(nodes=nodes, skip_stemming=True, token_pattern=r"\S+", language=[])
        bm25.persist(str(folder / "bm25"))
        self._fuse(index, bm25)
        return len(nodes)

    def open(self, folder: Path) -> None:
        store = FaissVectorStore.from_persist_dir(str(folder / "vectors"))
        context = StorageContext.from_defaults(vector_store=store, persist_dir=str(folder / "vectors"))
        index = load_index_from_storage(context, embed_model=Vectors())
        bm25 = BM25Retriever.from_persist_dir(str(folder / "bm25"))
        bm25.skip_stemming, bm25.token_pattern = True, r"\S+"
        self._fuse(index, bm25)

    def _fuse(self, index: VectorStoreIndex, bm25: BM25Retriever) -> None:
        self._bm25, self._dense = bm25, index.as_retriever()
        self._both = QueryFusionRetriever(
            [bm25, self._dense], llm=MockLLM(), mode="reciprocal_rerank", num_queries=1, use_async=False
        )

    def search(self, query: dict, k: int) -> list[Found]:
        limit = min(k, len(self._bm25.corpus))
        self._bm25.similarity_top_k = self._dense._similarity_top_k = self._both.similarity_top_k = limit
        found = self._both.retrieve(" ".join(self._words(query["text"])))
        return [Found(n.node.metadata["doc"], n.node.start_char_idx, n.node.end_char_idx) for n in found]


if __name__ == "__main__":
    main(LlamaIndex)
