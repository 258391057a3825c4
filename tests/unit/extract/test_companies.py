"""Companies that speak: a name with a legal form is an organization, and so is its short form."""

from __future__ import annotations

import pytest
from extracts import extract_of


def said(body: str) -> list[tuple[str | None, str | None]]:
    """List speaker and kind of each quote's entity."""
    extract = extract_of(body)
    return [
        (quote.speaker, extract.entities[quote.speaker_no].kind if quote.speaker_no is not None else None)
        for quote in extract.quotes
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Joseph E. Kroll & Sons Inc",
        "Dunmore Marine Corp",
        "Peter Hall Ltd",
        "L.J. Dene Co",
        "Kroll Co Ltd",
        "Marta Industries Inc",
        "Merrow Lindt, Pierce, Fennel & Hall Inc",
        "Dene Bros. Inc",
        "Velmar, Inc",
    ],
)
def test_a_name_with_a_legal_form_is_one_organization(name: str) -> None:
    ((speaker, kind),) = said(f"{name} said that it would close its plant.")
    assert (speaker, kind) == (name, "organization")


@pytest.mark.parametrize(
    ("body", "company"),
    [
        ("Joseph E. Kroll & Sons Inc raised its offer. Kroll said that it would wait.",
         "Joseph E. Kroll & Sons Inc"),
        ("Shares of William Dene Corp fell. Dene said that it expected a loss.", "William Dene Corp"),
        ("They called Peter Hall Ltd on Monday. Hall said that it was sorry.", "Peter Hall Ltd"),
        ("Marta Industries Inc is growing. Marta said that it was hiring.", "Marta Industries Inc"),
        ("Dunmore Marine Corp has a ship. Dunmore said that it was old.", "Dunmore Marine Corp"),
    ],
)  # fmt: skip
def test_its_short_form_is_the_company(body: str, company: str) -> None:
    assert said(body)[-1] == (company, "organization")


@pytest.mark.parametrize(
    "body",
    [
        "Tom Baker, chairman of Baker Corp, met the union. Baker said that he was pleased.",
        "Baker Corp sold a ship. Sailors met Mr Tom Baker on the quay. Baker said that it was old.",
        "Peter Baker Ltd sold a ship. Its owner Peter Baker, 62, was sad. Baker said that it was old.",
    ],
)
def test_a_person_of_that_name_stays_a_person(body: str) -> None:
    assert said(body)[-1][1] == "person"


@pytest.mark.parametrize(
    "body",
    [
        "General Dunmore Corp sold a ship. A general said that it was old.",
        "Oslo Marine Corp sold a ship. Leaders met in Oslo.",
        "The Co-op sold a ship on Monday. Tom Baker said it was old.",
    ],
)
def test_general_words_and_places_stand_for_no_company(body: str) -> None:
    names = {entity.name: entity.kind for entity in extract_of(body).entities}
    assert "General" not in names
    assert names.get("Oslo", "place") == "place"
    assert names.get("Tom Baker", "person") == "person"
