"""The file of corrections: laid over what is loaded and what comes, undone, named where idle."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from commands import carry_out
from runs import QuietRunner, article, contents, rows, run

from ontherecord import sql
from ontherecord.flows.ingest import ingest
from ontherecord.flows.maintain import maintain
from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.flows.recovery.rebuild import rebuild
from ontherecord.flows.reprocess import reprocess
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.backup import back_up, restore
from ontherecord.warehouse.corrections import COLUMNS, read_corrections, read_names
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.database import duckdb_of
from ontherecord.warehouse.errors import CorrectionError

HARBOUR = (
    '"The port is open," harbour master Ida Brandt said on Monday in Bergen.\n'
    '"We have waited for this day," she said, "and the boats are full."\n'
    '"Nobody asked us," fishermen said.\n'
    "The Port Board said that the quay would be mended by spring.\n"
    'Mayor Odd Lunde praised the "day of days" in a speech.'
)
COUNCIL = (
    '"The quay is too short," Ida Brandt told the council in Bergen.\n'
    "Odd Lunde said that the Read More fund would pay for it."
)


def _home(tmp: Path) -> tuple[Path, Path]:
    landing, home = tmp / "landing", tmp / "home"
    landing.mkdir(parents=True)
    (landing / "harbour.txt").write_text(article(body=HARBOUR))
    (landing / "council.txt").write_text(article(title="Council meets", body=COUNCIL))
    run(landing, home)
    return landing, home


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corrected")
    _home(folder)
    return folder


@pytest.fixture
def places(made: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Copy the landing folder and the home of two articles."""
    shutil.copytree(made, tmp_path / "own", symlinks=True)
    return tmp_path / "own" / "landing", tmp_path / "own" / "home"


def _write(home: Path, *lines: tuple[str, ...]) -> None:
    """Write corrections: what, article, words and what they become."""
    with open(home / "corrections.csv", "w", encoding="utf-8", newline="") as file:
        written = csv.writer(file)
        written.writerow(COLUMNS)
        for what, path, words, becomes in lines:
            written.writerow((what, path, "", words, becomes, "read by eye"))


def _of(home: Path, words: str) -> tuple[object, ...] | None:
    """Return the row of a quote: words, kind, speaker, type and name of entity."""
    found = rows(
        home,
        "select q.text, q.kind, speaker, speaker_type, e.name from quotes as q "
        f"left join entities as e on speaker_entity_id = entity_id where text like '{words}%'",
    )
    return found[0] if found else None


TEN = (
    ("not a quote", "harbour.txt", "day of days", ""),
    ("speaker", "harbour.txt", "We have waited for this day,", "Odd Lunde"),
    ("speaker", "harbour.txt", "The port is open,", "Ida Brandt; Odd Lunde"),
    ("kind", "harbour.txt", "the quay would be mended by spring", "act"),
    ("limits", "council.txt", "the Read More fund would pay for it", "fund … pay for"),
    ("speaker", "council.txt", "The quay is too short,", "Greta Moe"),
    ("speaker", "harbour.txt", "Nobody asked us,", "officials of the port"),
    ("split", "council.txt", "Odd Lunde", "Odd Lunde (junior)"),
    ("dismiss", "", "Bergen", ""),
    ("rename", "", "Port Board", "Port Authority (organization)"),
)


def _check_ten(home: Path) -> None:
    """Hold the warehouse against TEN."""
    brandt, lunde, named = "Ida Brandt", "Odd Lunde", "named person"
    assert _of(home, "day of days") is None
    waited = "We have waited for this day,"
    assert _of(home, waited) == (waited, "direct", lunde, named, lunde)
    assert _of(home, "and the boats") == ("and the boats are full.", "direct", lunde, named, lunde)
    assert _of(home, "The port") == ("The port is open,", "direct", f"{brandt} and {lunde}", named, None)
    mended = "the quay would be mended by spring"
    authority = "Port Authority"
    assert _of(home, mended) == (mended, "act", authority, "organization", authority)
    junior = "Odd Lunde (junior)"
    assert _of(home, "fund") == ("fund would pay for", "indirect", junior, named, junior)
    assert _of(home, "The quay") == ("The quay is too short,", "direct", "Greta Moe", named, "Greta Moe")
    asked = "Nobody asked us,"
    assert _of(home, asked) == (asked, "direct", "officials of the port", "unnamed group", None)
    assert rows(home, "select name from entities order by all") == [
        *(("Greta Moe",), (brandt,), (lunde,), (junior,), (authority,))
    ]
    assert rows(home, "from mentions where text = 'Bergen'") == []
    assert rows(home, "select count(*), min(confidence) from quotes where is_corrected") == [(7, 1.0)]
    assert rows(home, "select count(*) from quotes where speaker_name = 'Odd Lunde'") == [(2,)]
    assert rows(home, "select count(*) from quotes_by('lunde')") == [(4,)]
    assert carry_out("check", home=home).returncode == 0


