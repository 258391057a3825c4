"""What holds of every delivery and every extract, whatever the file was; also for bench/fuzz.py."""

from __future__ import annotations

from itertools import pairwise

from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import ArticleText, Delivery, Extract, Quote, QuoteSpeaker, joint_name

# What parse may refuse a file for.
RULES = (
    "too_large",
    "empty_file",
    "not_text",
    "binary",
    "headers_missing",
    "html_page",
    "second_article",
    "no_article",
    "form_failed",
    "text_missing",
    "text_cut_off",
    "row_unreadable",
    "table_unreadable",
    "table_too_large",
    "table_empty",
    "names_missing",
    "articles_missing",
    "article_unreadable",
    "xml_unreadable",
    "json_unreadable",
    "feed_unreadable",
    "message_unreadable",
    "archive_unreadable",
    "front_matter_unreadable",
    "document_unreadable",
    "document_too_large",
    "pdf_unreadable",
    "pdf_too_long",
    "not_published",
    "withdrawn",
    "language_not_read",
    "extra_missing",
)


def check_failures(error: BadDelivery) -> None:
    """Hold a refusal against what every refusal must be: a rule, a short value, something to do."""
    assert error.failures
    for failure in error.failures:
        assert failure.rule in RULES
        assert failure.message
        assert failure.value is None or len(failure.value) <= 200


def check_delivery(delivery: Delivery) -> None:
    """Hold a parsed file against what every delivery must be."""
    paragraphs = delivery.body.split("\n") if delivery.body else []
    assert all(paragraph and paragraph == paragraph.strip() for paragraph in paragraphs)
    assert delivery.warnings == tuple(sorted(set(delivery.warnings)))
    values = (
        delivery.title,
        delivery.supertitle,
        delivery.section,
        delivery.date_text,
        delivery.dateline,
        delivery.agency,
    )
    for value in values:
        assert value != ""
        assert value is None or (value == value.strip() and "\n" not in value)
    for text in (*values, delivery.body):
        assert text is None or text.encode("utf-8").decode("utf-8") == text
    assert delivery.word_count >= 0
    assert (delivery.date_problem is None) == (
        delivery.date_text is None or delivery.published_at is not None
    )
    assert all(len(set(found)) == len(found) > 1 for _, found in delivery.conflicts)


def check_extract(text: ArticleText, extract: Extract) -> None:
    """Hold an extract against what every row must be: offsets give the text, numbers are places."""
    assert extract.content_sha256 == text.content_sha256
    assert [entity.entity_no for entity in extract.entities] == list(range(len(extract.entities)))
    assert all(entity.name for entity in extract.entities)
    _check_mentions(text, extract)
    for number, quote in enumerate(extract.quotes):
        assert quote.quote_no == number
        assert quote.text == quote.text.strip() != ""
        assert 0 <= quote.confidence <= 1
        _check_span(text.body, quote.char_start, quote.char_end, quote.text)
        _check_span(text.body, quote.cue_start, quote.cue_end, quote.cue)
        _check_span(text.body, quote.speaker_start, quote.speaker_end, quote.speaker_text)
        _check_span(text.body, quote.role_start, quote.role_end, quote.speaker_role)
        if quote.speaker_no is not None:
            assert extract.entities[quote.speaker_no].name == quote.speaker
        _check_speakers(extract, quote)
    assert {speaker.quote_no for speaker in extract.quote_speakers} <= {*range(len(extract.quotes))}
    for before, after in pairwise(extract.quotes):
        assert before.char_start <= after.char_start
    # Numbers are given in order; a piece may go on with an utterance that others stand in the middle of.
    assert list(dict.fromkeys(quote.utterance_no for quote in extract.quotes)) == list(
        range(len({quote.utterance_no for quote in extract.quotes}))
    )


def _check_mentions(text: ArticleText, extract: Extract) -> None:
    """Mentions stand in order, the title's first, and do not overlap."""
    assert [mention.mention_no for mention in extract.mentions] == list(range(len(extract.mentions)))
    assert {mention.entity_no for mention in extract.mentions} == set(range(len(extract.entities)))
    for mention in extract.mentions:
        field = text.title if mention.field == "title" else text.body
        _check_span(field, mention.char_start, mention.char_end, mention.text)
    for before, after in pairwise(extract.mentions):
        if before.field == after.field:
            assert before.char_end <= after.char_start
        else:
            assert (before.field, after.field) == ("title", "body")


def _check_speakers(extract: Extract, quote: Quote) -> None:
    """Hold a quote against its speakers: it has their names, and an entity only if it is one."""
    speakers = [speaker for speaker in extract.quote_speakers if speaker.quote_no == quote.quote_no]
    assert [speaker.speaker_no for speaker in speakers] == list(range(len(speakers)))
    assert quote.speaker == (joint_name([speaker.name for speaker in speakers]) if speakers else None)
    assert quote.speaker_no == (speakers[0].entity_no if len(speakers) == 1 else None)
    assert speakers or quote.speaker_type is None
    own = speakers[0] if len(speakers) == 1 else QuoteSpeaker(0, 0, None, "")
    assert (quote.speaker_role, quote.role_start, quote.role_end) == (
        own.speaker_role, own.role_start, own.role_end,
    )  # fmt: skip
    for speaker in speakers:
        assert speaker.name
        assert speaker.entity_no is None or extract.entities[speaker.entity_no].name == speaker.name


def _check_span(text: str, start: int | None, end: int | None, words: str | None) -> None:
    """Offsets are half-open, inside the text, and give the words; all three are None or none is."""
    if words is None:
        assert start is end is None
        return
    assert start is not None
    assert end is not None
    assert 0 <= start < end <= len(text)
    assert text[start:end] == words
