"""The archive in a browser and an article as a page: what they show, and that they only show."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import threading
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb
import httpx
import pytest
from commands import ONTHERECORD, carry_out
from runs import article, rows, run
from served import served

from ontherecord.flows.browse.article_page import format_confidence, is_sure, render_article
from ontherecord.flows.browse.server import listen
from ontherecord.flows.citation import in_one_line
from ontherecord.warehouse.about import read_about
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import ServiceError, WarehouseError
from ontherecord.warehouse.published_reader import ArticleRead, PublishedReader, Selection

SCRIPT = "<script>alert('title')</script>"
VOID = {"meta", "link", "input", "br", "rect"}


class Page(HTMLParser):
    """A page as a browser takes it: balanced elements, their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str, name: str) -> list[str]:
        """Return the values of an attribute of all elements of a kind."""
        return [value for t, attributes in self.elements if t == tag and (value := attributes.get(name))]


@contextmanager
def browser(home: Path) -> Iterator[httpx.Client]:
    """Give a client of the pages of a home."""
    with served(home) as address, httpx.Client(base_url=address) as client:
        yield client


def get(client: httpx.Client, address: str, status: int = 200) -> Page:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return Page(answer.text)


@pytest.fixture(scope="module")
def client(archive: Path) -> Iterator[httpx.Client]:
    with browser(archive) as opened:
        yield opened


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    landing, home = folder / "landing", folder / "home"
    landing.mkdir()
    home.mkdir()
    text = article(
        title=f"{SCRIPT} harbour",
        section="<b onclick=alert(1)>\"'",
        body='"We are <img src=x onerror=alert(2)> open," harbour master Ida Brandt said.\n</p>{{ 7 * 7 }}',
    )
    headers = "## Outlet: <i>Courier</i>&\n## Date"
    (landing / '"onload=alert(4) <i>\u202e.txt').write_text(
        text.replace("## Date", headers), encoding="utf-8"
    )
    aliases = 'alias,name,kind\nIda Brandt,"</a><script>alert(5)</script>",person\n'
    (home / "aliases.csv").write_text(aliases, encoding="utf-8")
    run(landing, home)
    return home


def test_start_page_has_totals_search_and_ways_in(archive: Path, samples: Path, client: httpx.Client) -> None:
    page = get(client, "/")
    [(articles, quotes)] = rows(
        archive, "select count(*), (select count(*) from quotes where kind != 'act') from articles"
    )
    assert f"{articles:,} articles" in page.text
    assert f"with {quotes:,} quotes" in page.text
    assert f"{in_one_line(read_about(DataDir(samples)))}. To cite it, run ontherecord cite." in page.text
    [(speaker, count)] = rows(
        archive, "select speaker, quote_count from mart.speakers order by quote_count desc, speaker limit 1"
    )
    assert f"{speaker} {count} quotes" in page.text
    assert {"/articles", "/quotes", "/speakers"} <= set(page.all("a", "href"))
    [(section,)] = rows(archive, "select section from articles group by 1 order by count(*) desc, 1 limit 1")
    assert f"/articles?section={section}" in page.all("a", "href")


def test_articles_are_found_by_their_words_with_the_words_marked(archive: Path, client: httpx.Client) -> None:
    page = get(client, "/articles?q=goat")
    ids = re.findall(r'href="/article/(\d+)"', page.html)
    found = rows(
        archive, "select article_id from search_articles('goat', 1000) order by score desc, article_id"
    )
    assert [int(i) for i in ids] == [article_id for (article_id,) in found]
    assert 1 < len(ids) < 20
    assert f"{len(ids)} articles" in page.text
    assert re.search(r'<mark class="hit">goats?</mark>', page.html)
    assert "Nothing matches." in get(client, "/articles?q=xylophonist").text


