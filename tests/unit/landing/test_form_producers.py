"""What further producers of each form write, and what must be found in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ontherecord.flows.landing.parse import holds_many, parse, split
from ontherecord.flows.landing.reading import BY_CONTENT
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Delivery, RawFile, Rejected

Make = Callable[[str, str | bytes], RawFile]
TEXT = (
    "The first tram to run in Marsalin since 1957 left the Old Port on Saturday.",
    '"It left on time," said Ada Novello, who drove it. "It will again."',
    "The line has 14 stops and cost 61 million crowns.",
)
HTML = "".join(f"<p>{line}</p>" for line in TEXT)
BODY = "\n".join(TEXT)


def _articles(raw: RawFile) -> list[Delivery | str]:
    """Return the articles of a file as they are loaded; of one that is not, the rule that it breaks."""
    found: list[Delivery | str] = []
    try:
        for part in split(raw, BY_CONTENT) if holds_many(raw, BY_CONTENT) else (raw,):
            if isinstance(part, Rejected):
                found.append(part.failures[0].rule)
                continue
            found.append(parse(part, BY_CONTENT))
    except BadDelivery as error:
        found.append(error.failures[0].rule)
    return found


def _only(raw: RawFile) -> Delivery:
    [article] = _articles(raw)
    assert isinstance(article, Delivery), article
    return article


# Tables


def test_a_record_of_elasticsearch_keeps_its_title_and_its_paper(landed_file: Make) -> None:
    source = {"title": "Tram leaves", "content": BODY, "source": "Marsalin Post"}
    article = _only(landed_file("a.json", json.dumps({"hits": {"hits": [{"_id": "1", "_source": source}]}})))
    assert (article.title, article.outlet, article.body) == ("Tram leaves", "Marsalin Post", BODY)


def test_an_answer_with_one_article_is_that_article_not_its_tags(landed_file: Make) -> None:
    content = {
        "id": "local/tram",
        "webTitle": "Tram leaves",
        "webPublicationDate": "2015-12-20T01:00:00Z",
        "fields": {"headline": "Tram leaves on time", "bodyText": BODY},
        "tags": [
            {"id": "profile/ada", "type": "contributor", "webTitle": "Ada Novello", "webUrl": "https://x"}
        ],
    }
    article = _only(landed_file("a.json", json.dumps({"response": {"status": "ok", "content": content}})))
    assert (article.title, article.body) == ("Tram leaves on time", BODY)


@pytest.mark.parametrize("above", [lambda sites: sites, lambda sites: {"newspapers": sites}])
def test_the_articles_of_all_sites_in_an_object_are_read(
    landed_file: Make, above: Callable[[Any], Any]
) -> None:
    sites = {
        name: {"link": f"https://{name}.example", "articles": [{"title": f"Tram of {name}", "text": BODY}]}
        for name in ("post", "echo")
    }
    titles = [
        a.title for a in _articles(landed_file("a.json", json.dumps(above(sites)))) if isinstance(a, Delivery)
    ]
    assert titles == ["Tram of post", "Tram of echo"]


def test_the_name_of_a_list_of_articles_is_no_paper(landed_file: Make) -> None:
    records = [{"title": "Tram leaves", "text": BODY}]
    assert _only(landed_file("a.json", json.dumps({"articles": records}))).outlet is None
    assert _only(landed_file("a.json", json.dumps({"Marsalin Post": records}))).outlet == "Marsalin Post"


def test_the_blocks_of_arc_xp_are_one_article(landed_file: Make) -> None:
    blocks = [
        {"type": "text", "_id": "1", "content": TEXT[0]},
        {"type": "image", "url": "https://x", "caption": "The tram"},
        {"type": "text", "content": TEXT[1]},
        {"type": "list", "items": [{"type": "text", "content": TEXT[2]}]},
    ]
    story = {"_id": "A1", "type": "story", "headlines": {"basic": "Tram leaves"}, "content_elements": blocks}
    article = _only(landed_file("a.json", json.dumps(story)))
    assert (article.title, article.body) == ("Tram leaves", BODY)


def test_a_json_feed_says_paper_and_language_once_for_all_items(landed_file: Make) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Marsalin Post",
        "language": "en-GB",
        "items": [{"id": "1", "title": "Tram leaves", "content_html": HTML}],
    }
    article = _only(landed_file("a.json", json.dumps(feed)))
    assert (article.title, article.outlet, article.language) == ("Tram leaves", "Marsalin Post", "en")


@pytest.mark.parametrize(
    ("more", "column", "value"),
    [
        (
            {"link": "https://post.example/1", "source_url": "https://post.example"},
            "url",
            "https://post.example/1",
        ),
        (
            {"mainEntityOfPage": {"@type": "WebPage", "@id": "https://post.example/1"}},
            "url",
            "https://post.example/1",
        ),
        ({"date": "2015-12-20", "dateTimePub": "2015-12-20T01:00:00Z"}, "date_text", "2015-12-20T01:00:00Z"),
        ({"categories": [5, 7]}, "section", None),
        (
            {"author": 3, "_embedded": {"author": [{"id": 3, "name": "Ada Novello"}]}},
            "authors",
            ("Ada Novello",),
        ),
        ({"byline": "an/cb"}, "authors", ()),
    ],
)
def test_what_apis_write_means_our_columns(
    landed_file: Make, more: dict[str, Any], column: str, value: object
) -> None:
    record = {"title": "Tram leaves", "content": BODY, **more}
    assert getattr(_only(landed_file("a.json", json.dumps([record]))), column) == value


def test_a_text_that_gnews_cut_off_is_quarantined(landed_file: Make) -> None:
    raw = landed_file(
        "a.json", json.dumps([{"title": "Tram", "content": f"{TEXT[0]} It le... [1250 chars]"}])
    )
    assert _articles(raw) == ["text_cut_off"]


def test_a_table_without_names_says_so(landed_file: Make) -> None:
    raw = landed_file("a.tsv", f"https://post.example/1\tnull\tTram leaves\t2015-12-20\t{TEXT[0]}\n")
    assert _articles(raw) == ["names_missing"]
