"""Parse, below the headers: headline, dateline, body and signature, and what a text is warned of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ontherecord.flows.landing.body import count_words
from ontherecord.warehouse.records import Delivery

Parse = Callable[[str], Delivery]

SECTION = "## Section: Local\n"
DATE = "## Date: Tuesday, March 10, 2015 - 09:30\n"


@pytest.mark.parametrize(
    "headline", ["Cat returns", "CAT RETURNS", "  Cat\u00a0 returns ", "\n\nCat returns"]
)
def test_the_headline_is_dropped_whatever_its_case_and_spacing(body_of: Parse, headline: str) -> None:
    found = body_of(f"{headline}\n\nThe cat is back.")
    assert (found.title, found.body, found.warnings) == ("Cat returns", "The cat is back.", ())


def test_a_first_paragraph_that_only_begins_like_the_title_stays(body_of: Parse) -> None:
    assert body_of("Cat returns again.\n\nIt is well.").body == "Cat returns again.\nIt is well."


def test_the_headline_alone_leaves_no_body(body_of: Parse) -> None:
    found = body_of("Cat returns\n")
    assert (found.body, found.word_count) == ("", 0)


@pytest.mark.parametrize("headline", ["Cat returns", f"Cat {'r' * 196}"])
def test_without_a_title_a_headline_becomes_it(parsed: Parse, headline: str) -> None:
    found = parsed(f"## Title:\n{SECTION}{DATE}\n{headline}\n\nThe cat is back.\n")
    assert (found.title, found.body) == (headline, "The cat is back.")
    assert found.warnings == ("title_from_body",)


@pytest.mark.parametrize(
    "body",
    [
        "The cat is back.\n\nIt is well.",
        "Cat returns\nIt is well.",
        "Cat returns",
        f"Cat {'r' * 197}\n\nIt is well.",
        "“Cat returns”\n\nIt is well.",
    ],
    ids=["a sentence", "no gap below", "nothing below", "too long", "a quotation"],
)
def test_without_a_title_a_first_line_that_may_be_text_stays_text(parsed: Parse, body: str) -> None:
    found = parsed(f"{SECTION}{DATE}\n{body}\n")
    assert found.title is None
    assert found.body.startswith(body.split("\n")[0])


@pytest.mark.parametrize(
    "place",
    [
        "RUSSIA",
        "NEW YORK",
        "NEW YORK/GENEVA",
        "PORT-AU-PRINCE",
        "ST. JOHN'S",
        "L’AQUILA",
        "RIO, BRAZIL",
        "SÃO PAULO",
        "ŁÓDŹ",
    ],
)
def test_a_dateline_becomes_a_field(body_of: Parse, place: str) -> None:
    found = body_of(f"{place} : The cat is back.\nIt is well.")
    assert (found.dateline, found.body) == (place, "The cat is back.\nIt is well.")


@pytest.mark.parametrize(
    "start",
    [
        "Russia : ",
        "RUSSIA: ",
        "RUSSIA - ",
        "A : ",
        "1999 : ",
        "عمان : ",
        "東京 : ",
        f"{'A' * 70} : ",
        "THE Cat : ",
    ],
)
def test_what_only_resembles_a_dateline_stays_text(body_of: Parse, start: str) -> None:
    found = body_of(f"{start}The cat is back.")
    assert (found.dateline, found.body) == (None, f"{start}The cat is back.")


def test_a_dateline_further_down_stays_text(body_of: Parse) -> None:
    assert body_of("The cat is back.\nRUSSIA : It is well.").dateline is None


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("- AFP", "AFP"),
        ("- AFP\u00a0", "AFP"),
        ("-\u00a0AFP", "AFP"),
        ("-AFP", "AFP"),
        ("– Reuters", "Reuters"),
        ("— AFP/DPA", "AFP/DPA"),
        ("- AFP + AP", "AFP + AP"),
        ("- The Peninsula", "The Peninsula"),
    ],
)
def test_the_signing_agency_becomes_a_field(body_of: Parse, line: str, agency: str) -> None:
    found = body_of(f"The cat is back.\n{line}\n\n")
    assert (found.agency, found.body) == (agency, "The cat is back.")


@pytest.mark.parametrize("line", ["- afp", "- AFP.", "- It is well, said AFP", "- 2015"])
def test_what_only_resembles_a_signature_stays_text(body_of: Parse, line: str) -> None:
    found = body_of(f"The cat is back.\n{line}")
    assert (found.agency, found.body) == (None, f"The cat is back.\n{line}")


def test_the_byline_becomes_a_field_and_marks_for_desks_are_counted(body_of: Parse) -> None:
    found = body_of(
        "(Adds details)\nBy Ida Brandt\nSARN, May 3 (Coastwire) - The cat is back.\nIt is well.\n(MORE)"
    )
    assert (found.dateline, found.agency, found.byline) == ("SARN", "Coastwire", "By Ida Brandt")
    assert (found.body, found.warnings) == ("The cat is back.\nIt is well.", ("furniture_removed",))


def test_a_body_of_a_signature_alone_stays_text(body_of: Parse) -> None:
    assert (body_of("- AFP").agency, body_of("- AFP").body) == (None, "- AFP")


def test_the_body_is_a_paragraph_a_line_without_white_space_around(body_of: Parse) -> None:
    found = body_of("\n\n  The cat\u00a0 is back. \r\n\r\n\t\r\n\tIt is  well.\u00a0\n\n")
    assert found.body == "The cat\u00a0 is back.\nIt is  well."


@pytest.mark.parametrize(
    "last",
    [
        "The cat that had left the house last week is ba",
        "“The cat is back",
        '"The cat is back',
        '"Back," he said, "and',
        "The cat is back at home",
        "He said the cat was back, and",
        "The cat returned to the house of Odile Marchand",
        "It is well. The cat at the house by the harbour",
    ],
)
def test_a_body_that_breaks_off_is_warned_of(body_of: Parse, last: str) -> None:
    assert body_of(f"It is well.\n{last}").warnings == ("ends_in_mid_sentence",)


@pytest.mark.parametrize(
    "last",
    [
        "The cat that had left the house last week is back.",
        "The cat that had left the house is back?!",
        "“The cat that had left the house is back.”",
        "(The cat that had left the house is back)",
        "The cat that had left the house is back…",
        "Filmed and told by Odile",
        "* The cat that had left the house last week",
        "Port Vale 54 30 24, Valmora 51 28 23 and Sarn 50 22 28",
        "The cat that had left is back. Sincerely, Odile Marchand",
        "The crew that had won was Odile Marchand, Ida Brandt, Lena Fischer",
        "More on the cat that had left at www.portvale.example/cats",
        "The town hall will take calls at 555 0134 or (202) 555-0134",
        "Read more: The cat that had left the house",
        "Share this article",
    ],
)
def test_a_body_that_ends_is_not_warned_of(body_of: Parse, last: str) -> None:
    assert body_of(f"It is well.\n{last}").warnings == ()


def test_lines_cut_at_a_fixed_width_are_warned_of(body_of: Parse) -> None:
    assert body_of("The cat that had\nleft the house\nlast week is back\nand quite well.").warnings == (
        "hard_wrapped",
    )
    assert body_of("The cat is back.\nit is well.\nit is fed.\nit is asleep.").warnings == ()


def test_a_few_broken_lines_in_a_long_body_are_not_warned_of(body_of: Parse) -> None:
    broken = "The cat\nleft\nand\ncame back.\n"
    assert body_of(broken + "".join(f"It is day {n}.\n" for n in range(5))).warnings == ("hard_wrapped",)
    assert body_of(broken + "".join(f"It is day {n}.\n" for n in range(6))).warnings == ()
    assert body_of("The cat\nleft\nand came back.").warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        "The <b>cat</b> is back.",
        "Write to [email protected].",
        "jQuery.extend(cat);",
        "function() { cat }.",
    ],
)
def test_remnants_of_a_web_page_are_warned_of(body_of: Parse, text: str) -> None:
    assert body_of(text).warnings == ("html_remnants",)


@pytest.mark.parametrize(
    "text", ["The cat < dog.", "AT&T is back.", "Cats & dogs <3.", "A function of time."]
)
def test_signs_that_also_occur_in_prose_are_no_remnants(body_of: Parse, text: str) -> None:
    assert body_of(text).warnings == ()


def test_paragraphs_repeated_more_than_twice_are_warned_of(body_of: Parse) -> None:
    assert body_of("The cat is back.\n" * 3).warnings == ()
    assert body_of("The cat is back.\n" * 4).warnings == ("repeated_paragraphs",)


def test_more_no_break_spaces_than_spaces_are_warned_of(body_of: Parse) -> None:
    assert body_of("Cat\u00a0back now.").warnings == ()
    assert body_of("The\u00a0cat\u00a0is back.").warnings == ("no_break_spaces",)


def test_another_script_is_warned_of(body_of: Parse) -> None:
    assert body_of("Кошка вернулась домой.").warnings == ("not_latin_script",)
    assert body_of("Cat: кот.").warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        "Le chat est rentré mardi matin à la maison, a annoncé la mairie du village dans un communiqué. Il "
        "se porte bien, selon ses voisins, qui l’avaient cherché pendant trois jours dans toute la vallée.",
        "Die Katze ist am Dienstag nach Hause zurückgekehrt, wie die Gemeinde mitteilte. Sie war drei Tage "
        "lang im ganzen Tal gesucht worden und ist nach Angaben der Nachbarn in guter Verfassung gewesen.",
        "De kat is dinsdag weer thuisgekomen, zo liet de gemeente weten. Drie dagen lang had het hele dal "
        "naar het dier gezocht, dat volgens de buren in goede gezondheid is en vooral veel honger had.",
    ],
    ids=["French", "German", "Dutch"],
)
def test_another_language_is_warned_of(body_of: Parse, text: str) -> None:
    assert body_of(text).warnings == ("language_not_read", "not_english")


@pytest.mark.parametrize(
    "text",
    [
        "Wheat no. 2 hard winter, bu 5.23; oats heavy, bu 2.11; corn yellow, bu 3.78; rye, bu 4.15; barley, "
        "bu 3.90; soybeans, bu 9.12; flax, bu 8.40; steers choice 112.50; heifers 109; hogs lean 61.40.",
        "Port Vale Rowing Club: Odile Marchand, Ida Brandt, Omar Haddad, Lena Fischer, Paul Okoro, Mira "
        "Novak. Valmora Boat House: Ruth Adler, Tom Baker, Jane Miller, Anders Holm, Petra Lang, Rosa Diaz.",
    ],
    ids=["a market table", "crews"],
)
def test_a_table_or_a_list_of_names_is_no_language(body_of: Parse, text: str) -> None:
    assert body_of(text).warnings == ()


def test_a_few_words_are_no_language(body_of: Parse) -> None:
    assert body_of("Port Vale 2, Valmora 1. " * 5).warnings == ()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("— * …", 0),
        ("The cat's well-fed, it’s said.", 5),
        ("a\u00a0b\nc", 3),
        ("40,000", 2),
        ("кот дома", 2),
        ("猫回来了。", 4),
    ],
)
def test_words_are_counted_with_their_inner_hyphens_and_apostrophes(text: str, count: int) -> None:
    assert count_words(text) == count
