"""What the operator's tools ask for: is it alive, is it ready, what has it done."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST

from assistant.problems import documented, typed
from assistant.services import Counted, Opened
from ingest.errors import IngestError

public = APIRouter()
measured = APIRouter(responses=documented(401, 403, 429, 503))


@public.get("/healthz")
async def alive() -> dict[str, str]:
    """Say that the process runs."""
    return {"status": "ok"}


@public.get("/readyz", responses=documented(503))
def ready(opened: Opened, counted: Counted) -> dict[str, str | int]:
    """Say that questions can be answered: the index is there, fits, and finds a passage."""
    generation = opened.catalogue.probe()
    counted.generation(generation)
    return {"status": "klar", "generation": generation, "documents": len(opened.catalogue)}


@measured.get("/metrics", response_class=Response, responses=typed("text/plain"))
def metrics(opened: Opened, counted: Counted) -> Response:
    """Return the figures for Prometheus, which must be had above all when nothing else works."""
    try:
        counted.generation(opened.catalogue.generation())
    except IngestError:
        counted.generation(None)
    return Response(counted.page(), media_type=CONTENT_TYPE_LATEST)
