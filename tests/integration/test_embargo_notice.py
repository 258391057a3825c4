"""Notices of an embargo: read in the headline and at the top of a text, and told from stories about one."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from runs import article, rows, run

from ontherecord.flows.landing.embargo_notice import read_notice

WRITTEN = datetime(2026, 5, 3, 9)


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ("EMBARGOED UNTIL 00:01 GMT, Tuesday 5 May 2026", datetime(2026, 5, 5, 0, 1)),
        ("***Strictly embargoed until 6pm BST, 5 May 2026***", datetime(2026, 5, 5, 17)),
        ("EMBARGOED FOR: 2 p.m., ET, Tuesday, May 5, 2026", datetime(2026, 5, 5, 18)),
        ("HOLD FOR RELEASE UNTIL 6 A.M. EDT, MAY 5, 2026", datetime(2026, 5, 5, 10)),
        ("NOT FOR PUBLICATION BEFORE 00.01 HRS ON TUESDAY 5 MAY 2026", datetime(2026, 5, 5, 12, 1)),
        ("Not for broadcast or publication until 5 May 2026", datetime(2026, 5, 5, 12)),
        ("FOR RELEASE 10:00 A.M. (ET) Tuesday, May 5, 2026", datetime(2026, 5, 5, 14)),
        ("Material in this release is embargoed until 8 a.m. ET, May 5, 2026", datetime(2026, 5, 5, 12)),
        ("Embargo: 5 May 2026, 06:00 CET", datetime(2026, 5, 5, 5)),
        ("[EMBARGOED UNTIL 5 MAY 2026] Ferry fares to rise", datetime(2026, 5, 5, 12)),
        ("EMBARGOED UNTIL 5 May 2026 - contains market-sensitive figures", datetime(2026, 5, 5, 12)),
        ("EMBARGOED UNTIL 00:01 TUESDAY 5 MAY", datetime(2026, 5, 5, 12, 1)),  # of the year of the article
        ("EMBARGOED UNTIL 2 December", None),  # of which year?
        ("Embargo: 05/06/2026", None),
        ("Embargoed until midnight tonight", None),
        ("Under embargo until further notice", None),
        ("HOLD FOR RELEASE", None),
        ("EMBARGOED", None),
    ],
)  # fmt: skip
def test_notice_is_read_as_a_moment_that_has_come_everywhere(line: str, until: datetime | None) -> None:
    for notice in (read_notice((line,), "", WRITTEN), read_notice((), f"\n{line}\n\nA ferry ran.", WRITTEN)):
        assert notice is not None
        assert (notice.text, notice.until) == (line, until)


@pytest.mark.parametrize(
    "line",
    [
        "FOR IMMEDIATE RELEASE",
        "The EU embargo until 2027 hurts farmers",
        "Embargo until 2027 agreed by ministers",
        "Embargo to hit grain exports",
        "Embargo on grain ends on 5 May 2026",
        "Embargo: the island and its neighbour, 60 years on",
        "Embargoed oil reaches the port of Quelmar",
        "Embargoed until 1 January 2027, the cabinet papers show that the minister knew.",
        '"Embargoed until Monday," said the note that the office sent.',
        "For release on 5 May 2026, the album has ten songs.",
        "Hold until Monday, doctors say",
        "Hold on to your hats, says the mayor",
        "Not for broadcast, the interview was leaked on Monday.",
        "Not to be outdone, Valmora scored twice.",
    ],
)
def test_story_about_an_embargo_is_no_notice(line: str) -> None:
    assert read_notice((line,), f"{line}\nA ferry ran aground.", WRITTEN) is None


def test_notice_below_the_top_is_no_notice() -> None:
    story = "\n".join([*("A ferry ran aground." for _ in range(5)), "EMBARGOED UNTIL 5 MAY 2026"])
    assert read_notice((), story, WRITTEN) is None


def test_article_is_held_by_a_notice_until_its_day(landing: Path, home: Path) -> None:
    ahead = datetime.now() + timedelta(days=3)
    day = f"{ahead:%d %B %Y}"
    said = '"It ran aground at noon," said the harbour master, Ida Brandt.'
    texts = {
        "held.txt": article(body=f"EMBARGOED UNTIL 00:01 GMT, {day}\n\n{said} One.", title="One"),
        "head.txt": article(body=f"{said} Two.", title=f"HOLD FOR RELEASE UNTIL {day}: Ferry runs aground"),
        "past.txt": article(body=f"EMBARGOED UNTIL 00:01 GMT, 5 May 2015\n\n{said} Three.", title="Three"),
        "open.txt": article(body=f"Embargoed until midnight tonight\n\n{said} Four.", title="Four"),
        "sent.txt": article(body=f"FOR IMMEDIATE RELEASE\n\n{said} Five.", title="Five"),
    }
    for name, text in texts.items():
        (landing / name).write_text(text)
    result = run(landing, home)
    assert rows(home, "select source_path, rule from ops.quarantine order by 1") == [
        ("head.txt", "embargoed"),
        ("held.txt", "embargoed"),
    ]
    warned = "list_contains(warnings, 'embargo_unread')"
    assert rows(home, f"select source_path, {warned}, contains(body, 'EMBARG') from articles order by 1") == [
        ("open.txt", True, False),
        ("past.txt", False, False),
        ("sent.txt", False, False),
    ]
    assert "1 article loaded that begins with a notice of an embargo" in result.summary()
