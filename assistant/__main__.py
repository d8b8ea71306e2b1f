"""The command line: answering and serving here, the owner's and the operator's commands beside."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant import collector
from assistant.commands import add_commands
from assistant.documents import add_document_commands
from assistant.errors import AssistantError
from assistant.output import write
from assistant.settings import AssistantSettings, ChatSettings
from ingest.errors import IngestError
from ingest.settings import load

EXIT_PROBLEM = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. Errors become one Norwegian sentence on standard error."""
    given = _parser().parse_args(arguments)
    try:
        settings = load(AssistantSettings, corpus=given.corpus, index=given.index, **given.settings(given))
        status: int = given.run(settings, given)
        return status
    except (IngestError, AssistantError) as error:
        sys.stderr.write(f"medraad: {error}\n")
        return EXIT_PROBLEM
    except BrokenPipeError:
        return EXIT_PROBLEM


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--corpus", type=Path, metavar="MAPPE", help="mappe med dokumentene")
    common.add_argument("--index", type=Path, metavar="MAPPE", help="mappe for indeksen")
    common.set_defaults(settings=lambda given: {})
    parser = argparse.ArgumentParser(
        prog="medraad", description="Svar om partssamarbeid og digital omstilling, med kilder."
    )
    commands = parser.add_subparsers(required=True, metavar="KOMMANDO")

    ingest = commands.add_parser("ingest", parents=[common], help="les dokumentene inn i indeksen")
    ingest.set_defaults(run=_ingest)

    status = commands.add_parser("status", parents=[common], help="vis hva indeksen inneholder")
    status.set_defaults(run=_status)

    ask = commands.add_parser("ask", parents=[common], help="still et spørsmål")
    ask.add_argument("question", metavar="SPØRSMÅL")
    ask.add_argument("--json", action="store_true", help="skriv hele svaret som JSON")
    ask.set_defaults(run=_ask)

    search = commands.add_parser("search", parents=[common], help="finn passasjer")
    search.add_argument("question", metavar="SPØRSMÅL")
    search.add_argument("-k", type=_count, default=5, help="hvor mange (standard 5)")
    search.add_argument("--json", action="store_true", help="skriv treffene som JSON")
    search.set_defaults(run=_search)

    serve = commands.add_parser("serve", parents=[common], help="start tjeneren med chatsiden")
    serve.add_argument("--host", help="adresse (standard 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port (standard 8000)")
    serve.add_argument("--workers", type=int, metavar="N", help="antall prosesser (standard 1)")
    serve.set_defaults(
        run=_serve,
        settings=lambda given: {"host": given.host, "port": given.port, "workers": given.workers},
    )
    add_document_commands(commands, common)
    add_commands(commands, common)
    return parser


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 50:
        raise argparse.ArgumentTypeError("må være et tall fra 1 til 50")
    return int(text)


def _ingest(settings: AssistantSettings, given: argparse.Namespace) -> int:
    from ingest.__main__ import run

    return run(settings)


def _status(settings: AssistantSettings, given: argparse.Namespace) -> int:
    from assistant.terminal import show_status

    show_status(settings)
    return 0


def _ask(settings: AssistantSettings, given: argparse.Namespace) -> int:
    from assistant.opening import open_answering
    from assistant.requests import chat_request
    from assistant.respond import whole
    from assistant.terminal import answer_with_sources

    request = chat_request(given.question)
    _, library, responder = open_answering(settings, load(ChatSettings))
    try:
        answer = asyncio.run(whole(responder, request)).answer
    finally:
        library.close()
    write(answer.model_dump_json(indent=1) if given.json else answer_with_sources(answer))
    return 0


def _search(settings: AssistantSettings, given: argparse.Namespace) -> int:
    from assistant.opening import open_assistant
    from assistant.requests import chat_request
    from assistant.terminal import hits_text

    request = chat_request(given.question)
    assistant, library = open_assistant(settings)
    try:
        found = assistant.search(request, given.k)
    finally:
        library.close()
    write(found.model_dump_json(indent=1) if given.json else hits_text(found))
    return 0


def _serve(settings: AssistantSettings, given: argparse.Namespace) -> int:
    collector.hold()  # before the first of the many modules that a server imports
    from assistant.serving import serve

    serve(settings, lambda: write(_greeting(settings)))
    return 0


def _greeting(settings: AssistantSettings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"Medråd svarer på http://{host}:{settings.port} (avslutt med Ctrl+C)"


if __name__ == "__main__":
    sys.exit(main())