def test_ten_corrections_outlive_all_that_loads_again_and_are_undone_exactly(
    places: tuple[Path, Path], tmp_path: Path
) -> None:
    landing, home = places
    before = contents(home)
    _write(home, *TEN)
    result = run(landing, home)
    assert result.published
    assert result.idle_corrections == []
    _check_ten(home)
    corrected = contents(home)

    assert not run(landing, home).published
    settings = load_settings(home=home, workers=1)
    maintained = maintain(settings, QuietRunner())
    assert (maintained.run.published, maintained.changed_entities) == (False, 0)
    compared = reprocess(settings, QuietRunner(), everything=True)
    assert (compared.added.count, compared.removed.count, compared.speaker_changed.count) == (0, 0, 0)
    reprocess(settings, QuietRunner(), everything=True, apply=True)
    assert contents(home) == corrected

    # Names of people are compared with others when an article brings some.
    (landing / "other.txt").write_text(article(title="Bergen plays", body='"We won," Ida Brandt said.'))
    run(landing, home)
    _check_ten(home)
    with_other = contents(home)

    backed_up = tmp_path / "press.zip"
    back_up(DataDir(home), backed_up)
    restored = DataDir(tmp_path / "restored")
    restore(backed_up, restored)
    assert contents(restored) == with_other
    assert not run(landing, restored.folder).published

    rebuild(settings, QuietRunner(), landing, from_scratch=True)
    assert contents(home) == with_other

    # A new version keeps the corrections of its words, wherever they stand now.
    (landing / "harbour.txt").write_text(article(body=f"It rained in the night.\n{HARBOUR}"))
    changed = run(landing, home)
    assert changed.counts.loaded_count == 1
    assert changed.idle_corrections == []
    _check_ten(home)

    (landing / "harbour.txt").write_text(article(body=HARBOUR))
    (landing / "other.txt").unlink()
    (home / "corrections.csv").unlink()
    assert run(landing, home).published
    fresh = tmp_path / "fresh"
    shutil.copytree(landing, tmp_path / "landing")
    run(tmp_path / "landing", fresh)
    assert _core(fresh) == _core_of(before)


def _core(home: Path) -> dict[str, list[tuple[object, ...]]]:
    return _core_of(contents(home))


