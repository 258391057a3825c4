"""Two deliveries of some hundred files with all that can become of a file, for the tests of crashes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from runs import ARTICLES, article

_NAMES = ("Ida Brandt", "Omar Haddad", "Lena Fischer", "Paul Okoro", "Mira Novak")
_PLACES = ("harbour", "market", "bridge", "school", "theatre", "station", "hospital", "museum")
_TIME = 1_700_000_000


def first_delivery(folder: Path) -> None:
    """Write good files, quarantined files, copies, the same words in other bytes, and near duplicates."""
    (folder / "samples").mkdir(parents=True)
    for sample in sorted(ARTICLES.rglob("*.txt"))[:12]:
        shutil.copy(sample, folder / "samples")
    for number in range(100):
        (folder / f"n{number % 4}").mkdir(exist_ok=True)
        (folder / f"n{number % 4}" / f"{number}.txt").write_text(_text(number))
    for number in (3, 8, 40, 77):
        shutil.copy(folder / f"n{number % 4}" / f"{number}.txt", folder / f"copy of {number}.txt")
    for number in (5, 50):
        (folder / f"dos {number}.txt").write_bytes(_text(number).replace("\n", "\r\n").encode())
    for number, sample in enumerate(sorted(ARTICLES.rglob("*.txt"))[:5]):
        (folder / f"shortened {number}.txt").write_text(_shortened(sample.read_text("utf-8")), "utf-8")
    for number in range(4):
        (folder / f"untitled {number}.txt").write_text(_text(200 + number).replace("## Title: ", "## T: ", 1))
        (folder / f"undated {number}.txt").write_text(article(date="tomorrow", body=f"Held {number}."))
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.txt").write_bytes(bytes(range(256)) * 40)
    _set_times(folder)


def second_delivery(folder: Path, first: Path) -> None:
    """Write the first one again with new contents, good and bad, releases, and some files more."""
    shutil.copytree(first, folder, dirs_exist_ok=True, symlinks=True)
    for number in range(0, 40, 3):
        (folder / f"n{number % 4}" / f"{number}.txt").write_text(_text(number, "On Friday it closed again."))
    for number in (41, 42):  # worse ones: the articles stay
        (folder / f"n{number % 4}" / f"{number}.txt").write_bytes(b"")
    for number in (0, 1):  # fixed: these are released
        (folder / f"undated {number}.txt").write_text(article(title=f"Fixed {number}", body="As it was."))
    for number in range(300, 330):
        (folder / f"new {number}.txt").write_text(_text(number))
    for sample in sorted((folder / "samples").glob("*.txt"))[5:8]:
        (folder / f"late {sample.name}").write_text(_shortened(sample.read_text("utf-8")), "utf-8")
    _set_times(folder, first)


def small_delivery(folder: Path) -> None:
    """Write a few files of each kind."""
    folder.mkdir()
    for number in range(24):
        (folder / f"{number}.txt").write_text(_text(number))
    for sample in sorted(ARTICLES.rglob("*.txt"))[:2]:
        shutil.copy(sample, folder)
        (folder / f"shortened {sample.name}").write_text(_shortened(sample.read_text("utf-8")), "utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.txt").write_bytes(bytes(range(256)) * 400)
    _write_table(folder / "week.csv", ("2015-03-04", *(f"someday {number}" for number in range(30))))
    _set_times(folder)


def tiny_delivery(folder: Path) -> None:
    """Write a handful of files, of each kind one or two: for what is done hundreds of times."""
    folder.mkdir()
    for number in range(6):
        (folder / f"n{number % 2}").mkdir(exist_ok=True)
        (folder / f"n{number % 2}" / f"{number}.txt").write_text(_text(number))
    shutil.copy(folder / "n1" / "3.txt", folder / "copy of 3.txt")
    sample = sorted(ARTICLES.rglob("*.txt"))[0]
    shutil.copy(sample, folder / "sample.txt")
    (folder / "shortened.txt").write_text(_shortened(sample.read_text("utf-8")), "utf-8")
    for number in range(2):
        text = article(title=f"Shut {number}").replace("## Supertitle: ", "## Title: Or open")
        (folder / f"two titles {number}.txt").write_text(text)
    (folder / "empty.txt").write_bytes(b"")
    _write_table(folder / "week.csv", ("2015-03-04", "someday", "sometime"))
    _set_times(folder)


def tiny_second_delivery(folder: Path, first: Path) -> None:
    """Write the tiny one again with a changed file, a fixed one, one that is worse, and new ones."""
    shutil.copytree(first, folder, dirs_exist_ok=True)
    (folder / "n0" / "2.txt").write_text(_text(2, "On Friday it closed again."))
    (folder / "n1" / "5.txt").write_bytes(b"")
    _write_table(folder / "week.csv", ("2015-03-04", "2015-03-05", "sometime", "whenever"))
    (folder / "two titles 0.txt").write_text(article(title="Fixed", body="As it was."))
    for number in (30, 31):
        (folder / f"new {number}.txt").write_text(_text(number))
    _set_times(folder, first)


def _text(number: int, more: str = "") -> str:
    name, other = _NAMES[number % 5], _NAMES[(number + 1 + number // 5 % 4) % 5]
    place = _PLACES[number % 8]
    body = (
        f'"The {place} opens at {number} past nine," {name} said on Monday.\n'
        f'"Nobody asked me about number {number}," {other} replied. {more}'
    )
    title = f"The {place} opens, part {number}"
    return article(title, body, f"Thursday, December {1 + number % 28}, 2015 - 01:00").replace(
        "Thursday, ", _weekday(1 + number % 28)
    )


def _weekday(day: int) -> str:
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return f"{days[day % 7]}, "  # 1 December 2015 was a Tuesday


def _shortened(text: str) -> str:
    """Return an article without its last paragraph, under a headline of its own."""
    head, _, _ = text.rstrip().rpartition("\n")
    return head.replace("## Title: ", "## Title: Again: ", 1) + "\n"


def _set_times(folder: Path, first: Path | None = None) -> None:
    """Give files times that are the same wherever they are written; what is new or changed is younger."""
    for file in (path for path in folder.rglob("*") if path.is_file()):
        older = first / file.relative_to(folder) if first else None
        same = older is not None and older.exists() and older.read_bytes() == file.read_bytes()
        seconds = _TIME if first is None or same else _TIME + 1000
        os.utime(file, (seconds, seconds))


def _write_table(file: Path, days: Iterable[str]) -> None:
    """Write a row for each day; those whose day cannot be read are quarantined."""
    rows = [
        f"https://post.example/{n},Meeting {n},{day},Nobody asked {_NAMES[n % 5]} about meeting {n}."
        for n, day in enumerate(days)
    ]
    file.write_text("\n".join(("url,title,date,text", *rows)) + "\n")
