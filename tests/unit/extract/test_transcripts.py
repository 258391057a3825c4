"""Lines with a speaker label, interviews and signatures, in made-up news."""

from __future__ import annotations

from extracts import quotes_in


def marked(body: str) -> list[tuple[str | None, str | None]]:
    """List the speakers of the marked words, as named at the quote and as resolved."""
    return [(quote.speaker_text, quote.speaker) for quote in quotes_in(body) if quote.kind != "indirect"]


def test_a_transcript_without_marks_gives_its_lines_to_the_labels() -> None:
    body = (
        "MODERATOR: Who pays for the ferry?\nADLER: The town pays for it.\n"
        "MODERATOR: And who says so?\nADLER: I say so, and the council does."
    )
    found = [(quote.kind, quote.text, quote.speaker_text) for quote in quotes_in(body)]
    assert found[1] == ("direct", "The town pays for it.", "ADLER")
    assert [speaker for _, _, speaker in found] == ["MODERATOR", "ADLER", "MODERATOR", "ADLER"]


def test_headings_with_a_colon_are_no_transcript() -> None:
    assert quotes_in("PHOTO: The old ferry.\nTHE PLAN: A new ferry.\nTHE COST: Ten million.") == ()


def test_a_signature_under_a_quotation_names_its_speaker_and_an_agency_does_not() -> None:
    body = (
        "Jane Miller opened the meeting.\n"
        '"The idea that we should sell the ferry is plainly wrong."\n- Ruth Adler, the owner.\n'
        '"It is late and it will get later." - Tom Baker\n"Nobody was hurt in all this."\n- AFP'
    )
    assert [speaker for _, speaker in marked(body)][:2] == ["Ruth Adler", "Tom Baker"]
    assert all(speaker != "AFP" for _, speaker in marked(body))


INTERVIEW = (
    "Ruth Adler answered questions at her desk on Monday.\n"
    "Q: Is the ferry old?\n"
    "A: It is older than Tom Baker.\n"
    "Q: Will it sail?\n"
    "A: On Monday, I hope.\n"
    '"It is a good boat," she said later.'
)


def test_an_interview_is_asked_by_the_agency_and_answered_by_who_is_introduced() -> None:
    quotes = quotes_in(INTERVIEW, agency="AFP")
    assert [quote.speaker for quote in quotes] == ["AFP", "Ruth Adler", "AFP", "Ruth Adler", "Ruth Adler"]
    assert [quote.speaker_text for quote in quotes] == ["Q", "A", "Q", "A", "she"]


def test_an_interview_without_an_agency_is_asked_by_q() -> None:
    assert [quote.speaker for quote in quotes_in(INTERVIEW)][:2] == ["Q", "Ruth Adler"]