@pytest.mark.parametrize(
    ("facet", "value", "condition"),
    [
        ("section", "World", "section = 'World'"),
        ("outlet", "", "outlet is null"),
        ("month", "2016", "year(published_on) = 2016"),
        ("month", "2016-02", "strftime(published_on, '%Y-%m') = '2016-02'"),
        ("kind", "direct", "kind = 'direct'"),
        ("sure", "yes", "confidence >= 0.9"),
    ],
)
def test_facets_narrow_the_quotes_and_count_them(
    archive: Path, client: httpx.Client, facet: str, value: str, condition: str
) -> None:
    page = get(client, f"/quotes?{facet}={value}")
    [(quotes, acts)] = rows(
        archive,
        "select count(*) filter (kind != 'act'), count(*) filter (kind = 'act') "
        f"from quotes inner join articles using (article_id) where {condition}",
    )
    assert quotes
    assert f"{quotes:,} quotes{f' and {acts:,} acts' if acts else ''}" in page.text
    remove = [href for tag, a in page.elements if tag == "a" and "Remove" in (a.get("aria-label") or "")
              if (href := a.get("href"))]  # fmt: skip
    assert remove == ["/quotes"]


def test_facets_of_a_page_lead_to_lists_of_as_many_rows(client: httpx.Client) -> None:
    page = get(client, "/articles?section=World")
    counts = re.findall(
        r'<li><a href="(/articles\?[^"]*)"><bdi>[^<]*</bdi></a> <span class="tally">([\d,]+)<', page.html
    )
    assert len(counts) >= 2
    for address, count in counts:
        address = address.replace("&amp;", "&")
        assert parse_qs(urlsplit(address).query)["section"] == ["World"]
        assert f"{count} article{'' if count == '1' else 's'} " in get(client, address).text


def test_a_new_search_keeps_the_filters(client: httpx.Client) -> None:
    page = get(client, "/articles?section=World&month=2016&q=strait")
    kept = {a["name"]: a["value"] for tag, a in page.elements if tag == "input" and a.get("type") == "hidden"}
    assert kept == {"section": "World", "month": "2016"}
    assert "Confidence" not in page.text
    page = get(client, "/quotes?kind=direct&by=haddawi&section=World")
    kept = {a["name"]: a["value"] for tag, a in page.elements if tag == "input" and a.get("type") == "hidden"}
    assert kept == {"kind": "direct", "section": "World"}
    assert "Confidence" in page.text


def test_pages_of_a_list_have_each_row_once(archive: Path, client: httpx.Client) -> None:
    seen: list[str] = []
    address: str | None = "/articles"
    while address:
        page = get(client, address)
        seen += re.findall(r'<h2 class="headline" dir="auto"><a href="/article/(\d+)">', page.html)
        following = [a["href"] for tag, a in page.elements if tag == "a" and a.get("rel") == "next"]
        address = following[0] if following else None
    [(count,)] = rows(archive, "select count(*) from articles")
    assert len(seen) == len(set(seen)) == count


def test_quotes_are_found_by_words_and_by_speaker(archive: Path, client: httpx.Client) -> None:
    [(count,)] = rows(archive, "select count(*) from quotes_by('sarrouf') where kind != 'act'")
    assert f"{count} quotes" in get(client, "/quotes?by=sarrouf").text
    [(words,)] = rows(archive, "select count(*) from quotes_with('map') where kind != 'act'")
    assert f"{words} quote" in get(client, "/quotes?q=map").text
    assert "speaker “sarrouf”" in get(client, "/quotes?by=sarrouf&kind=direct").text


def test_article_has_each_quote_marked_and_beside_it_who_says_it_and_how_surely(
    archive: Path, client: httpx.Client
) -> None:
    [(article_id, body)] = rows(
        archive,
        "select article_id, body from articles where title ilike 'first tram leaves%'",
    )
    page = get(client, f"/article/{article_id}")
    found = rows(
        archive,
        "select quote_no, kind, text, speaker, confidence from quotes "
        f"where article_id = {article_id} order by 1",
    )
    assert len(found) > 8
    for number, kind, text, speaker, confidence in found:
        [mark] = re.findall(rf'<mark class="{kind}" id="in-{number}">(.*?)</mark>', page.html)
        assert " ".join(re.sub(r"<[^>]+>", "", mark).replace("&#39;", "'").split()) == " ".join(text.split())
        [note] = [
            n
            for n in re.findall(r'<p class="note.*?</p>', page.html, re.DOTALL)
            if f'id="quote-{number}"' in n
        ]
        assert speaker in note
        if f'id="quote-{number}"' in note.split("<b")[0].split("</a>")[0]:
            assert f"confidence {format_confidence(confidence)}" in note
            assert kind in note
    assert all(line in page.text for line in map(" ".join, map(str.split, body.splitlines()[:1])))
    mentioned = rows(archive, f"select distinct entity_id from mentions where article_id = {article_id}")
    linked = {href for href in page.all("a", "href") if href.startswith("#name-")}
    assert linked == {f"#name-{entity_id}" for (entity_id,) in mentioned}
    assert {href[1:] for href in linked} <= set(page.all("li", "id"))