def _core_of(found: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    names = ("quotes", "quote_speakers", "mentions", "entities", "entity_joins")
    return {name: found[f"main.{name}"] for name in names}


def test_a_line_that_no_longer_applies_is_named(places: tuple[Path, Path]) -> None:
    landing, home = places
    _write(
        home,
        ("speaker", "council.txt", "The quay is too short,", "Odd Lunde"),
        ("kind", "gone.txt", "We won,", "mixed"),
        ("dismiss", "", "Nobody Nowhere", ""),
        ("limits", "council.txt", "the Read More fund would pay for it", "no such words …"),
    )
    found = [(line.line_no, line.problem) for line in run(landing, home).idle_corrections]
    assert found == [
        (3, "the article is not loaded"),
        (4, "no article has this name"),
        (5, "'no such words' is not in the text at this quote"),
    ]
    (landing / "council.txt").write_text(
        article(
            title="Council meets", body=COUNCIL.replace("The quay is too short", "The quay is long enough")
        )
    )
    result = run(landing, home)
    assert [line.line_no for line in result.idle_corrections] == [2, 3, 4, 5]
    assert (
        "line 2 (speaker in council.txt [The quay is too short,]: the article does not have these words"
        in result.summary()
    )
    told = carry_out("status", home=home).stdout
    assert "line 3 of corrections.csv (kind in gone.txt): the article is not loaded" in told
    assert _of(home, "The quay is long") == (
        *("The quay is long enough,", "direct", "Ida Brandt", "named person", "Ida Brandt"),
    )


def test_dismissed_name_comes_back_although_another_article_was_corrected_since(
    places: tuple[Path, Path],
) -> None:
    landing, home = places
    short = ("not a quote", "council.txt", "The quay is too short,", "")
    _write(home, ("dismiss", "", "Bergen", ""), short)
    run(landing, home)
    assert rows(home, "from entities where name = 'Bergen'") == []
    later = COUNCIL.replace(" in Bergen", " on Friday")
    (landing / "council.txt").write_text(article(title="Council meets", body=later))
    run(landing, home)
    assert rows(home, "from entities where name = 'Bergen'") == []
    _write(home, short)
    run(landing, home)
    assert rows(home, "select aliases from entities where name = 'Bergen'") == [(["Bergen"],)]


def test_alias_names_a_speaker_whom_no_article_names_and_is_undone(places: tuple[Path, Path]) -> None:
    landing, home = places
    before = contents(home)
    (home / "aliases.csv").write_text(
        "alias,name,kind,external_id\nFishermen,Bergen Fishers,organization,Q9\nOdd Lunde,Odd A. Lunde,,\n"
    )
    run(landing, home)
    asked = "Nobody asked us,"
    assert _of(home, asked) == (asked, "direct", "Bergen Fishers", "unnamed group", "Bergen Fishers")
    assert rows(home, "select kind, aliases, external_id from entities where name = 'Bergen Fishers'") == [
        ("organization", ["Bergen Fishers", "fishermen"], "Q9")
    ]
    assert rows(home, "select speaker_name from quotes where text = 'Nobody asked us,'") == [("fishermen",)]
    assert carry_out("check", home=home).returncode == 0

    fresh = home.parent / "fresh"
    fresh.mkdir()
    shutil.copy(home / "aliases.csv", fresh)
    run(landing, fresh)
    assert contents(fresh) == contents(home)

    (home / "aliases.csv").unlink()
    run(landing, home)
    assert contents(home) == before


def test_a_dismissed_name_comes_back_though_other_articles_were_corrected_since(
    places: tuple[Path, Path],
) -> None:
    landing, home = places
    quay = ("speaker", "council.txt", "The quay is too short,", "Odd Lunde")
    _write(home, ("dismiss", "", "Port Board", ""), quay)
    run(landing, home)
    named = "select name from entities where name = 'Port Board'"
    assert rows(home, named) == []
    (landing / "council.txt").write_text(article(title="Council meets", body=f"It rained.\n{COUNCIL}"))
    run(landing, home)
    _write(home, quay)
    assert run(landing, home).published
    assert rows(home, named) == [("Port Board",)]
    assert carry_out("check", home=home).returncode == 0


def test_lines_give_one_name_with_its_kind_and_without(places: tuple[Path, Path]) -> None:
    landing, home = places
    _write(home, ("merge", "", "Odd Lunde", "Greta Moe (person)"), ("rename", "", "Ida Brandt", "Greta Moe"))
    run(landing, home)
    names = ["Greta Moe", "Ida Brandt", "Odd Lunde"]
    assert rows(home, "select aliases from entities where kind = 'person'") == [(names,)]
    # Each once: to merge a row into `entities` twice fails, but only in a large warehouse.
    with open_writer(DataDir(home), "test") as engine, engine.begin() as connection:
        duckdb = duckdb_of(connection)
        duckdb.execute("create or replace temp table dirty_entities as select entity_id from entities")
        duckdb.execute(sql.statement("entities", "refresh"))
        found = duckdb.execute("select count(*), count(distinct entity_id) from refreshed_entities")
        assert found.fetchone() == (3, 3)


def test_a_line_of_names_that_is_rewritten_is_one_of_corrections_csv(places: tuple[Path, Path]) -> None:
    landing, home = places
    for name in ("Port Authority", "Harbour Board"):
        _write(home, ("merge", "", "Port Board", f"{name} (organization)"))
        runner = QuietRunner()
        ingest(landing, load_settings(home=home, workers=1), runner)
        assert rows(home, f"select count(*) from entities where name = '{name}'") == [(1,)]
        assert [line for line in runner.lines if line.startswith("aliases")] == []


HEAD = ",".join(COLUMNS)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("what,article\n", "no column 'place'"),
        (
            f"{HEAD}\nwrong,a.txt,,words,,\n",
            "line 2, column what: 'wrong' is unknown. Use one of not a quote",
        ),
        (f"{HEAD}\nspeaker,,,words,A,\n", "line 2, column article: it is empty, and speaker needs it"),
        (f"{HEAD}\nspeaker,a.txt,,words,,\n", "line 2, column becomes: it is empty"),
        (f"{HEAD}\nspeaker,a.txt,soon,words,A,\n", "line 2, column place: 'soon' is no number"),
        (
            f"{HEAD}\nkind,a.txt,,words,loud,\n",
            "line 2, column becomes: there is no kind 'loud'. Use one of d",
        ),
        (f"{HEAD}\nmerge,a.txt,,A,B,\n", "line 2, column article: merge is for all articles"),
        (f"{HEAD}\nkind,a.txt,,w,act,\nkind,a.txt,,w,direct,\n", "line 3: line 2 has another value"),
        (
            f"{HEAD}\nnot a quote,a.txt,,w,,\nkind,a.txt,,w,act,\n",
            "line 3: line 2 says that this is not a quote",
        ),
        (f"{HEAD}\nmerge,,,A,B,\nrename,,,a,C,\n", "line 3: 'a' is 'B' by another line"),
        (f"{HEAD}\nmerge,,,A,B,\nrename,,,b,C,\n", "line 2: 'B' is 'C' by another line.*Write 'C' here too"),
    ],
)
def test_wrong_line_is_named(home: Path, lines: str, says: str) -> None:
    home.mkdir()
    (home / "corrections.csv").write_text(lines)
    with pytest.raises(CorrectionError, match=says):
        read_names(DataDir(home), read_corrections(DataDir(home)))
