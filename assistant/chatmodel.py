"""The language model: how it is built, where it runs, and its errors in our words.

Every provider is reached through LangChain. A model is named `provider:model` (`openai:gpt-5-mini`,
`ollama:qwen3`), or by its name alone together with the address of an OpenAI-compatible server.
"""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
import openai
from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage
from langchain_core.runnables import Runnable
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from assistant.access import is_loopback
from assistant.errors import AssistantError, ConfigurationError
from assistant.logs import LOGGER
from assistant.settings import ChatSettings

Failure = Literal[
    "connection", "refused", "busy", "server", "timeout", "empty", "garbage", "unsupported", "endless",
    "broken", "context", "resting", "declined", "beside",
]  # fmt: skip
"""What went wrong, for the metrics."""

PROVIDER_ERRORS = (
    openai.OpenAIError,
    httpx.HTTPError,
    OSError,
    # A server that answers with something else than the protocol shows up as one of these.
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
)
"""What a provider's client raises while a request runs."""

_MESSAGES: dict[Failure, str] = {
    "connection": "Språkmodellen svarer ikke på adressen sin.",
    "refused": "Språkmodellen avviste nøkkelen.",
    "busy": "Språkmodellen har for mye å gjøre akkurat nå.",
    "server": "Språkmodellen meldte en feil.",
    "timeout": "Språkmodellen brukte for lang tid.",
    "empty": "Språkmodellen skrev ikke noe svar.",
    "garbage": "Språkmodellen svarte med noe som ikke lar seg lese.",
    "unsupported": "Språkmodellen skrev ikke noe som kildene bærer.",
    "endless": "Språkmodellen sluttet ikke å skrive.",
    "broken": "Forbindelsen til språkmodellen ble brutt.",
    "context": "Spørsmålet og kildene ble for lange for språkmodellen.",
    "resting": "Språkmodellen har feilet flere ganger og får hvile litt.",
    "declined": "Språkmodellen fant ikke svaret i kildene den fikk.",
    "beside": "Det som var igjen av språkmodellens svar, svarte ikke på spørsmålet.",
}


OTHER_PROVIDERS = frozenset(
    """anthropic anthropic_bedrock azure_ai azure_openai bedrock bedrock_converse cohere deepseek fireworks
    google_genai google_vertexai groq huggingface ibm mistralai nvidia ollama openrouter perplexity together
    upstage xai""".split()
)
"""Prefixes that name one of LangChain's providers, each in a package of its own (`langchain-ollama` …)."""


class ModelFailure(AssistantError):
    """The model could not be used; `kind` says why, `retry_after` when it would like to be asked again."""

    def __init__(self, kind: Failure, retry_after: float | None = None) -> None:
        super().__init__(_MESSAGES[kind])
        self.kind = kind
        self.retry_after = retry_after


def build_model(settings: ChatSettings) -> BaseChatModel | None:
    """Return the model that the settings name, or None where they name none.

    Raises:
        ConfigurationError: the provider is unknown, its package is not installed, or a setting is missing.
    """
    if settings.chat_model is None:
        return None
    key = settings.chat_api_key
    try:
        if settings.chat_base_url and settings.chat_model.partition(":")[0] not in OTHER_PROVIDERS:
            return _at_address(settings)
        return _by_provider(settings)
    except (ImportError, ValueError, TypeError, openai.OpenAIError) as error:
        raise ConfigurationError(
            f"MEDRAAD_CHAT_MODEL={settings.chat_model!r} kan ikke brukes: "
            f"{_without_key(str(error).partition(chr(10))[0], key)}"
        ) from None


def leaves_machine(settings: ChatSettings) -> bool:
    """Tell whether what is asked goes to another machine; so it is taken to be where no address is given."""
    host = urlsplit(settings.chat_base_url or "").hostname
    return host is None or not is_loopback(host)


