"""LangChain's retriever interface; a module of its own because langchain_core is slow to import."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever

from assistant.retrieve import Hit


class PassageRetriever(BaseRetriever):
    """LangChain's retriever interface over `search`: a question in, passages out."""

    search: Callable[[str, int], Sequence[Hit]]
    k: int = 8

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        return [
            LangChainDocument(
                page_content=hit.stored.passage.text,
                id=hit.stored.passage.id,
                metadata={
                    "document": hit.stored.passage.document,
                    "section": " › ".join(hit.stored.passage.section),
                    "page": hit.stored.passage.page,
                    "score": hit.score,
                },
            )
            for hit in self.search(query, self.k)
        ]
