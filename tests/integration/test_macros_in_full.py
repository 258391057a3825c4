"""Macros, which look for rows in several steps, answer as the plain question does that reads every row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

COLUMNS = "speaker, text, speaker_role, kind, confidence, title, outlet, article_id, quote_no, url"
BY = f"""
select published_on, {COLUMNS}
from quotes
inner join articles using (article_id)
where exists (
    select 1
    from quote_speakers
    where
        quote_speakers.article_id = quotes.article_id
        and quote_speakers.quote_no = quotes.quote_no
        and (
            quote_speakers.speaker_entity_id in (
                select entity_id from mart.names where contains(form, folded($who))
            )
            or (
                quote_speakers.speaker_entity_id is null
                and contains(folded(quote_speakers.speaker), folded($who))
            )
        )
)
"""
NAMED = """
select
    quotes.article_id,
    quotes.quote_no,
    arg_min(mentions.text, mentions.char_start) as named_as,
from quotes
inner join mentions
    on
        quotes.article_id = mentions.article_id
        and mentions.field = 'body'
        and mentions.char_start >= quotes.char_start
        and mentions.char_start < quotes.char_end
"""
GROUP = "group by quotes.article_id, quotes.quote_no"
ABOUT = f"""
{NAMED}
where mentions.entity_id in (select entity_id from mart.names where contains(form, folded($who)))
{GROUP}
"""
BETWEEN = f"""
{NAMED}
inner join quote_speakers
    on quotes.article_id = quote_speakers.article_id and quotes.quote_no = quote_speakers.quote_no
inner join mart.names as speaking on quote_speakers.speaker_entity_id = speaking.entity_id
inner join mart.names as named on mentions.entity_id = named.entity_id
where
    mentions.entity_id != quote_speakers.speaker_entity_id
    and (
        (contains(speaking.form, folded($one)) and contains(named.form, folded($another)))
        or (contains(speaking.form, folded($another)) and contains(named.form, folded($one)))
    )
{GROUP}
"""
WITH = f"""
select published_on, {COLUMNS}
from quotes
inner join articles using (article_id)
where contains(folded(text), folded($words))
"""


@pytest.fixture(scope="module")
def asked(samples: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect(str(samples / "warehouse.duckdb"), read_only=True)) as connection:
        yield connection


def _same(connection: duckdb.DuckDBPyConnection, macro: str, plain: str, **given: str) -> int:
    """Hold a macro's rows against those of a plain question; return how many there are."""
    found = connection.execute(macro, given).fetchall()
    assert sorted(found, key=str) == sorted(connection.execute(plain, given).fetchall(), key=str), given
    return len(found)


def _names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return names of every third speaker, their last words, and what nobody is called."""
    query = "select distinct speaker from quote_speakers where hash(speaker) % 3 = 0"
    speakers = [name for (name,) in connection.execute(query).fetchall()]
    names = {*speakers, *(name.split()[-1] for name in speakers), "official", "Xyzzy Nemo"}
    assert any("-" in name for name in names)
    assert not all(map(str.isascii, names))
    return sorted(names)


def test_quotes_by_and_about_every_name(asked: duckdb.DuckDBPyConnection) -> None:
    by = f"select published_on, {COLUMNS} from quotes_by($who)"
    about = "select article_id, quote_no, named_as from quotes_about($who)"
    names = _names(asked)
    assert sum(_same(asked, by, BY, who=name) for name in names) >= 300
    assert sum(_same(asked, about, ABOUT, who=name) for name in names) >= 30


def test_quotes_between_all_who_are_quoted_most(asked: duckdb.DuckDBPyConnection) -> None:
    between = "select article_id, quote_no, named_as from quotes_between($one, $another)"
    top = "select speaker from mart.speakers order by quote_count desc, speaker limit 12"
    people = [name for (name,) in asked.execute(top).fetchall()]
    found = [_same(asked, between, BETWEEN, one=one, another=two) for one in people for two in people]
    assert sum(found) > 10


def test_quotes_with_words_of_every_kind(asked: duckdb.DuckDBPyConnection) -> None:
    with_words = f"select published_on, {COLUMNS} from quotes_with($words)"
    texts = "select text from quotes order by hash(text) limit 40"
    phrases = [" ".join(text.split()[1:3]) for (text,) in asked.execute(texts).fetchall()]
    words = [*(phrase for phrase in phrases if len(phrase.split()) == 2), "the", "MAP", "don't", "zeppelin"]
    assert sum(_same(asked, with_words, WITH, words=phrase) for phrase in words) > 300


def test_words_of_genders_are_what_white_space_parts(asked: duckdb.DuckDBPyConnection) -> None:
    plain = r"""
    with spoken as (
        select distinct quote_speakers.article_id, quote_speakers.quote_no, entity_id, gender, text
        from quote_speakers
        inner join entities on quote_speakers.speaker_entity_id = entity_id
        inner join quotes
            on quotes.article_id = quote_speakers.article_id and quotes.quote_no = quote_speakers.quote_no
        where entities.kind = 'person' and quotes.kind != 'act'
    )

    select gender, count(*), sum(len(regexp_extract_all(text, '\S+')))::bigint
    from spoken
    group by gender
    """
    view = (
        "select gender, sum(quote_count)::bigint, sum(word_count)::bigint from mart.genders group by gender"
    )
    assert _same(asked, view, plain) >= 2
