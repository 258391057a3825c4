"""Versions: what an article was before, what changed, and what the warehouse knew at a moment."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from commands import ONTHERECORD, carry_out
from runs import article, open_to_change, rows, run

from ontherecord.flows.cli.diff import diff_versions, word_changes
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.versions import read_versions

BODIES = (
    'The bridge is shut. "We wait," mayor Leila Sarrouf said.\n\nNobody crossed it on Monday.\n\nIt rained.',
    'The bridge is shut. "We wait," mayor Leila Sarrouf said.\n\n'
    "Nobody at all crossed it on Tuesday.\n\nIt rained.",
    'The bridge is open. "We go," mayor Leila Sarrouf said.\n\n'
    "Nobody at all crossed it on Tuesday.\n\nA goat went first.",
)


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run three times over an article that changes, and one that stays; give the home."""
    folder = tmp_path_factory.mktemp("updated")
    landing = folder / "landing"
    (landing / "world").mkdir(parents=True)
    (landing / "cup.txt").write_text(article(title="Cup goes to Valmora"))
    for number, body in enumerate(BODIES):
        title = "Bridge opens" if number == 2 else "Bridge stays shut"
        section = "Local" if number == 2 else "World"
        (landing / "world" / "bridge.txt").write_text(article(title=title, body=body, section=section))
        run(landing, folder / "home")
    return folder / "home"


def test_versions_are_listed_with_their_times(updated: Path) -> None:
    facts = json.loads(carry_out("versions", "world/bridge.txt", "--json", home=updated).stdout)
    versions = facts["versions"]
    assert [v["version"] for v in versions] == [1, 2, 3]
    assert [v["superseded_at"] for v in versions] == [
        versions[1]["loaded_at"],
        versions[2]["loaded_at"],
        None,
    ]
    assert facts["changes"] is None
    listed = carry_out("versions", "world/bridge.txt", home=updated).stdout
    assert [line.split()[0] for line in listed.splitlines() if line.strip()[:1].isdigit()] == ["1", "2", "3"]
    assert "Bridge opens" in listed


def test_what_changed_is_shown_by_headers_paragraphs_and_words(updated: Path) -> None:
    assert carry_out("versions", "world/bridge.txt", "--diff", home=updated).stdout == (
        "version 2 -> 3\n"
        "title: Bridge [-stays shut-]{+opens+}\n"
        "section: [-World-]{+Local+}\n"
        '  The bridge is [-shut-]{+open+}. "We [-wait-]{+go+}," mayor Leila Sarrouf said.\n'
        "  … 1 paragraph as before\n"
        "  [-It rained.-]\n"
        "  {+A goat went first.+}\n"
    )
    assert carry_out("versions", "world/bridge.txt", "--diff", "1", "2", home=updated).stdout == (
        "version 1 -> 2\n"
        "  … 1 paragraph as before\n"
        "  Nobody {+at all +}crossed it on [-Monday-]{+Tuesday+}.\n"
        "  … 1 paragraph as before\n"
    )
    assert carry_out("versions", "world/bridge.txt", "1", home=updated).stdout.startswith("version 1 -> 3\n")


def test_pieces_of_a_change_make_both_versions(updated: Path) -> None:
    found = read_versions(DataDir(updated), "world/bridge.txt")
    for older in found:
        for newer in found:
            changes = diff_versions(older, newer)
            assert changes.none == (older is newer)
            for version, gone in ((older, "added"), (newer, "removed")):
                texts = [
                    "".join(piece.text for piece in paragraph.pieces if piece.change != gone)
                    for paragraph in changes.paragraphs
                    if paragraph.change != gone
                ]
                assert texts == [line for line in version.body.split("\n") if line]


def test_texts_of_a_million_words_without_a_space_between_changes_are_compared() -> None:
    old, new = "a b " * 500_000, "b c " * 500_000
    pieces = word_changes(old, new)
    assert [(p.change, p.text) for p in pieces] == [("removed", old), ("added", new)]


