"""A small OpenAI-compatible server for the model of local-model.lock; `python -m eval.localmodel` starts it.

Runs in an environment of its own, with ik-llama-cpp-python and the standard library only. One answer at a
time: two cores write 15 to 20 tokens a second.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from ctypes import c_bool, c_int32, c_void_p
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import takewhile
from pathlib import Path
from threading import Lock
from typing import Any

CONTEXT = 8192
"""Tokens of prompt and answer together."""


class Model:
    """Writes token by token, in the chat format of Qwen (ChatML)."""

    def __init__(self, path: Path, threads: int) -> None:
        from ik_llama_cpp import IkLlama  # only there in the server's own environment

        self._llama: Any = IkLlama(str(path), n_ctx=CONTEXT, n_threads=threads, verbose=False)
        self._lock = Lock()
        self._held: list[int] = []
        """Tokens read and written last; what a new prompt shares with them is not read again."""

    def write(self, messages: list[dict[str, str]], most: int) -> Iterator[str]:
        """Yield the pieces of an answer of at most `most` tokens, greedily."""
        prompt = "".join(f"<|im_start|>{m['role']}\n{m['content']}<|im_end|>\n" for m in messages)
        with self._lock:
            tokens = self._llama.tokenize(f"{prompt}<|im_start|>assistant\n", add_bos=False, special=True)
            if len(tokens) + most > CONTEXT:
                raise ValueError(f"maximum context length is {CONTEXT} tokens")
            yield from self._decoded(tokens, most)

    def _decoded(self, tokens: list[int], most: int) -> Iterator[str]:
        """Decode one token at a time; the library's own loop gives only the whole answer."""
        from ik_llama_cpp import _ctypes_api as api
        from ik_llama_cpp._internals import make_batch_range, make_batch_single

        context = self._llama._context
        step = context._n_ubatch
        for start in range(self._kept(api, context, tokens), len(tokens), step):
            last = start + step >= len(tokens)
            piece = tokens[start : start + step]
            self._decode(api, context, make_batch_range(piece, pos_start=start, logits_last=last))
            self._held += piece
        written: list[int] = []
        said = ""
        while len(written) < most:
            token = context.sample(-1, temperature=0.0, top_k=1, top_p=1.0)
            if api.llama_token_is_eog(self._llama._model.model, token):
                return
            written.append(token)
            text = self._llama.detokenize(written)
            # A letter of several bytes may come in two tokens; it is held back until it is whole.
            if not text.endswith("\ufffd"):
                yield text[len(said) :]
                said = text
            self._decode(api, context, make_batch_single(token, len(tokens) + len(written) - 1))
            self._held.append(token)

    def _kept(self, api: Any, context: Any, tokens: list[int]) -> int:  # noqa: ANN401 — a module of C functions
        """Forget what a prompt does not share with the last one; return how many of its tokens are held."""
        alike = (one == other for one, other in zip(self._held, tokens[:-1], strict=False))
        shared = sum(takewhile(bool, alike))

        # The package binds no more than clearing all of it.
        forget = api._lib.llama_kv_cache_seq_rm
        forget.argtypes, forget.restype = [c_void_p, c_int32, c_int32, c_int32], c_bool
        forget(context._ctx, 0, shared, -1)
        del self._held[shared:]
        return shared

    @staticmethod
    def _decode(api: Any, context: Any, batch: Any) -> None:  # noqa: ANN401 — C structures
        failed = context.decode(batch)
        api.llama_batch_free(batch)
        if failed:
            raise RuntimeError(f"llama_decode: {failed}")


class Handler(BaseHTTPRequestHandler):
    """POST /v1/chat/completions, streamed or whole; GET /v1/models."""

    model: Model
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """List the one model."""
        self._send(200, {"object": "list", "data": [{"id": "local", "object": "model"}]})

    def do_POST(self) -> None:
        """Answer a chat."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        pieces = self.model.write(body["messages"], int(body.get("max_tokens") or 256))
        try:
            first = next(pieces, "")
        except ValueError as error:
            self._send(400, {"error": {"message": str(error), "type": "invalid_request_error"}})
            return
        if body.get("stream"):
            self._stream(first, pieces)
        else:
            choice = {"index": 0, "message": {"role": "assistant", "content": first + "".join(pieces)}}
            self._send(200, envelope("chat.completion", {**choice, "finish_reason": "stop"}))

    def _stream(self, first: str, pieces: Iterator[str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            self._event({"content": first}, None)
            for piece in pieces:
                self._event({"content": piece}, None)
            self._event({}, "stop")
            self.wfile.write(b"data: [DONE]\n\n")
        except (BrokenPipeError, ConnectionResetError):
            pieces.close()  # type: ignore[attr-defined]

    def _event(self, delta: dict[str, str], finish: str | None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        event = json.dumps(envelope("chat.completion.chunk", choice), ensure_ascii=False)
        self.wfile.write(f"data: {event}\n\n".encode())
        self.wfile.flush()

    def _send(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Keep questions out of the terminal."""


def envelope(kind: str, choice: dict[str, Any]) -> dict[str, Any]:
    """Return a response of OpenAI's chat protocol around one choice."""
    return {"id": "chatcmpl-local", "object": kind, "created": 0, "model": "local", "choices": [choice]}


def main() -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    Handler.model = Model(given.model, given.threads)
    server = ThreadingHTTPServer(("127.0.0.1", given.port), Handler)
    server.daemon_threads = True
    sys.stderr.write(f"Modelltjener på http://127.0.0.1:{given.port}/v1\n")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
