"""Pages from their templates, with what every page shows."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse

from assistant.settings import AssistantSettings


def render(
    request: Request,
    template: str,
    values: Mapping[str, object],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Return a page.

    Args:
        request: what it answers.
        template: its file in `pages/`.
        values: what the template shows besides what every page does.
        status: of HTTP; the page is told it too.
        headers: of the answer.
    """
    settings: AssistantSettings = request.app.state.settings
    page = request.app.state.pages.get_template(template)
    common = {
        "name": settings.name,
        "language": "nb",
        "status": status,
        "retention_days": settings.retention_days if settings.store_questions else 0,
    }
    return HTMLResponse(page.render(common | dict(values)), status, headers)