def test_a_terminal_gets_colours_and_nothing_that_steers_it(landing: Path, home: Path) -> None:
    (landing / "a.txt").write_text(article(body="The sea is calm today, said nobody."))
    run(landing, home)
    (landing / "a.txt").write_text(article(body="The sea is rough today, said nobody."))
    run(landing, home)
    with open_to_change(home) as connection:  # reading a file takes such characters out
        connection.execute("update articles set body = replace(body, 'rough', chr(27) || '[5mrough')")

    def on_terminal(**environment: str) -> str:
        ours, theirs = pty.openpty()
        subprocess.run(
            [ONTHERECORD, "versions", "a.txt", "--diff", "--home", home],
            stdout=theirs,
            check=True,
            env={**os.environ, "TERM": "xterm", **environment},
        )
        os.close(theirs)
        found = b""
        try:
            while part := os.read(ours, 4096):
                found += part
        except OSError:  # Linux says so where the other end is closed
            pass
        os.close(ours)
        return found.decode()

    coloured = on_terminal()
    assert "\x1b[32m" in coloured
    assert "[-" not in coloured
    plain = on_terminal(NO_COLOR="1")
    assert "[-calm-]{+" in plain
    for shown in (coloured, plain):
        assert "\x1b[5m" not in shown
        assert r"\x1b[5mrough" in shown


def test_one_version_has_nothing_to_compare(updated: Path) -> None:
    done = carry_out("versions", "cup.txt", "--diff", home=updated)
    assert done.returncode == 0
    assert "one version" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("bridge.txt",), 1, "Most similar:\n  'world/bridge.txt'"),
        (("world/brigde.txt",), 1, "Most similar:\n  'world/bridge.txt'"),
        (("world/bridge.txt", "--diff", "1", "9"), 2, "no version 9: name two of 1, 2, 3"),
    ],
)
def test_unknown_path_or_version_says_what_is_close(
    updated: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    done = carry_out("versions", *arguments, home=updated)
    assert done.returncode == code
    assert says in done.stderr


def test_articles_as_of_a_moment_are_those_of_then(updated: Path) -> None:
    loaded = [version.loaded_at for version in read_versions(DataDir(updated), "world/bridge.txt")]
    instant = timedelta(microseconds=1)

    def known(moment: object) -> list[tuple[object, ...]]:
        return rows(updated, f"select source_path, version from articles_as_of('{moment}') order by all")

    assert known(loaded[0] - instant) == []
    assert known(loaded[0]) == [("cup.txt", 1), ("world/bridge.txt", 1)]
    assert known(loaded[1] - instant) == [("cup.txt", 1), ("world/bridge.txt", 1)]
    assert known(loaded[1]) == [("cup.txt", 1), ("world/bridge.txt", 2)]
    assert known(loaded[2]) == [("cup.txt", 1), ("world/bridge.txt", 3)]
    assert rows(updated, "from articles_as_of(now()) order by all") == rows(
        updated, "from articles order by all"
    )
    assert rows(
        updated, "select column_name, column_type from (describe from articles_as_of(now()))"
    ) == rows(updated, "select column_name, column_type from (describe articles)")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_a_moment_with_a_zone_is_that_moment(updated: Path, zone: str) -> None:
    [_, second, third] = [
        version.loaded_at for version in read_versions(DataDir(updated), "world/bridge.txt")
    ]
    with duckdb.connect(str(updated / "warehouse.duckdb"), read_only=True) as connection:
        connection.execute(f"set timezone = '{zone}'")
        for moment in (f"timestamptz '{third - (third - second) / 2}+00:00'", f"'{second}'"):
            found = connection.execute(
                f"select version from articles_as_of({moment}) where source_path = 'world/bridge.txt'"
            ).fetchall()
            assert found == [(2,)], moment
