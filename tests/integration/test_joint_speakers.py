"""Joint speakers and acts of speech: what each is counted for and found by, through every kind of run."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from invariants import check_extract
from runs import QuietRunner, article, contents, rows, run

from ontherecord import sql
from ontherecord.flows.extract.version import extractor_version
from ontherecord.flows.landing.folder import list_landing
from ontherecord.flows.landing.parse import parse
from ontherecord.flows.landing.read import read
from ontherecord.flows.reprocess import reprocess
from ontherecord.flows.settings import Settings, load_settings
from ontherecord.warehouse.extract_cache import ExtractCache
from ontherecord.warehouse.extract_codec import pack
from ontherecord.warehouse.records import (
    ArticleText,
    Entity,
    Extract,
    Mention,
    Quote,
    QuoteSpeaker,
    joint_name,
)

NAMES = ("John Kerry", "Sergei Lavrov")
# Words, kind and speakers of each quote.
Said = Sequence[tuple[str, str, Sequence[str]]]

TALKS = (
    "John Kerry met Sergei Lavrov on Monday.\n"
    '"The truce holds in the whole of the country," John Kerry and Sergei Lavrov said.\n'
    "John Kerry blamed Sergei Lavrov for the delay.\n"
    '"We agree," Sergei Lavrov and officials said.\n'
    "Officials said the talks go on."
)
TALKS_SAID: Said = (
    ("The truce holds in the whole of the country,", "direct", NAMES),
    ("Sergei Lavrov for the delay", "act", ["John Kerry"]),
    ("We agree,", "direct", ["Sergei Lavrov", "officials"]),
    ("the talks go on", "indirect", ["Officials"]),
)
NEXT_DAY = '"The truce holds in the whole of the country," John Kerry and Sergei Lavrov said on Monday.'
NEXT_DAY_SAID: Said = TALKS_SAID[:1]


def _extract(text: ArticleText, said: Said) -> Extract:
    """Build the extract of a text: the names of NAMES in it, and these quotes."""
    names = [name for name in NAMES if name in text.body]
    places = sorted(
        (at, name) for name in names for at in range(len(text.body)) if text.body.startswith(name, at)
    )
    speakers = [
        QuoteSpeaker(quote_no, speaker_no, names.index(name) if name in names else None, name)
        for quote_no, (_, _, of_quote) in enumerate(said)
        for speaker_no, name in enumerate(of_quote)
    ]
    quotes = []
    for quote_no, (words, kind, of_quote) in enumerate(said):
        at = text.body.index(words)
        named = len(of_quote) == 1 and of_quote[0] in names
        quotes.append(
            Quote(
                quote_no=quote_no,
                utterance_no=quote_no,
                kind=kind,  # type: ignore[arg-type]
                text=words,
                char_start=at,
                char_end=at + len(words),
                cue=None,
                cue_start=None,
                cue_end=None,
                speaker_text=None,
                speaker_start=None,
                speaker_end=None,
                speaker_no=names.index(of_quote[0]) if named else None,
                speaker=joint_name(of_quote),
                confidence=0.75,
                rule="joint" if len(of_quote) > 1 else "full-name",
                speaker_type="named person" if set(of_quote) & {*names} else "unnamed group",
            )
        )
    extract = Extract(
        text.content_sha256,
        extractor_version(Settings.model_fields["model"].default),
        tuple(Entity(number, name, "person") for number, name in enumerate(names)),
        tuple(
            Mention(number, names.index(name), "body", at, at + len(name), name, "person")
            for number, (at, name) in enumerate(places)
        ),
        tuple(quotes),
        tuple(speakers),
    )
    check_extract(text, extract)
    return extract


def _cache(landing: Path, home: Path, said: Mapping[str, Said]) -> None:
    """Cache extracts for files of the landing folder, so that a run loads these."""
    home.mkdir(exist_ok=True)
    texts = {landed.source_path: parse(read(landed)).text() for landed in list_landing(landing)}
    ExtractCache(home / "extracts.sqlite").put(
        {texts[path]: pack(_extract(texts[path], quotes)) for path, quotes in said.items()}
    )


def _land(landing: Path) -> None:
    (landing / "talks.txt").write_text(article(title="Talks in Geneva", body=TALKS, section="World"))
    (landing / "next.txt").write_text(
        article(title="Truce holds", body=NEXT_DAY, date="Friday, December 18, 2015 - 01:00", section="Home")
    )


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load two articles with a joint quote; return the folder with landing and home."""
    folder = tmp_path_factory.mktemp("joint")
    (folder / "landing").mkdir()
    _land(folder / "landing")
    _cache(folder / "landing", folder / "home", {"talks.txt": TALKS_SAID, "next.txt": NEXT_DAY_SAID})
    run(folder / "landing", folder / "home")
    return folder


