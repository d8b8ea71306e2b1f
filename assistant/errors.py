"""Everything that can go wrong between a question and its answer.

AssistantError            base; its text is Norwegian and names what to do
├── ModelFailure          the language model could not be used (chatmodel); the quoted answer stands in
├── IssuerUnavailable     tokens cannot be checked now (oidc)
├── PromptError           a prompt text misses a variable or names an unknown one
├── NotFound              no such document
├── Refused               who asks may not (key, token); `forbidden`: known, but lacks the scope
├── TooMany               rate limit; carries the seconds to wait
├── StoreUnavailable      feedback cannot be read or written
└── ConfigurationError    the server may not start like this
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base of all errors in this room; the message is for a person, in Norwegian."""


class PromptError(AssistantError):
    """A prompt text misses a variable or names an unknown one (a developer's error)."""


class NotFound(AssistantError):
    """There is no such document in the index."""


class Refused(AssistantError):
    """The key or token is missing, wrong or expired; or (`forbidden`) it is right but lacks the scope."""

    def __init__(self, message: str, forbidden: bool = False) -> None:
        super().__init__(message)
        self.forbidden = forbidden


class TooMany(AssistantError):
    """Too many requests; `retry_after` seconds until the next is welcome."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StoreUnavailable(AssistantError):
    """The file of feedback cannot be read or written."""


class ConfigurationError(AssistantError):
    """The settings do not allow the server to start (e.g. an open address without keys)."""
