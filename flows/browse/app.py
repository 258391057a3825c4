"""The archive as a web app: start page, lists with facets, pages of articles and of names. It only reads."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.resources import files
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import HTMLResponse, Response

from ontherecord.flows.browse.article_page import article_parts, environment
from ontherecord.flows.browse.links import list_address, parameters_of
from ontherecord.flows.citation import in_one_line
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.ids import shortened
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
# Rows of a page of speakers.
_SPEAKERS = 50
_Words = Annotated[str | None, Query(max_length=200)]
_Page = Annotated[int, Query(alias="page", ge=1, le=1_000_000)]
_NameKind = Literal["person", "organization", "group", "place", "event", "other"]
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
    pages = Pages(PublishedReader(home))
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=pages.close_at_the_end)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_HOSTS, www_redirect=False)
    answers: Mapping[str, Callable[..., Response]] = {
        "/": pages.start,
        "/articles": pages.articles,
        "/quotes": pages.quotes,
        "/speakers": pages.speakers,
        "/article/{article_id}": pages.article,
        "/name/{entity_id}": pages.name,
        "/style.css": pages.style_sheet,
    }
    for path, answer in answers.items():
        app.add_api_route(path, answer, methods=["GET"])
    app.add_exception_handler(WarehouseError, pages.unreadable)
    app.add_exception_handler(RequestValidationError, pages.invalid)
    app.add_exception_handler(404, pages.missing)
    app.add_exception_handler(405, pages.not_taken)
    return app


class Pages:
    """The answers of the app, all made of one reader."""

    def __init__(self, reader: PublishedReader) -> None:
        self._reader = reader
        self._style = _style()
        self._style_address = f"/style.css?{hashlib.sha256(self._style.encode()).hexdigest()[:12]}"

    @asynccontextmanager
    async def close_at_the_end(self, app: FastAPI) -> AsyncIterator[None]:
        """Close the published file when the app stops."""
        yield
        self._reader.close()

    def style_sheet(self) -> Response:
        headers = {**_HEADERS, "Cache-Control": "max-age=86400"}
        return Response(self._style, headers=headers, media_type="text/css")

    def start(self) -> HTMLResponse:
        with self._reader.pages() as reading:
            return self._page(
                "start.html.j2",
                totals=reading.totals(),
                cited=in_one_line(reading.about()),
                listed=reading.articles(Selection(), size=6),
                kinds=reading.kinds(),
                speakers=reading.speakers(None, size=12).rows,
            )

    def articles(self, selection: _Selected, number: _Page = 1) -> HTMLResponse:
        shown = replace(selection, kind=None, speaker=None, entity_id=None, sure=False)
        with self._reader.pages() as reading:
            listed = reading.articles(shown, number)
        paging = _paging(number, listed.row_count)
        return self._page("articles.html.j2", selection=shown, listed=listed, **paging)

    def quotes(self, selection: _Selected, number: _Page = 1) -> HTMLResponse:
        with self._reader.pages() as reading:
            listed = reading.quotes(selection, number)
            name = None if selection.entity_id is None else reading.name_of(selection.entity_id)
        paging = _paging(number, listed.row_count)
        return self._page("quotes.html.j2", selection=selection, listed=listed, name=name, **paging)

    def speakers(self, q: _Words = None, kind: _NameKind | None = None, number: _Page = 1) -> HTMLResponse:
        who = (q or "").strip() or None
        with self._reader.pages() as reading:
            listed = reading.speakers(who, kind, number, _SPEAKERS)
        paging = _paging(number, listed.row_count, _SPEAKERS)
        return self._page("speakers.html.j2", who=who, kind=kind, listed=listed, **paging)

    def article(self, article_id: _Id) -> HTMLResponse:
        with self._reader.pages() as reading:
            found = reading.article(article_id) or reading.article(shortened(article_id))
        if found is None:
            return self._error(404, "No such article", "It may have been taken out of the archive.")
        return self._page("article.html.j2", **article_parts(found))

    def name(self, entity_id: _Id) -> HTMLResponse:
        with self._reader.pages() as reading:
            found = reading.name(entity_id) or reading.name(shortened(entity_id))
        if found is None:
            message = "No article names it now: it may have been merged with another name."
            return self._error(404, "No such name", message)
        return self._page("name.html.j2", read=found)

    def unreadable(self, request: Request, error: Exception) -> HTMLResponse:
        return self._error(503, "The archive cannot be read", str(error))

    def invalid(self, request: Request, error: Exception) -> HTMLResponse:
        return self._error(404, "No such page", "The address has a part that no page has.")

    def missing(self, request: Request, error: Exception) -> HTMLResponse:
        return self._error(404, "No such page", "Begin at the start page, or search.")

    def not_taken(self, request: Request, error: Exception) -> HTMLResponse:
        return self._error(405, "Nothing can be sent here", "These pages only show what is published.")

    def _error(self, status: int, title: str, message: str) -> HTMLResponse:
        return self._page("error.html.j2", status, title=title, message=message)

    def _page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        shared = {
            "style": self._style_address,
            "list_address": list_address,
            "parameters_of": parameters_of,
        }
        text = environment().get_template(template).render(shared, **values)
        return HTMLResponse(text, status, _HEADERS)


def _paging(number: int, row_count: int, size: int = PAGE_SIZE) -> Mapping[str, int]:
    """Return the number of a page of a list and of its last."""
    return {"number": number, "last": max(1, -(-row_count // size))}


def _style() -> str:
    """Return the style sheet: what all pages share, and what is for these."""
    shared = files("ontherecord.flows.pages").joinpath("page.css").read_text(encoding="utf-8")
    return shared + files("ontherecord.flows.browse").joinpath("templates", "browse.css").read_text(
        encoding="utf-8"
    )
