"""The archive as a web app: start page, lists with facets, pages of articles and of names. It only reads."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import HTMLResponse, Response

from ontherecord.flows.browse.article_page import article_parts, environment
from ontherecord.flows.browse.links import list_address, parameters_of
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.published_reader import PAGE_SIZE, PublishedReader, Selection

# A page of another site whose name leads to this machine (DNS rebinding) sends its own name.
_HOSTS = ("127.0.0.1", "localhost")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_MOST = 2**63 - 1
_Words = Annotated[str | None, Query(max_length=200)]
_Page = Annotated[int, Query(alias="page", ge=1, le=1_000_000)]
_Id = Annotated[int, Path(ge=-_MOST, le=_MOST)]


def _selection(
    q: _Words = None,
    by: _Words = None,
    name: Annotated[int | None, Query(ge=-_MOST, le=_MOST)] = None,
    outlet: str | None = None,
    section: str | None = None,
    month: Annotated[str | None, Query(pattern=r"^[1-9]\d{3}(-(0[1-9]|1[0-2]))?$")] = None,
    kind: Literal["direct", "mixed", "indirect", "act"] | None = None,
    sure: Literal["yes"] | None = None,
) -> Selection:
    return Selection(
        words=(q or "").strip() or None,
        speaker=(by or "").strip() or None,
        entity_id=name,
        outlet=outlet,
        section=section,
        month=month,
        kind=kind,
        sure=sure is not None,
    )


_Selected = Annotated[Selection, Depends(_selection)]


def create_app(home: DataDir) -> FastAPI:
    """Return the app for a home folder's published archive."""
    reader = PublishedReader(home)

    @asynccontextmanager
    async def close_at_the_end(app: FastAPI) -> AsyncIterator[None]:
        yield
        reader.close()

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=close_at_the_end)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_HOSTS, www_redirect=False)
    style = _style()
    style_address = f"/style.css?{hashlib.sha256(style.encode()).hexdigest()[:12]}"

    def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
        text = (
            environment()
            .get_template(template)
            .render(style=style_address, list_address=list_address, parameters_of=parameters_of, **values)
        )
        return HTMLResponse(text, status, _HEADERS)

    def page_of_error(status: int, title: str, message: str) -> HTMLResponse:
        return page("error.html.j2", status, title=title, message=message)

    @app.get("/style.css")
    def stylesheet() -> Response:
        return Response(style, headers={**_HEADERS, "Cache-Control": "max-age=86400"}, media_type="text/css")

    @app.get("/")
    def start() -> HTMLResponse:
        with reader.pages() as reading:
            return page(
                "start.html.j2",
                totals=reading.totals(),
                listed=reading.articles(Selection(), size=6),
                kinds=dict(reading.quotes(Selection(), size=0).facets.get("kind", ())),
                speakers=reading.speakers(None, size=12).rows,
            )

    @app.get("/articles")
    def articles(selection: _Selected, number: _Page = 1) -> HTMLResponse:
        shown = Selection(
            words=selection.words, outlet=selection.outlet, section=selection.section, month=selection.month
        )
        with reader.pages() as reading:
            listed = reading.articles(shown, number)
        return page("articles.html.j2", selection=shown, listed=listed, **_paging(number, listed.row_count))

    @app.get("/quotes")
    def quotes(selection: _Selected, number: _Page = 1) -> HTMLResponse:
        with reader.pages() as reading:
            listed = reading.quotes(selection, number)
            found = reading.name(selection.entity_id) if selection.entity_id is not None else None
        return page(
            "quotes.html.j2",
            selection=selection,
            listed=listed,
            name=found.name["name"] if found else None,
            **_paging(number, listed.row_count),
        )

    @app.get("/speakers")
    def speakers(
        q: _Words = None,
        kind: Literal["person", "organization", "group", "place", "event", "other"] | None = None,
        number: _Page = 1,
    ) -> HTMLResponse:
        who = (q or "").strip() or None
        with reader.pages() as reading:
            listed = reading.speakers(who, kind, number, 50)
        return page(
            "speakers.html.j2", who=who, kind=kind, listed=listed, **_paging(number, listed.row_count, 50)
        )

    @app.get("/article/{article_id}")
    def article(article_id: _Id) -> HTMLResponse:
        with reader.pages() as reading:
            found = reading.article(article_id)
        if found is None:
            return page_of_error(404, "No such article", "It may have been taken out of the archive.")
        return page("article.html.j2", **article_parts(found))

    @app.get("/name/{entity_id}")
    def name(entity_id: _Id) -> HTMLResponse:
        with reader.pages() as reading:
            found = reading.name(entity_id)
        if found is None:
            return page_of_error(
                404, "No such name", "No article names it now: it may have been merged with another name."
            )
        return page("name.html.j2", read=found)

    @app.exception_handler(WarehouseError)
    def unreadable(request: Request, error: WarehouseError) -> HTMLResponse:
        return page_of_error(503, "The archive cannot be read", str(error))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> HTMLResponse:
        return page_of_error(404, "No such page", "The address has a part that no page has.")

    @app.exception_handler(404)
    def missing(request: Request, error: Exception) -> HTMLResponse:
        return page_of_error(404, "No such page", "Begin at the start page, or search.")

    @app.exception_handler(405)
    def not_taken(request: Request, error: Exception) -> HTMLResponse:
        return page_of_error(405, "Nothing can be sent here", "These pages only show what is published.")

    return app


def _paging(number: int, row_count: int, size: int = PAGE_SIZE) -> Mapping[str, int]:
    """Return the number of a page of a list and of its last."""
    return {"number": number, "last": max(1, -(-row_count // size))}


def _style() -> str:
    """Return the style sheet: what all pages share, and what is for these."""
    shared = files("ontherecord.flows.pages").joinpath("page.css").read_text(encoding="utf-8")
    return shared + files("ontherecord.flows.browse").joinpath("templates", "browse.css").read_text(
        encoding="utf-8"
    )