@pytest.fixture
def copy(two: Path, landing: Path, home: Path) -> Path:
    """Return a home of one's own with the two articles."""
    shutil.copytree(two / "home", home, symlinks=True)
    shutil.copytree(two / "landing", landing, dirs_exist_ok=True)
    return home


def _spoken(home: Path) -> list[tuple[Any, ...]]:
    return rows(
        home,
        "select quote_no, speaker_no, speaker, speaker_name, speaker_entity_id is not null "
        "from quote_speakers inner join articles using (article_id) where source_path = 'talks.txt' "
        "order by all",
    )


SPEAKERS = "select speaker, quote_count, article_count, direct_share from mart.speakers order by all"
JOINTLY = "John Kerry and Sergei Lavrov"


def test_each_speaker_has_a_row_and_a_joint_quote_no_entity(two: Path) -> None:
    assert _spoken(two / "home") == [
        (0, 0, "John Kerry", "John Kerry", True),
        (0, 1, "Sergei Lavrov", "Sergei Lavrov", True),
        (1, 0, "John Kerry", "John Kerry", True),
        (2, 0, "Sergei Lavrov", "Sergei Lavrov", True),
        (2, 1, "officials", "officials", False),
        (3, 0, "Officials", "Officials", False),
    ]
    columns = "kind, speaker, speaker_entity_id is not null, speaker_count, rule, speaker_type"
    assert rows(
        two / "home",
        f"select {columns} from quotes inner join articles using (article_id) "
        "where source_path = 'talks.txt' order by quote_no",
    ) == [
        ("direct", JOINTLY, False, 2, "joint", "named person"),
        ("act", "John Kerry", True, 1, "full-name", "named person"),
        ("direct", "Sergei Lavrov and officials", False, 2, "joint", "named person"),
        ("indirect", "Officials", False, 1, "full-name", "unnamed group"),
    ]


def test_marts_count_a_joint_quote_for_each_speaker_and_no_act(two: Path) -> None:
    home = two / "home"
    assert rows(home, SPEAKERS) == [("John Kerry", 2, 2, 1.0), ("Sergei Lavrov", 3, 2, 1.0)]
    assert rows(home, "select speaker, quote_count from mart.speakers_by_month order by all") == [
        ("John Kerry", 2),
        ("Sergei Lavrov", 3),
    ]
    assert rows(home, "from mart.speaker_topics") == []  # the act names Lavrov, but is no quotation of him
    utterances = (
        "select speaker, speaker_entity_id, len(speaker_entity_ids) from mart.utterances order by all"
    )
    assert rows(home, utterances) == [
        (JOINTLY, None, 2),
        (JOINTLY, None, 2),
        ("Officials", None, 0),
        ("Sergei Lavrov and officials", None, 1),
    ]
    repeated = (
        "select speaker, speaker_entity_id, len(speaker_entity_ids), article_count from mart.repeated_quotes"
    )
    assert rows(home, repeated) == [(JOINTLY, None, 2, 2)]
    assert rows(home, "select sum(quote_count) from mart.daily_articles") == [(4,)]
    assert rows(home, "select sum(quote_count), sum(unresolved_count) from mart.data_quality") == [(4, 0)]


