"""Sheets for coders: drawn from what is published, filled in, evaluated, and turned into corrections."""

from __future__ import annotations

import csv
import json
import resource
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import carry_out
from openpyxl import load_workbook
from runs import rows

from ontherecord.flows.coding.sheet import ANSWERS, COLUMNS, read_sheet
from ontherecord.warehouse.corrections import COLUMNS as LINE
from ontherecord.warehouse.errors import SheetError

Answers = dict[str, str]


@pytest.fixture(scope="module")
def drawn(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Draw a sheet of 40 from the samples; give it without its ending."""
    sheet = tmp_path_factory.mktemp("coding") / "sheet"
    done = carry_out(
        *("sample", "--quotes", "40", "--by", "kind,section", "--seed", "7", "--out", sheet), home=samples
    )
    assert done.returncode == 0, done.stderr
    return sheet


def _fill(sheet: Path, target: Path, answer: Callable[[int], Answers]) -> Path:
    """Fill in the spreadsheet as a coder does."""
    book = load_workbook(sheet.with_suffix(".xlsx"), rich_text=True)
    quotes = book["quotes"]
    columns = {str(cell.value).partition(" (")[0]: cell.column for cell in quotes[1]}
    for row in range(2, quotes.max_row + 1):
        for name, value in answer(row).items():
            quotes.cell(row, columns[name]).value = value
    book.save(target)
    return target


def _right(row: int) -> Answers:
    return {"is_quote": "yes", "words_right": "Yes ", "speaker_right": "yes"}


def test_a_sheet_has_the_quote_in_its_sentence_and_all_strata(samples: Path, drawn: Path) -> None:
    with open(drawn.with_suffix(".csv"), encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 40
    assert [name.partition(" (")[0] for name in lines[0]] == list(COLUMNS)
    strata = dict(
        rows(
            samples,
            "select q.kind || ', ' || section, count(*) from quotes as q join articles using (article_id) "
            "where q.kind != 'act' group by all",
        )
    )
    assert {line["stratum"]: int(line["stratum_size"]) for line in lines} == strata
    for line in lines:
        assert f"[[{line['words'].removeprefix(chr(39))}]]" in line["sentence"]
        assert not any(line[name] for name in line if name.partition(" (")[0] in ANSWERS)


def test_the_same_seed_draws_the_same_quotes(samples: Path, drawn: Path, tmp_path: Path) -> None:
    given = ("sample", "--quotes", "40", "--by", "kind,section")
    ids = []
    for seed in ("7", "8"):
        carry_out(*given, "--seed", seed, "--out", tmp_path / f"{seed}.csv", home=samples)
        ids.append([row.id for row in read_sheet(tmp_path / f"{seed}.xlsx").rows])
    assert ids[0] == [row.id for row in read_sheet(drawn.with_suffix(".csv")).rows]
    assert ids[0] != ids[1]


def test_the_spreadsheet_offers_the_allowed_values_and_hides_what_may_sway(drawn: Path) -> None:
    book = load_workbook(drawn.with_suffix(".xlsx"))
    quotes = book["quotes"]
    offered = {str(rule.sqref): rule.formula1 for rule in quotes.data_validations.dataValidation}
    assert sorted(offered.values()) == [
        '"direct,mixed,indirect,act"',
        '"yes,no"',
        '"yes,no"',
        '"yes,no,cannot tell"',
    ]
    letters = {str(cell.value).partition(" (")[0]: cell.column_letter for cell in quotes[1]}
    assert quotes.column_dimensions[letters["confidence"]].hidden
    assert not quotes.column_dimensions[letters["sentence"]].hidden
    assert [row[0].value for row in book["guide"].iter_rows(min_row=2)] == list(ANSWERS)


def test_a_filled_sheet_is_not_written_over(samples: Path, drawn: Path) -> None:
    again = carry_out("sample", "--out", drawn, home=samples)
    assert again.returncode == 1
    assert "exists, and may be filled in. Name another file with --out, or add --replace" in again.stderr


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--by", "mood"), "no column 'mood' to sample by. There are kind, outlet"),
        (("--by", "kind,section", "--quotes", "3"), "strata, more than 3 quotes"),
    ],
)
def test_a_sheet_that_cannot_be_drawn_says_why(
    samples: Path, tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    done = carry_out("sample", *options, "--out", tmp_path / "s", home=samples)
    assert done.returncode == 1
    assert says in done.stderr


def test_a_sheet_that_may_not_grow_is_told_with_the_limit(samples: Path, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))  # it is enough for the CSV file
    try:
        done = carry_out("sample", "--quotes", "3", "--out", tmp_path / "sheet", home=samples)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"The sheet cannot be written to {tmp_path}: File too large." in done.stderr
    assert "beyond 4,096 bytes" in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["sheet.csv"]


def test_evaluate_prints_shares_agreement_and_a_paragraph(drawn: Path, tmp_path: Path) -> None:
    one = _fill(drawn, tmp_path / "ida.xlsx", _right)
    other = _fill(
        drawn,
        tmp_path / "odd.xlsx",
        lambda row: {**_right(row), **({"speaker_right": "no"} if row % 4 == 0 else {})},
    )
    done = carry_out("evaluate", one, other)
    assert done.returncode == 0, done.stderr
    assert "40 of 40 rows coded" in done.stdout
    assert "100.0 [" in done.stdout
    assert "Krippendorff's alpha" in done.stdout
    assert "We drew a random sample of 40 quotes" in done.stdout
    facts = json.loads(carry_out("evaluate", other, "--json").stdout)
    assert {group["name"] for group in facts["groups"]} >= {"all", "direct", "indirect"}
    assert 0.6 < facts["groups"][0]["shares"]["row"]["share"] < 0.9


def test_correct_shows_lines_then_writes_them_once(samples: Path, drawn: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(samples, home, symlinks=True)
    sheet = read_sheet(drawn.with_suffix(".xlsx"))
    long_row = next(row for row in sheet.rows if row.row_no > 4 and len(row.words.split()) > 5)
    answers = {
        2: {"is_quote": "no"},
        3: {**_right(3), "speaker_right": "no", "right_speaker": "Somebody Else", "note": "see the headline"},
        4: {**_right(4), "speaker_right": "no"},
        long_row.row_no: {
            **_right(5),
            "words_right": "no",
            "starts_with": " ".join(long_row.words.split()[1:4]),
        },
    }
    filled = _fill(drawn, tmp_path / "ida.xlsx", lambda row: answers.get(row, _right(row)))
    shown = carry_out("correct", filled, home=home)
    assert shown.returncode == 0, shown.stderr
    assert "3 lines; nothing was written. Add --apply" in shown.stdout
    assert "Wrong, but the sheet does not say what is right: 1 row (4)" in shown.stdout
    assert not (home / "corrections.csv").exists()

    (home / "corrections.csv").write_text(f"{','.join(LINE)}\ndismiss,,,Read More,,mine\n")
    assert (
        "3 lines added, 0 replaced, 0 as before" in carry_out("correct", filled, "--apply", home=home).stdout
    )
    first = (home / "corrections.csv").read_text()
    assert (
        "0 lines added, 0 replaced, 3 as before" in carry_out("correct", filled, "--apply", home=home).stdout
    )
    assert (home / "corrections.csv").read_text() == first
    with open(home / "corrections.csv", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["what"] for line in lines] == ["dismiss", "not a quote", "speaker", "limits"]
    row = sheet.rows[1]
    assert lines[2] == {
        "what": "speaker",
        "article": row.article,
        "place": str(row.place),
        "words": row.words,
        "becomes": "Somebody Else",
        "note": "see the headline",
    }


def _changed(drawn: Path, tmp_path: Path, change: Callable[[str], str]) -> Path:
    text = drawn.with_suffix(".csv").read_text(encoding="utf-8-sig")
    file = tmp_path / "bad.csv"
    file.write_text(change(text), encoding="utf-8")
    return file


def test_a_wrong_answer_is_named_by_row_and_column(drawn: Path, tmp_path: Path) -> None:
    bad = {
        2: {**_right(2), "words_right": "maybe"},
        3: {"is_quote": "yes"},
        4: {"right_speaker": "Ida Brandt"},
        5: {**_right(5), "right_speaker": "Ida Brandt"},
    }
    filled = _fill(drawn, tmp_path / "bad.xlsx", lambda row: bad.get(row, _right(row)))
    with pytest.raises(SheetError) as refused:
        read_sheet(filled)
    for part in (
        "bad.xlsx has 5 invalid cells",
        "row 2, column words_right (J2): 'maybe' is not allowed. Use yes or no",
        "row 3, column words_right (J3): it is empty, but is_quote is yes",
        "row 3, column speaker_right (M3): it is empty",
        "row 4, column is_quote (I4): it is empty, but right_speaker is filled in",
        "row 5, column right_speaker (N5): it is filled in, but speaker_right is yes",
        "docs/checking.md",
    ):
        assert part in str(refused.value)


def test_what_is_no_sheet_is_refused(drawn: Path, tmp_path: Path) -> None:
    cases: dict[str, Callable[[str], str]] = {
        "there is no column 'words_right'": lambda text: text.replace("words_right", "words_wrong"),
        "is no number. Copy it back": lambda text: text.replace(",direct, ", ",direct, ").replace("0.", "o.")[
            : text.index("\n") + 100_000
        ],
        "is empty. Name a sheet": lambda text: "",
    }
    for says, change in cases.items():
        with pytest.raises(SheetError, match=says):
            read_sheet(_changed(drawn, tmp_path, change))
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"no zip")
    with pytest.raises(SheetError, match="is no spreadsheet"):
        read_sheet(broken)
    with pytest.raises(SheetError, match="There is no sheet"):
        read_sheet(tmp_path / "nowhere.csv")


def _with_comma(cell: str) -> str:
    return cell.replace("0.", "0,", 1) if cell.startswith("0.") else cell


def test_a_csv_with_semicolons_is_read(drawn: Path, tmp_path: Path) -> None:
    with open(drawn.with_suffix(".csv"), encoding="utf-8-sig", newline="") as file:
        lines = [[_with_comma(cell) for cell in row] for row in csv.reader(file)]
    semicolons = tmp_path / "semicolons.csv"
    with open(semicolons, "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(lines)
    assert {row.confidence for row in read_sheet(semicolons).rows} == {
        row.confidence for row in read_sheet(drawn.with_suffix(".xlsx")).rows
    }
