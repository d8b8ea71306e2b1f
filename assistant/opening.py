"""Put the parts of the assistant together from the settings: the one place that does."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

from threadpoolctl import threadpool_limits

from assistant.answer import Assistant
from assistant.contract import ChatRequest
from assistant.library import Library
from assistant.respond import Quoting, Responder
from assistant.settings import AssistantSettings, ChatSettings
from assistant.suggest import Suggester, load_questions
from assistant.weights import Weights
from ingest import generation
from ingest.embed import Embedder, open_embedder
from ingest.vectors import prepare
from ingest.words import WordList


def quiet() -> None:
    """Keep libraries from writing what nobody asked for to the terminal."""
    for name in ("chromadb", "httpx", "pypdf", "trafilatura"):
        logging.getLogger(name).setLevel(logging.ERROR)


def open_library(settings: AssistantSettings) -> tuple[Library, Embedder]:
    """Open the embedder and the library that hands out the live index.

    Raises:
        ModelError: the model or the word list is missing; says what to do.
    """
    # A product of an answer is too small to share: the threads of BLAS would only wait for each other, and
    # several questions at once take twice as long.
    threadpool_limits(1, user_api="blas")
    with ThreadPoolExecutor(1) as beside:
        if settings.chroma_url is not None:
            # Loading the model leaves Python free to import meanwhile.
            beside.submit(prepare)
        embedder = open_embedder(settings.embedder, settings.models, settings.threads)
    return Library(settings, embedder, WordList.open(settings.words)), embedder


def open_assistant(settings: AssistantSettings) -> tuple[Assistant, Library]:
    """Open an assistant over the live index, which need not be there yet.

    Args:
        settings: where everything lies.

    Raises:
        IngestError: the model or the word list is missing or broken.
    """
    library, embedder = open_library(settings)
    return assistant_over(settings, library, embedder), library


def open_answering(
    settings: AssistantSettings, chat: ChatSettings, suggestions: bool = False
) -> tuple[Assistant, Library, Responder]:
    """Open an assistant as `open_assistant` does, and who words its answers: a model, if one is named.

    Raises:
        IngestError: the model, the word list or the list of questions is missing or broken.
        ConfigurationError: the language model cannot be used as it is set.
        PromptError: a prompt text is missing or wrong.
    """
    library, embedder = open_library(settings)
    assistant = assistant_over(settings, library, embedder, suggestions)
    if chat.chat_model is None:
        return assistant, library, Quoting(assistant)
    # Its client libraries take seconds to import: only those wait who want a model.
    from assistant.authoring import open_author

    return assistant, library, open_author(settings, chat, assistant, library)


def assistant_over(
    settings: AssistantSettings, library: Library, embedder: Embedder, suggestions: bool = False
) -> Assistant:
    """Return an assistant over what `open_library` opened; with `suggestions` it tells what to ask next.

    Raises:
        SettingsError: the list of questions is broken.
    """
    assistant = Assistant(library, embedder, Weights.load(), settings.threshold)
    if not suggestions:
        return assistant

    def answers(question: str) -> bool:
        return assistant.answer(ChatRequest(question=question)).answered

    def version() -> str:
        return generation.live(settings.index).name

    questions = load_questions(settings.questions or settings.corpus / "questions.toml")
    suggester = Suggester(questions, embedder, answers, version)
    return Assistant(library, embedder, Weights.load(), settings.threshold, suggester)