def test_rules_and_sources(two: Path) -> None:
    assert rows(
        two / "home",
        "select rule, kind, quote_count, named_share, mean_confidence, first_on::varchar, last_on::varchar "
        "from mart.rules order by all",
    ) == [
        ("full-name", "act", 1, 1.0, 0.75, "2015-12-17", "2015-12-17"),
        ("full-name", "indirect", 1, 0.0, 0.75, "2015-12-17", "2015-12-17"),
        ("joint", "direct", 3, 1.0, 0.75, "2015-12-17", "2015-12-18"),
    ]
    columns = "speaker_type, section, quote_count, article_count, round(100 * share)::integer"
    assert rows(two / "home", f"select {columns} from mart.sources order by all") == [
        ("named person", "Home", 1, 1, 100),
        ("named person", "World", 2, 1, 67),
        ("unnamed group", "World", 1, 1, 33),
    ]


def test_macros_find_a_joint_quote_once_by_each_speaker(two: Path) -> None:
    home = two / "home"
    for who, numbers in {"kerry": [0, 0, 1], "lavrov": [0, 0, 2], "officials": [2, 3]}.items():
        found = f"select quote_no from quotes_by('{who}') order by all"
        assert rows(home, found) == [(number,) for number in numbers], who
    assert rows(home, "select kind, speaker, named_as from quotes_between('lavrov', 'kerry')") == [
        ("act", "John Kerry", "Sergei Lavrov")
    ]
    assert rows(home, "select distinct speaker from quotes_with('truce holds')") == [(JOINTLY,)]
    assert rows(home, "select quote_count from timeline('lavrov')") == [(3,)]
    unnamed = rows(home, (Path(sql.__file__).parent / "queries" / "unnamed_sources.sql").read_text())
    assert [row[:2] for row in unnamed] == [("World", 2)]
    most_quoted = rows(home, (Path(sql.__file__).parent / "queries" / "most_quoted_people.sql").read_text())
    assert [row[:2] for row in most_quoted] == [("Sergei Lavrov", 3), ("John Kerry", 2)]
    assert {row[3] for row in most_quoted} == {TALKS_SAID[0][0]}


def test_alias_renames_one_of_joint_speakers_and_is_undone(copy: Path, landing: Path) -> None:
    before = contents(copy)
    (copy / "aliases.csv").write_text("alias,name,kind\nSergei Lavrov,Sergey Lavrov,\nofficials,Envoys,\n")
    assert run(landing, copy).published
    assert rows(copy, SPEAKERS) == [("John Kerry", 2, 2, 1.0), ("Sergey Lavrov", 3, 2, 1.0)]
    assert rows(
        copy, "select distinct speaker, speaker_name from quotes where kind = 'direct' order by all"
    ) == [
        ("John Kerry and Sergey Lavrov", JOINTLY),
        ("Sergey Lavrov and Envoys", "Sergei Lavrov and officials"),
    ]
    assert rows(copy, "select count(*) from quotes_by('sergey')") == [(3,)]

    # What comes later means the same.
    fresh = copy.parent / "fresh"
    fresh.mkdir()
    for name in ("aliases.csv", "extracts.sqlite"):
        shutil.copy(copy / name, fresh)
    run(landing, fresh)
    assert contents(fresh) == contents(copy)

    (copy / "aliases.csv").unlink()
    assert run(landing, copy).published
    assert contents(copy) == before


def test_alias_that_makes_joint_speakers_one_counts_their_quote_once(copy: Path, landing: Path) -> None:
    (copy / "aliases.csv").write_text("alias,name,kind\nSergei Lavrov,John Kerry,\n")
    assert run(landing, copy).published
    assert rows(copy, SPEAKERS) == [("John Kerry", 3, 2, 1.0)]
    assert rows(copy, "select count(*) from quotes_by('kerry')") == [(4,)]
    assert rows(copy, "select quote_count from timeline('kerry')") == [(3,)]


def test_alias_of_another_kind_moves_the_utterances_of_a_joint_speaker(copy: Path, landing: Path) -> None:
    ids = "select distinct unnest(speaker_entity_ids) as entity_id from mart.utterances order by all"
    before = rows(copy, ids)
    (copy / "aliases.csv").write_text("alias,name,kind\nSergei Lavrov,Sergei Lavrov,organization\n")
    run(landing, copy)
    assert rows(copy, ids) != before
    assert rows(copy, ids) == rows(copy, "select entity_id from mart.speakers order by all")


