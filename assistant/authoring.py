"""Put the parts of an author together from the settings; not in assistant.opening, as they load slowly."""

from __future__ import annotations

from langchain_core.language_models import BaseChatModel

from assistant.answer import Assistant
from assistant.author import Author
from assistant.breaker import Breaker
from assistant.chatmodel import build_model
from assistant.condense import Helper
from assistant.errors import ConfigurationError
from assistant.generate import Writer
from assistant.gloss import Gloss
from assistant.library import Library
from assistant.phrases import read
from assistant.prompts import Prompts, load
from assistant.settings import AssistantSettings, ChatSettings
from assistant.verify import Checker
from ingest.analysis import Analyzer
from ingest.words import WordList


def check_model(chat: ChatSettings) -> tuple[BaseChatModel, Prompts]:
    """Return the model and the prompt texts that the settings name.

    Raises:
        ConfigurationError: the model cannot be used as it is set, or none is named.
        PromptError: a prompt text is missing or wrong.
    """
    model = build_model(chat)
    if model is None:
        raise ConfigurationError("Sett MEDRAAD_CHAT_MODEL til navnet på språkmodellen.")
    return model, load(chat.prompts)


def open_author(
    settings: AssistantSettings,
    chat: ChatSettings,
    assistant: Assistant,
    library: Library,
    model: BaseChatModel | None = None,
    breaker: Breaker | None = None,
) -> Author:
    """Return the author that the settings name, or one that writes with `model`, spared by `breaker`.

    Raises:
        ConfigurationError: the model cannot be used as it is set, none is named, or the owner's list of words
            cannot be read.
        PromptError: a prompt text is missing or wrong.
        IngestError: the word list is missing.
    """
    model, prompts = (model, load(chat.prompts)) if model else check_model(chat)
    analyzer = Analyzer(WordList.open(settings.words))
    checker = Checker(analyzer, Gloss.of(read(settings.lexicon)), prompts.texts)
    writer = Writer(model, chat, prompts, checker, breaker)
    return Author(assistant, library, writer, Helper(model, chat, prompts, writer.breaker), chat)