def _at_address(settings: ChatSettings) -> BaseChatModel:
    """Return a model at an OpenAI-compatible address.

    `openai:name` speaks OpenAI's newest dialect (Azure too), a name alone the older one, which every other
    server knows: `max_tokens`, and a temperature of 0. A name may hold a colon of its own (`qwen3:8b`).
    """
    provider, _, name = str(settings.chat_model).partition(":")
    newest = provider == "openai"
    return ChatOpenAI(
        model=name if newest else str(settings.chat_model),
        base_url=settings.chat_base_url,
        # Local servers take no key, but the client insists on one.
        api_key=settings.chat_api_key or SecretStr("ingen"),
        timeout=settings.chat_timeout,
        max_completion_tokens=settings.chat_max_tokens if newest else None,
        extra_body=None if newest else {"max_tokens": settings.chat_max_tokens},
        max_retries=0,
        http_async_client=_client(settings),
        temperature=None if newest else 0,
        use_responses_api=False,
        stream_usage=False,
        # Our own budgets hold; this one can swallow a cancellation (asyncio.wait_for before Python 3.12).
        stream_chunk_timeout=None,
    )


def _by_provider(settings: ChatSettings) -> BaseChatModel:
    options: dict[str, Any] = {"max_tokens": settings.chat_max_tokens}
    provider = str(settings.chat_model).partition(":")[0]
    if provider == "ollama":
        options["num_predict"] = options.pop("max_tokens")
    else:
        options |= {"timeout": settings.chat_timeout, "max_retries": 0}
    if provider == "openai":
        options["http_async_client"] = _client(settings)
    if settings.chat_api_key is not None:
        options["api_key"] = settings.chat_api_key
    if settings.chat_base_url is not None:
        options["base_url"] = settings.chat_base_url
    model: BaseChatModel = init_chat_model(str(settings.chat_model), **options)
    return model


def _client(settings: ChatSettings) -> httpx.AsyncClient:
    """Return a client that keeps no connection, so that nothing outlives an answer or its event loop."""
    return httpx.AsyncClient(timeout=settings.chat_timeout, limits=httpx.Limits(max_keepalive_connections=0))


def limited(model: BaseChatModel, tokens: int) -> Runnable[LanguageModelInput, AIMessage]:
    """Return the model bound to write at most `tokens`, in the words that its server understands."""
    if isinstance(model, ChatOpenAI) and model.extra_body:
        return model.bind(extra_body={**model.extra_body, "max_tokens": tokens})
    name = "num_predict" if hasattr(model, "num_predict") else "max_tokens"
    return model.bind(**{name: tokens})


def _without_key(text: str, key: SecretStr | None) -> str:
    return text.replace(key.get_secret_value(), "***") if key and key.get_secret_value() else text


def translate(error: Exception, begun: bool) -> ModelFailure:
    """Return the failure that a provider's error stands for; `begun` once the model had started to write."""
    if isinstance(error, ModelFailure):
        return error
    if isinstance(error, openai.APITimeoutError | httpx.TimeoutException | TimeoutError):
        return ModelFailure("timeout")
    if isinstance(error, openai.APIStatusError):
        return _by_status(error)
    if isinstance(error, openai.APIConnectionError | httpx.TransportError | OSError):
        return ModelFailure("broken" if begun else "connection")
    if isinstance(error, openai.APIError):
        return ModelFailure("context" if _says_context(str(error)) else "server")
    # Most likely the server's words, but it may be a mistake of ours.
    LOGGER.warning("språkmodellens svar kunne ikke leses", exc_info=error)
    return ModelFailure("garbage")


def _by_status(error: openai.APIStatusError) -> ModelFailure:
    status = error.status_code
    if status in (401, 403):
        return ModelFailure("refused")
    if status == 429:
        return ModelFailure("busy", _seconds(error.response.headers.get("retry-after")))
    if status in (400, 413) and _says_context(str(error)):
        return ModelFailure("context")
    return ModelFailure("server")


def _says_context(text: str) -> bool:
    lower = text.lower()
    return "context" in lower or "too long" in lower or "maximum" in lower


def _seconds(value: str | None) -> float | None:
    """Read Retry-After in seconds; a date, which no model server sends, counts as absent."""
    try:
        return max(0.0, float(value)) if value else None
    except ValueError:
        return None
