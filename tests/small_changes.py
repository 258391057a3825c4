"""An invented archive and small changes to it, drawn by a seed.

Texts, names and quotes are made up together, so that nothing has to be extracted: what is tested is what
comes after. Names come in several forms, words recur, and some articles are cut copies of others.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb

from ontherecord.flows.pipeline.finish import find_near_duplicates
from ontherecord.flows.pipeline.name_joins import choose_joins
from ontherecord.flows.pipeline.runner import open_writer
from ontherecord.warehouse.aliases import Aliases
from ontherecord.warehouse.corrections import COLUMNS, read_corrections, read_names
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.entity_joins import has_names_to_compare, join_names
from ontherecord.warehouse.forget import delete_rows, find_doomed
from ontherecord.warehouse.ids import article_id
from ontherecord.warehouse.load import Accepted, Batch, load, load_extracts
from ontherecord.warehouse.marts import build_marts
from ontherecord.warehouse.near_duplicates import has_pending
from ontherecord.warehouse.overlay import apply_corrections
from ontherecord.warehouse.records import (
    Delivery,
    Entity,
    Extract,
    Gender,
    GenderCount,
    GenderEvidence,
    LandedFile,
    Mention,
    Quote,
    QuoteKind,
    QuoteSpeaker,
    RawFile,
)
from ontherecord.warehouse.renames import apply_aliases

# Each person with the forms of the name. Some of them share an entity, some are joined, some are two people.
PEOPLE = (
    ("Ida Brandt", "IDA BRANDT", "Ida K. Brandt"),
    ("Otto Lind", "Otto lind"),
    ("Leila Sarrouf", "Leila M. Sarrouf"),
    ("José Karrà",),
    ("Bill Ostby", "William Ostby"),
    ("Lena Ortiz",),
)
THINGS = (("Port Board", "organization"), ("Valmora", "place"), ("Tamruz", "place"))
ROLES = ("mayor", "Mayor", "the mayor", "harbour master", None, None)
SAID = ("We are open again and nobody can stop us", "No comment", "The talks in the old port went well")
WORDS = ("ferry", "harbour", "winter", "council", "market", "bridge", "signal", "captain", "ladder", "garden")
EVIDENCE: tuple[GenderEvidence, ...] = ("pronoun", "title", "first name")
GENDERS: tuple[Gender, ...] = ("woman", "man")
QUOTE_KINDS: tuple[QuoteKind, ...] = ("direct", "direct", "mixed", "indirect", "act")
SECTIONS = ("World", "Local", None)
OUTLETS = ("The Post", "The Mail", None)
AGENCIES = (None, None, "AFP")
FIRST_DAY = datetime(2016, 1, 20, 9)
# What does not follow from the texts alone: when and by which run, and which of two equal texts came first.
NOT_COMPARED = ("about", "methods", "data_quality", "reprints")


@dataclass(slots=True)
class Archive:
    """A home with invented articles; `days` is over how many days these are spread."""

    home: DataDir
    random: Random
    days: int = 40
    articles: dict[str, Accepted] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    corrections: dict[tuple[Any, ...], str] = field(default_factory=dict)
    made: int = 0
    done: list[str] = field(default_factory=list)

    def change(self) -> None:
        """Make one small change, and mostly finish the run: near duplicates, names and marts."""
        kinds: list[Callable[[], None]] = [
            self.add, self.add, self.add, self.reprint, self.rewrite, self.reextract,
            self.withdraw, self.correct, self.correct, self.merge,
        ]  # fmt: skip
        change = self.random.choice(kinds)
        self.done.append(change.__name__)
        change()
        end = self.random.random()
        if end < 0.1:  # a run that is killed once near duplicates are stored
            self.finish(marts=False)
        elif end < 0.8:
            self.finish()

    def fill(self, count: int) -> None:
        """Load so many articles at once, and finish the run."""
        self._load([self._article() for _ in range(count)])
        self.finish()

    def add(self) -> None:
        """Load one to three new articles, now and then one of them twice."""
        new = [self._article() for _ in range(self.random.randint(1, 3))]
        self._load(new)
        if self.random.random() < 0.2:
            self._load([self._article(new[0].place.source_path)])

    def reprint(self) -> None:
        """Load a cut copy of an article, within days of it or later."""
        if self.articles:
            original = self._any().delivery
            assert original.published_at
            day = original.published_at + timedelta(days=self.random.choice((0, 1, 3, 4)))
            self._load([self._article(copied=original.body, at=day)])

    def rewrite(self) -> None:
        """Load other words for an article, often of another day."""
        if self.articles:
            self._load([self._article(self._any().place.source_path)])

    def reextract(self) -> None:
        """Find something else in a text."""
        if self.articles:
            old = self._any()
            found = self._extract(old.delivery.body, old.delivery.raw.content_sha256)
            path = old.place.source_path
            self.articles[path] = Accepted(old.delivery, old.warnings, found)
            with open_writer(self.home, "test") as engine:
                load_extracts(engine, {old.article_id: found}, self._names())

    def withdraw(self) -> None:
        """Take an article down."""
        if self.articles:
            path = self._any().place.source_path
            with open_writer(self.home, "test") as engine:
                doomed = find_doomed(engine, [article_id(path)])
                delete_rows(engine, doomed)
            for gone in doomed.paths:
                self.articles.pop(gone, None)

    def correct(self) -> None:
        """Write or remove a line of corrections.csv."""
        if self.corrections and self.random.random() < 0.4:
            del self.corrections[self.random.choice([*self.corrections])]
        elif quoted := [a for a in self.articles.values() if a.extract.quotes]:
            one = self.random.choice(quoted)
            quote = self.random.choice(one.extract.quotes)
            key = ("speaker", one.place.source_path, quote.char_start, quote.text)
            self.corrections[key] = self.random.choice(PEOPLE)[0]
        self._apply()

    def merge(self) -> None:
        """Write or remove a line of aliases.csv."""
        if self.aliases and self.random.random() < 0.5:
            del self.aliases[self.random.choice([*self.aliases])]
        else:
            self.aliases["Lena Ortiz"] = self.random.choice(("Lena Ortiz-Holm", "Otto Lind", "LENA ORTIZ"))
        self._apply()

    def finish(self, *, marts: bool = True) -> None:
        """Do what a run does at its end, before it publishes."""
        with open_writer(self.home, "test") as engine:
            if has_pending(engine):
                find_near_duplicates(engine)
            if marts:
                if has_names_to_compare(engine):
                    join_names(engine, choose_joins)
                build_marts(engine)

    def fresh(self, home: Path) -> Archive:
        """Load what is there now into an empty home, at once."""
        new = Archive(
            DataDir(home), Random(0), self.days, dict(self.articles), self.aliases, self.corrections
        )
        home.mkdir()
        new._apply()
        new._load([*self.articles.values()])
        new.finish()
        return new

    def tables(self) -> dict[str, list[Any]]:
        """Return the rows of entities, joins, near duplicates and marts."""
        with closing(duckdb.connect(str(self.home.writer), read_only=True)) as writer:
            marts = writer.execute(
                "select 'mart.' || table_name from information_schema.tables where table_schema = 'mart'"
            ).fetchall()
            names = ["entities", "entity_joins", "ops.near_pairs", *(name for (name,) in marts)]
            kept = sorted(name for name in names if name.removeprefix("mart.") not in NOT_COMPARED)
            return {name: writer.execute(f"from {name} order by all").fetchall() for name in kept}

    def _apply(self) -> None:
        """Write the files of the home and apply them."""
        _write(self.home.aliases, ("alias", "name"), self.aliases.items())
        lines = [(*key, becomes, "") for key, becomes in self.corrections.items() if key[1] in self.articles]
        _write(self.home.corrections, COLUMNS, lines)
        corrections = read_corrections(self.home)
        with open_writer(self.home, "test") as engine:
            apply_aliases(engine, read_names(self.home, corrections))
            apply_corrections(engine, corrections)

    def _load(self, new: Iterable[Accepted]) -> None:
        accepted = tuple(new)
        with open_writer(self.home, "test") as engine:
            load(engine, Batch(accepted), "test", FIRST_DAY, self._names())
        self.articles.update((a.place.source_path, a) for a in accepted)

    def _names(self) -> Aliases:
        return read_names(self.home, read_corrections(self.home))

    def _any(self) -> Accepted:
        return self.articles[self.random.choice([*self.articles])]

    def _article(
        self, path: str | None = None, *, copied: str | None = None, at: datetime | None = None
    ) -> Accepted:
        """Return an article with its extract; `copied` is cut, and its names and quotes found anew."""
        self.made += 1
        path = path or f"{self.made}.txt"
        at = at or FIRST_DAY + timedelta(days=self.random.randrange(self.days))
        lines = [self._line() for _ in range(self.random.randint(1, 5))]
        body = "\n".join([*lines, f"Number {self.made}."])
        if copied is not None:
            body = copied[: copied.rindex("\n")] + f"\nNumber {self.made}."
        sha256 = hashlib.sha256(f"{path} {body}".encode()).hexdigest()
        raw = RawFile(LandedFile(path, path, len(body), self.made), b"", sha256)
        delivery = Delivery(
            raw, f"Title {self.made}", None, self.random.choice(SECTIONS), None, at, None, None,
            self.random.choice(AGENCIES), body, len(body.split()), (), (), "text",
            outlet=self.random.choice(OUTLETS),
        )  # fmt: skip
        return Accepted(delivery, (), self._extract(body, sha256))

    def _line(self) -> str:
        """Return a line: a quote with its speaker, or other words with a name."""
        who = self.random.choice(self.random.choice(PEOPLE))
        about = self.random.choice((*THINGS, *((name, "") for (name, *_) in PEOPLE)))[0]
        if self.random.random() < 0.3:
            return f"{who} saw {about} and {' '.join(self.random.choices(WORDS, k=12))}."
        words = self.random.choice((*SAID, f"Wait for {about}", " ".join(self.random.choices(WORDS, k=8))))
        return f'"{words}," {who} said with {self.random.choice(THINGS)[0]}.'

    def _extract(self, body: str, sha256: str) -> Extract:
        """Return what is found in a text: names by looking them up, quotes by their marks."""
        entities: dict[tuple[str, str], int] = {}
        mentions: list[Mention] = []
        quotes: list[Quote] = []
        speakers: list[QuoteSpeaker] = []
        named = [*((form, "person") for forms in PEOPLE for form in forms), *THINGS]
        for start, line in _lines(body):
            here: list[tuple[int, str, str]] = []
            for name, kind in named:
                at = line.find(name)
                while at >= 0:
                    here.append((at, name, kind))
                    at = line.find(name, at + 1)
            for at, name, kind in sorted(here):
                number = entities.setdefault((kind, name), len(entities))
                span = (start + at, start + at + len(name))
                mentions.append(Mention(len(mentions), number, "body", *span, name, kind))  # type: ignore[arg-type]
            if line.startswith('"'):
                words = line[1 : line.index('," ')]
                said = [name for at, name, kind in sorted(here) if kind == "person" and at > len(words)][:1]
                if self.random.random() < 0.1:  # a joint quote, of somebody who may not be named here
                    said = [*said, self.random.choice(("officials", "the board"))]
                self._quote(words, start + 1, said, entities, quotes, speakers)
        genders = [
            GenderCount(number, evidence, gender, self.random.randint(1, 3))
            for (kind, _), number in entities.items()
            if kind == "person" and self.random.random() < 0.3
            for evidence in self.random.sample(EVIDENCE, 1)
            for gender in self.random.sample(GENDERS, 1)
        ]
        found = tuple(Entity(number, name, kind) for (kind, name), number in entities.items())  # type: ignore[arg-type]
        return Extract(
            sha256,
            "test+1",
            found,
            tuple(mentions),
            tuple(quotes),
            tuple(speakers),
            tuple(genders),
        )

    def _quote(
        self,
        words: str,
        start: int,
        said: list[str],
        entities: dict[tuple[str, str], int],
        quotes: list[Quote],
        speakers: list[QuoteSpeaker],
    ) -> None:
        """Add a quote with its speakers: a piece of the one before, now and then."""
        no = len(quotes)
        goes_on = bool(quotes) and self.random.random() < 0.2
        kind = self.random.choice(QUOTE_KINDS)
        numbers = [entities.get(("person", name)) for name in said]
        role = self.random.choice(ROLES) if len(said) == 1 else None
        quotes.append(
            Quote(
                no, quotes[-1].utterance_no if goes_on else no, kind, words, start, start + len(words),
                None, None, None, None, None, None, numbers[0] if len(said) == 1 else None,
                " and ".join(said) or None, 0.5, "test", "named person" if said else None, role,
            )
        )  # fmt: skip
        speakers += [
            QuoteSpeaker(no, speaker_no, number, name, role)
            for speaker_no, (number, name) in enumerate(zip(numbers, said, strict=True))
        ]


def differences(found: dict[str, list[Any]], expected: dict[str, list[Any]]) -> dict[str, Any]:
    """Return by table the rows that only one side has, at most three of each."""
    assert found.keys() == expected.keys()
    differing = {}
    for name, rows in found.items():
        if rows != expected[name]:
            more = [row for row in rows if row not in expected[name]]
            differing[name] = (more[:3], [row for row in expected[name] if row not in rows][:3])
    return differing


def _lines(body: str) -> Iterable[tuple[int, str]]:
    start = 0
    for line in body.split("\n"):
        yield start, line
        start += len(line) + 1


def _write(file: Path, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(columns)
        writer.writerows(rows)