def test_another_delivery_replaces_the_speakers(copy: Path, landing: Path) -> None:
    (landing / "talks.txt").write_text(
        article(title="Talks in Geneva", body=TALKS.replace(JOINTLY, "John Kerry"), section="World")
    )
    alone = (TALKS_SAID[0][0], "direct", ["John Kerry"])
    _cache(landing, copy, {"talks.txt": (alone, *TALKS_SAID[1:])})
    assert run(landing, copy).counts.loaded_count == 1
    assert [row[:3] for row in _spoken(copy)][:2] == [(0, 0, "John Kerry"), (1, 0, "John Kerry")]
    assert rows(copy, SPEAKERS) == [("John Kerry", 2, 2, 1.0), ("Sergei Lavrov", 2, 2, 1.0)]
    assert len(rows(copy, "from quotes_by('lavrov')")) == 2


def test_reprocess_loads_joint_speakers_of_what_had_one(copy: Path) -> None:
    found_now = contents(copy)
    with duckdb.connect(str(copy / "writer.duckdb")) as writer:
        writer.execute(
            """
            update articles set extractor_version = '1+older';
            delete from quote_speakers where speaker_no > 0;
            update quotes
            set speaker = s.speaker, speaker_name = s.speaker_name, speaker_entity_id = s.speaker_entity_id,
                speaker_count = 1, rule = null
            from quote_speakers as s
            where (quotes.article_id, quotes.quote_no) = (s.article_id, s.quote_no);
            insert into ops.dirty_days select published_on from articles;
            insert into ops.dirty_entities select entity_id from entities;
            update ops.warehouse set change_no = change_no + 1;
            """
        )
    settings = load_settings(home=copy, workers=1)
    compared = reprocess(settings, QuietRunner(), apply=True)
    assert (compared.article_count, compared.run and compared.run.published) == (2, True)
    assert contents(copy) == found_now


def test_three_speakers_are_named_with_a_comma_and_aliased_in_their_place(landing: Path, home: Path) -> None:
    words = "We will meet again,"
    body = f'"{words}" John Kerry, Sergei Lavrov and officials said.'
    (landing / "a.txt").write_text(article(body=body))
    _cache(landing, home, {"a.txt": [(words, "direct", [*NAMES, "officials"])]})
    run(landing, home)
    speakers = "select speaker, speaker_count from quotes"
    assert rows(home, speakers) == [("John Kerry, Sergei Lavrov and officials", 3)]
    (home / "aliases.csv").write_text("alias,name,kind\nSergei Lavrov,Sergey Lavrov,\n")
    run(landing, home)
    assert rows(home, speakers) == [("John Kerry, Sergey Lavrov and officials", 3)]


def test_alias_of_a_name_of_two_kinds_leaves_the_speaker_a_person(landing: Path, home: Path) -> None:
    words = "Nothing is lost,"
    (landing / "a.txt").write_text(article(body=f'"{words}" John Kerry said in John Kerry.'))
    home.mkdir()
    [text] = [parse(read(landed)).text() for landed in list_landing(landing)]
    extract = _extract(text, [(words, "direct", ["John Kerry"])])
    person, place = extract.mentions
    two_kinds = replace(
        extract,
        entities=(*extract.entities, Entity(1, "John Kerry", "place")),
        mentions=(person, replace(place, entity_no=1, kind="place")),
    )
    ExtractCache(home / "extracts.sqlite").put({text: pack(two_kinds)})
    run(landing, home)
    for alias in ("Jack Kerry", "Joan Kerry"):
        (home / "aliases.csv").write_text(f"alias,name,kind\nJohn Kerry,{alias},\n")
        run(landing, home)
        assert rows(
            home,
            "select speaker, kind from quote_speakers inner join entities on speaker_entity_id = entity_id",
        ) == [(alias, "person")]