def test_every_link_within_and_between_pages_leads_somewhere(client: httpx.Client) -> None:
    pages = {"/": get(client, "/")}
    first = [a for a in pages["/"].all("a", "href") if a.startswith(("/article/", "/name/"))]
    for address in (
        *first[:1],
        *first[-1:],
        "/quotes?by=sarrouf",
        "/speakers?q=sarrouf&kind=person",
        "/articles?q=map",
    ):
        pages[address] = get(client, address)
    targets = set()
    for page in pages.values():
        ids = [a["id"] for _, a in page.elements if a.get("id")]
        assert len(ids) == len(set(ids))
        for href in page.all("a", "href"):
            if href.startswith("#"):
                assert href[1:] in ids, href
            else:
                targets.add(href)
    assert len(targets) > 30
    for address in sorted(targets)[::5]:
        get(client, address)


def test_name_has_its_quotes_months_and_articles(archive: Path, client: httpx.Client) -> None:
    [(entity_id, name, count)] = rows(
        archive, "select entity_id, speaker, quote_count from mart.speakers order by 3 desc, 2 limit 1"
    )
    page = get(client, f"/name/{entity_id}")
    assert "Person, woman, named in " in page.text
    assert f"{count} quotes," in page.text
    months = rows(
        archive,
        "select strftime(month, '%B %Y'), quote_count from mart.speakers_by_month "
        f"where entity_id = {entity_id}",
    )
    for month, quotes in months:
        assert re.search(rf"{month}</a></th><td class=\"n\">{quotes}<", page.html)
    [(unquoted,)] = rows(
        archive, "select entity_id from entities anti join mart.speakers using (entity_id) order by 1 limit 1"
    )
    assert "Not quoted." in get(client, f"/name/{unquoted}").text
    assert name in get(client, f"/speakers?q={name}").text


def test_role_and_gender_are_shown_where_the_file_has_them(archive: Path, tmp_path: Path) -> None:
    shutil.copy(archive / "warehouse.duckdb", tmp_path / "warehouse.duckdb")
    (tmp_path / "warehouse.duckdb").chmod(0o644)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        for table, column in (("quotes", "speaker_role"), ("entities", "gender")):
            known = connection.execute(
                "select 1 from duckdb_columns() where table_name = $table and column_name = $column",
                {"table": table, "column": column},
            ).fetchone()
            if not known:
                connection.execute(f"alter table {table} add column {column} varchar")
        connection.execute("update quotes set speaker_role = 'keeper of the <bell>'")
        connection.execute("update entities set gender = 'female'")
        [(article_id, entity_id)] = connection.execute(
            "select article_id, speaker_entity_id from quotes where speaker_entity_id is not null limit 1"
        ).fetchall()
    with browser(tmp_path) as client:
        for address in (f"/article/{article_id}", "/quotes"):
            page = get(client, address).text
            assert "keeper of the <bell>" in page
            assert "corrected or confirmed by hand" not in page
            assert "confidence" in page
        assert ", female, named in" in get(client, f"/name/{entity_id}").text
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("update quotes set is_corrected = true, speaker_role = speaker")
    with browser(tmp_path) as client:
        for address in (f"/article/{article_id}", "/quotes"):
            page = get(client, address).text
            assert "corrected or confirmed by hand" in page
            assert "confidence 1" not in page
            assert client.get(address).text.count('class="role"') == 0


@pytest.mark.parametrize(
    "address",
    ["/article/5", "/article/abc", "/article/99999999999999999999", "/name/5", "/nothing", "/docs",
     "/quotes?month=2016-13", "/quotes?kind=x", "/articles?page=0", "/articles?q=" + "x" * 201],
)  # fmt: skip
def test_address_of_nothing_is_a_page_that_says_so(client: httpx.Client, address: str) -> None:
    page = get(client, address, 404)
    assert re.search(r"No such (page|article|name)", page.text)
    assert page.all("form", "action") == ["/articles"]


