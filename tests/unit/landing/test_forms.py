"""Forms: the one that reads a file is chosen by content, then by name, and any bytes are read or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invariants import check_delivery, check_failures

from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.flows.landing.forms.registry import FORMS, Form, choose_form, form_named
from ontherecord.flows.landing.parse import holds_many, parse, read_form, split
from ontherecord.flows.landing.reading import BY_CONTENT, Reading
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import RawFile, Rejected

Raw = Callable[[str | bytes], RawFile]
HEADED = (
    "## Title: Ferry sails\n## Date: Tuesday, March 10, 2015 - 09:30\n\nThe ferry sails again, he said.\n"
)
TABLE = (
    "url,headline,content,date,source,author,shares\r\n"
    'https://post.example/1,Ferry sails,"The ferry sails again.\nIt is late.",2015-03-10,The Post,'
    '"By Ida Brandt and Omar Haddad",12\r\n'
    "https://post.example/2,Bridge shut,The bridge is shut.,2015-03-11,The Post,,3\r\n"
)


def _named(raw: RawFile, name: str) -> RawFile:
    return replace(raw, landed=replace(raw.landed, source_path=name))


@pytest.mark.parametrize(
    ("content", "name", "form"),
    [
        (HEADED, "a.txt", "headed-text"),
        (HEADED, "a.csv", "headed-text"),
        (HEADED, "a", "headed-text"),
        (TABLE, "A.CSV".lower(), "table"),
        ('{"title": "A", "text": "B"}\n{"title": "C", "text": "D"}\n', "a.jsonl", "table"),
        ("not an article", "a.jsonl", "table"),
        ("not an article", "a.txt", "headed-text"),
        ("not an article", "a.xyz", "headed-text"),
    ],
)
def test_a_form_is_chosen_by_content_then_by_name(content: str, name: str, form: str) -> None:
    assert choose_form(content.encode(), name).name == form
    assert choose_form(content.encode(), name, "table").name == "table"


def test_an_unknown_form_names_those_that_there_are() -> None:
    with pytest.raises(ValueError, match=r"no such form\. Forms are headed-text, nexis, .*, headline-text"):
        form_named("doc")


def test_names_of_forms_are_unique() -> None:
    assert len({form.name for form in FORMS}) == len(FORMS)


def test_articles_of_a_table_have_the_same_columns_as_those_of_text(raw_file: Raw) -> None:
    raw = _named(raw_file(TABLE), "week/post.csv")
    assert holds_many(raw, BY_CONTENT)
    first, second = split(raw, BY_CONTENT)
    assert isinstance(first, RawFile)
    assert first.landed.source_path == "week/post.csv#https://post.example/1"
    delivery = parse(first)
    check_delivery(delivery)
    assert (delivery.title, delivery.body) == ("Ferry sails", "The ferry sails again.\nIt is late.")
    assert f"{delivery.published_at}" == "2015-03-10 00:00:00"
    assert (delivery.outlet, delivery.url) == ("The Post", "https://post.example/1")
    assert (delivery.authors, delivery.byline) == (
        ("Ida Brandt", "Omar Haddad"),
        "By Ida Brandt and Omar Haddad",
    )
    assert (delivery.headers, delivery.form) == ((("shares", "12"),), "table")
    assert "unknown_header" not in delivery.warnings
    assert isinstance(second, RawFile)
    assert (parse(second).authors, parse(second).byline) == ((), None)


def test_keys_are_url_or_id_else_date_and_headline_else_the_row(raw_file: Raw) -> None:
    table = "id,title,text,date\n7,A,Words of it.,2015-03-10\n,B,Words of it.,2015-03-10\n,,Words of it.,\n"
    parts = split(_named(raw_file(table), "a.csv"), BY_CONTENT)
    assert [part.landed.source_path for part in parts] == ["a.csv#7", "a.csv#2015-03-10 B", "a.csv#row 3"]


def test_the_same_article_has_the_same_content_in_any_row(raw_file: Raw) -> None:
    head, *rows = TABLE.splitlines(keepends=True)
    turned = head + rows[2] + rows[0] + rows[1]
    contents = []
    for text in (TABLE, turned):
        parts = split(_named(raw_file(text), "a.csv"), BY_CONTENT)
        contents.append({p.landed.source_path: p.content_sha256 for p in parts if isinstance(p, RawFile)})
    assert contents[0] == contents[1]
    assert len(contents[0]) == 2


def test_bad_rows_are_named_and_the_others_read(raw_file: Raw) -> None:
    lines = '{"title": "A", "text": "B"}\nno json\n[1]\n{"title": "C", "text": "D"}\n'
    parts = list(split(_named(raw_file(lines), "a.jsonl"), BY_CONTENT))
    assert [isinstance(part, Rejected) for part in parts] == [False, True, True, False]
    bad = parts[1]
    assert isinstance(bad, Rejected)
    assert (bad.landed.source_path, bad.failures[0].rule, bad.failures[0].value) == (
        "a.jsonl#row 2",
        "row_unreadable",
        "no json",
    )
    short = "title,text\nA,B\nC\nD,E\n"
    assert [isinstance(part, Rejected) for part in split(_named(raw_file(short), "a.csv"), BY_CONTENT)] == [
        False,
        True,
        False,
    ]


def test_a_table_without_a_text_column_is_refused_with_its_columns(raw_file: Raw) -> None:
    with pytest.raises(BadDelivery) as caught:
        list(split(_named(raw_file("title,day\nA,B\n"), "a.csv"), BY_CONTENT))
    (failure,) = caught.value.failures
    assert (failure.rule, failure.value) == ("text_missing", "title, day")


def test_settings_name_form_outlet_and_columns(raw_file: Raw) -> None:
    raw = _named(
        raw_file(HEADED.replace("## Date", "## Paper: The Post\n## Rubric: Sea\n## Date")), "post/a.log"
    )
    reading = Reading(form="headed-text", outlet="Harbour News", columns={"section": "Rubric"})
    delivery = parse(raw, reading)
    assert (delivery.outlet, delivery.section) == ("Harbour News", "Sea")
    assert delivery.headers == (("Paper", "The Post"),)
    assert parse(raw, Reading(outlet_from_folder=True)).outlet == "post"
    assert parse(_named(raw, "a.txt"), Reading(outlet_from_folder=True)).outlet is None
    assert parse(raw, Reading(columns={"outlet": "paper"}, outlet_from_folder=True)).outlet == "The Post"


def test_a_users_own_name_of_the_text_column_is_taken(raw_file: Raw) -> None:
    raw = _named(raw_file("Kop,Inhoud\nFerry sails,The ferry sails.\n"), "a.csv")
    reading = Reading(columns={"title": "Kop", "text": "inhoud"})
    [part] = split(raw, reading)
    assert isinstance(part, RawFile)
    delivery = parse(part, reading)
    assert (delivery.title, delivery.body) == ("Ferry sails", "The ferry sails.")


def test_what_no_table_can_store_is_replaced(raw_file: Raw) -> None:
    line = (
        '{"id": "1\\u0000\\ud800", "title": "A\\ud800", "text": "It\\u200b is\\u0007 late\\udfff.", '
        '"x": "\\ud800"}'
    )
    [part] = split(_named(raw_file(line), "a.jsonl"), BY_CONTENT)
    assert isinstance(part, RawFile)
    assert part.landed.source_path == "a.jsonl#1\ufffd"
    delivery = parse(part)
    assert (delivery.title, delivery.body) == ("A\ufffd", "It is late\ufffd.")
    assert delivery.headers == (("id", "1\ufffd"), ("x", "\ufffd"))
    assert {"control_characters", "invisible_characters", "replacement_character"} <= {*delivery.warnings}


def test_a_reader_that_fails_refuses_the_file_and_no_run(raw_file: Raw) -> None:
    def broken(raw: RawFile) -> Iterator[RawArticle]:
        yield RawArticle(1, "a", (), "Words of it.")
        raise KeyError("no such part")

    form = Form("broken", (".x",), lambda content, name: False, broken, "many")
    found = read_form(form, raw_file("x"), BY_CONTENT)
    assert next(found).number == 1
    with pytest.raises(BadDelivery) as caught:
        next(found)
    assert [(f.rule, f.value) for f in caught.value.failures] == [("form_failed", "KeyError: 'no such part'")]
    deep = _named(raw_file("[" * 100_000), "a.jsonl")
    with pytest.raises(BadDelivery) as caught:
        list(split(deep, BY_CONTENT))
    assert [(f.rule, f.value) for f in caught.value.failures] == [
        ("table_unreadable", "it is nested deeper than any article")
    ]


@given(
    content=st.one_of(
        st.binary(max_size=200), st.text(alphabet='{}[]",:\n\r\t\\ab1', max_size=80).map(str.encode)
    )
)
def test_any_bytes_are_read_or_refused_by_each_form(raw_file: Raw, content: bytes) -> None:
    for form in FORMS:
        raw = raw_file(content)
        reading = Reading(form=form.name)
        try:
            for part in split(raw, reading):
                if isinstance(part, RawFile):
                    check_delivery(parse(part, reading))
                else:
                    check_failures(BadDelivery(*part.failures))
        except BadDelivery as error:
            check_failures(error)
        for found in _articles(form.read, raw):
            assert found.number >= 1
            assert not isinstance(found, BadArticle) or found.failure.message


def _articles(read: Callable[[RawFile], object], raw: RawFile) -> list[BadArticle]:
    try:
        return list(read(raw))  # type: ignore[call-overload]
    except BadDelivery:
        return []
