"""LangChain's retriever interface; a module of its own because langchain_core is slow to import."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.answer import Assistant
from assistant.contract import ChatRequest


class PassageRetriever(BaseRetriever):
    """The assistant's search as LangChain's chains know it: a question in, the `k` best passages out."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    k: int = 8

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        return [
            LangChainDocument(
                page_content=passage.text,
                id=passage.url,
                metadata=passage.model_dump(exclude={"text"}) | {"section": " › ".join(passage.section)},
            )
            for passage in self.assistant.search(ChatRequest(question=query), self.k).results
        ]