def test_link_with_an_id_of_an_earlier_schema_still_leads_there(client: httpx.Client, archive: Path) -> None:
    [(article_id, entity_id, title, name)] = rows(
        archive,
        "select article_id, entity_id, title, name from articles, entities order by 1, 2 limit 1",
    )
    assert title in get(client, f"/article/{article_id << 10 | 513}").text
    assert name in get(client, f"/name/{entity_id << 10 | 513}").text


def test_page_behind_the_last_has_no_rows(client: httpx.Client) -> None:
    assert "Nothing matches." in get(client, "/articles?page=999").text


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:4280", "", "[::1"]
)
def test_other_host_names_get_nothing(client: httpx.Client, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "articles" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:4280", "localhost:4280", "LOCALHOST"])
def test_names_of_this_machine_are_answered(client: httpx.Client, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_sent(client: httpx.Client, method: str) -> None:
    assert getattr(client, method)("/articles").status_code == 405


def test_every_answer_forbids_scripts_frames_and_other_sites(client: httpx.Client) -> None:
    for address in ("/", "/nothing", "/style.css"):
        headers = client.get(address).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; ")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers
    assert "http" not in client.get("/style.css").text
    assert "url(" not in client.get("/style.css").text


def hostile_addresses(home: Path) -> Iterator[str]:
    [(article_id, entity_id)] = rows(
        home, "select article_id, speaker_entity_id from quotes where speaker_entity_id is not null"
    )
    yield from (
        "/",
        f"/article/{article_id}",
        f"/name/{entity_id}",
        "/articles?q=harbour",
        "/quotes",
        "/speakers",
    )
    yield from (f"/articles?q={SCRIPT}", f"/quotes?by={SCRIPT}&outlet={SCRIPT}", f"/speakers?q={SCRIPT}")


def test_nothing_from_a_file_or_an_address_can_act(hostile: Path) -> None:
    texts = ""
    with browser(hostile) as client:
        for address in hostile_addresses(hostile):
            assert_inert(page := get(client, address))
            texts += page.text
    for shown in (
        SCRIPT, "<b onclick=alert(1)>\"'", "<img src=x onerror=alert(2)>", "<i>Courier</i>&",
        '"onload=alert(4) <i>\\x202e.txt', "</a><script>alert(5)</script>",
        "</p>{{ 7 * 7 }}",
    ):  # fmt: skip
        assert shown in texts, shown


def assert_inert(page: Page) -> None:
    tags = {tag for tag, _ in page.elements}
    assert tags & {"script", "img", "iframe", "object", "embed", "base", "i", "style"} <= {"style"}
    for tag, attributes in page.elements:
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name not in ("src", "srcdoc", "style", "xlink:href", "srcset", "background"), (tag, name)
            if name in ("href", "action", "formaction"):
                assert re.match(r"/(?!/)|#|data:,$", value or ""), value
    wrong = {c for c in page.html if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert wrong <= {"\n"}


def read(home: Path, wanted: str) -> ArticleRead:
    reader = PublishedReader(DataDir(home))
    with reader.pages() as reading:
        [found] = reading.find(wanted)
        article = reading.article(found["article_id"])
    reader.close()
    assert article
    return article


def test_page_of_one_article_is_inert_and_loads_nothing(hostile: Path, samples: Path) -> None:
    page = Page(render_article(read(hostile, "harbour")))
    assert_inert(page)
    assert "<script>alert('title')</script> harbour" in page.text
    page = Page(render_article(read(samples, "first tram")))
    assert [m for m in page.all("meta", "content") if "default-src" in m] == [
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    ]
    assert re.findall(r"https?:|url\(|@import", page.html) == []
    ids = [a["id"] for _, a in page.elements if a.get("id")]
    assert len(ids) == len(set(ids))
    assert {href for href in page.all("a", "href") if href[1:] not in ids} == set()


def test_page_has_every_character_of_the_article(samples: Path) -> None:
    reader = PublishedReader(DataDir(samples))
    with reader.pages() as reading:
        found = [reading.article(id_) for (id_,) in rows(samples, "select article_id from articles")]
    reader.close()
    assert len(found) == 46
    for shown in found:
        assert shown
        assert_whole(shown)


def assert_whole(shown: ArticleRead) -> None:
    html = render_article(shown)
    lines = re.findall(r'<div class="line">\s*<p dir="auto">(.*?)</p>', html, re.DOTALL)
    plain = [
        re.sub(r'<sup>.*?</sup>|<span class="dateline">.*? : </span>|<[^>]+>', "", line) for line in lines
    ]
    body = shown.article["body"]
    assert [unescape(line) for line in plain] == [line for line in body.split("\n") if line.strip()]
    [title] = re.findall(r'<h1 dir="auto">(.*?)</h1>', html)
    assert unescape(re.sub(r"<[^>]+>", "", title)) == shown.article["title"]


def test_quotes_in_a_quote_keep_their_spaces_and_have_a_place_each(samples: Path) -> None:
    found = read(samples, "first tram")
    body = "He said the mayor had called it a wall."
    whole, part = "the mayor had called it a wall", "the mayor"
    quotes = tuple(
        {**quote, "char_start": body.index(words), "char_end": body.index(words) + len(words)}
        for quote, words in zip(found.quotes, (whole, part), strict=False)
    )
    shown = ArticleRead({**found.article, "body": body}, quotes, (), ())
    assert_whole(shown)
    ids = {attributes.get("id") for _, attributes in Page(render_article(shown)).elements}
    assert {"in-0", "in-1", "quote-0", "quote-1"} <= ids


def test_url_of_an_article_is_a_link_if_it_leads_to_a_page(samples: Path) -> None:
    found = read(samples, "first tram")
    for url, is_link in (
        ("https://courier.example/tram?a=1&b=2", True),
        ("HTTP://courier.example/", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//evil.example", False),
        ("http://[bad", False),
    ):
        shown = ArticleRead({**found.article, "url": url}, found.quotes, found.mentions, found.names)
        page = Page(render_article(shown))
        assert url.strip() in page.text
        assert (url in page.all("a", "href")) == is_link


def test_article_is_found_by_id_path_url_headline_or_words(archive: Path, tmp_path: Path) -> None:
    shutil.copy(archive / "warehouse.duckdb", tmp_path / "warehouse.duckdb")
    (tmp_path / "warehouse.duckdb").chmod(0o644)
    path = "local/first-tram-leaves-on-time-to-general-surprise.txt"
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute(
            f"update articles set url = 'https://courier.example/tram' where source_path = '{path}'"
        )
        [(article_id,)] = connection.execute(
            f"select article_id from articles where source_path = '{path}'"
        ).fetchall()
    reader = PublishedReader(DataDir(tmp_path))
    with reader.pages() as reading:
        old_id = article_id << 10 | 513  # as up to migration 14
        for wanted in (str(article_id), str(old_id), path, "https://courier.example/tram/",
                       "FIRST TRAM leaves on time to general surprise",
                       "surprise tram"):  # fmt: skip
            assert [row["article_id"] for row in reading.find(wanted)] == [article_id], wanted
        assert len(reading.find("strait")) > 3
        for nothing in ("tra", "", "?!", "xylophonist tram", "99999999999999999999999"):
            assert reading.find(nothing) == (), nothing
    reader.close()


def test_show_writes_the_page_or_lists_what_matches(
    samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = carry_out("show", "first", "tram", "--json", home=samples)
    facts = json.loads(done.stdout)
    page = tmp_path / f"article-{facts['article_id']}.html"
    assert facts["page"] == page.name
    assert page.read_text().startswith("<!DOCTYPE html>")
    done = carry_out("show", "first tram", "--out", "tram.html", home=samples)
    assert done.stdout.startswith("Wrote tram.html: First tram leaves on time, to general surprise, ")
    assert (tmp_path / "tram.html").read_text() == page.read_text()
    done = carry_out("show", "strait", home=samples)
    assert done.returncode == 0
    assert "articles match. Name one by its id or path." in done.stdout
    assert len(list(tmp_path.iterdir())) == 2
    done = carry_out("show", "xylophonist", home=samples)
    assert done.returncode == 1
    assert "No article has the id, path, URL or headline 'xylophonist'" in done.stderr
    done = carry_out("show", "first tram", "--out", "nowhere/tram.html", home=samples)
    assert done.returncode == 1
    assert "--out" in done.stderr


def test_what_is_published_next_is_shown_next(archive: Path, tmp_path: Path) -> None:
    def publish(title: str) -> None:
        draft = tmp_path / "draft.duckdb"
        shutil.copy(archive / "warehouse.duckdb", draft)
        draft.chmod(0o644)
        with duckdb.connect(str(draft)) as connection:
            connection.execute(
                "update articles set title = $title where title ilike 'first tram%'", {"title": title}
            )
        draft.replace(tmp_path / "warehouse.duckdb")

    publish("Tram of the morning")
    with browser(tmp_path) as client:
        assert "Tram of the morning" in get(client, "/articles?q=tram").text
        publish("Tram of the evening")
        assert "Tram of the evening" in get(client, "/articles?q=tram").text
        # Others read it meanwhile, and nothing is written beside it.
        assert rows(tmp_path, "select count(*) from articles where title = 'Tram of the evening'") == [(1,)]
        assert [file.name for file in tmp_path.iterdir()] == ["warehouse.duckdb"]
        (tmp_path / "warehouse.duckdb").unlink()
        assert "Nothing is published in" in get(client, "/", 503).text
        publish("Tram of the night")
        assert "Tram of the night" in get(client, "/articles?q=tram").text


def test_file_of_an_older_version_says_what_to_do(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("create schema ops; create table ops.migrations as select 6 as number")
    with browser(tmp_path) as client:
        assert "Run `ontherecord publish`" in get(client, "/articles", 503).text
    done = carry_out("browse", home=tmp_path)
    assert done.returncode == 1
    assert "Run `ontherecord publish`" in done.stderr


def test_several_pages_at_a_time_are_all_answered(client: httpx.Client) -> None:
    answers: list[int] = []

    def ask(address: str) -> None:
        answers.append(client.get(address).status_code)

    threads = [
        threading.Thread(target=ask, args=(a,)) for a in ("/", "/quotes", "/articles?q=map", "/speakers") * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 12


def test_archive_without_an_article_has_a_start_page(landing: Path, home: Path) -> None:
    (landing / "wrong.txt").write_text(article(date="soon"))
    run(landing, home)
    with browser(home) as client:
        assert "No article is in the archive yet." in get(client, "/").text
        for address in ("/articles", "/quotes", "/speakers"):
            assert re.search(r"Nothing matches|Nobody", get(client, address).text)


def test_it_listens_on_this_machine_only_and_on_a_free_port() -> None:
    with listen(None) as first, listen(None) as second:
        assert first.getsockname()[0] == second.getsockname()[0] == "127.0.0.1"
        taken = first.getsockname()[1]
        assert second.getsockname()[1] != taken
        with pytest.raises(ServiceError, match=f"port {taken} .*--port"):
            listen(taken)


def test_confidence_is_cut_off_not_rounded_up_to_one_that_needs_no_check() -> None:
    shown = [(format_confidence(v), is_sure(v)) for v in (0.8999999762, 0.899, 0.9449, 0.29, 1.0, 0.0)]
    assert shown == [("0.90", True), ("0.89", False), ("0.94", True), ("0.29", False), ("1.00", True),
                     ("0.00", False)]  # fmt: skip


def test_month_of_a_selection_is_its_days() -> None:
    days = {month: tuple(map(str, Selection(month=month).days)) for month in ("2016", "2016-02", "2015-12")}
    assert days == {
        "2016": ("2016-01-01", "2016-12-31"),
        "2016-02": ("2016-02-01", "2016-02-29"),
        "2015-12": ("2015-12-01", "2015-12-31"),
    }
    with (
        pytest.raises(WarehouseError, match="Nothing is published"),
        PublishedReader(DataDir(Path("/nowhere"))).pages(),
    ):
        pass


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
def test_command_says_where_it_is_and_stops_on_ctrl_c(archive: Path, times: int) -> None:
    process = subprocess.Popen(
        [ONTHERECORD, "browse", "--home", archive], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    line = process.stdout.readline()
    address = re.fullmatch(r"Browse: (http://127\.0\.0\.1:\d+/)  Press Ctrl-C to stop\.\n", line)
    assert address, line
    assert "46 articles" in httpx.get(address[1]).text
    for _ in range(times):
        process.send_signal(signal.SIGINT)
        time.sleep(0.01)  # the second one ends the server before it has closed the archive
    printed, complaints = process.communicate(timeout=60)
    assert (process.returncode, printed, complaints) == (0, "Stopped.\n", "")
