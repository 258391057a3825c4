"""The file of corrections: laid over what is loaded and what comes, undone, named where idle."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from commands import carry_out
from runs import QuietRunner, article, contents, rows, run

from ontherecord.flows.maintain import maintain
from ontherecord.flows.recovery.rebuild import rebuild
from ontherecord.flows.reprocess import reprocess
from ontherecord.flows.settings import load_settings
from ontherecord.warehouse.backup import back_up, restore
from ontherecord.warehouse.corrections import COLUMNS
from ontherecord.warehouse.data_dir import DataDir

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
    shutil.copytree(made, tmp_path / "own")
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
