"""Compare: a new delivery of an article against the text that is loaded. Between validate and extract.

A worse delivery never overwrites a good article. What a file alone cannot show, it shows beside the
loaded text: that its end is gone, that hardly anything is left, or that letters are lost.
"""

from __future__ import annotations

from collections.abc import Iterable

from ontherecord.flows.landing.forms.headed_text import count_words, ends_sentence
from ontherecord.warehouse.records import Delivery, Failure

# A transfer that breaks off leaves a beginning; a notice that an article is gone leaves a line.
_LEFT_OF_A_BEGINNING = 0.5
_LEFT_OF_ANYTHING = 0.1
_LOST = "\ufffd"
_BROKEN_OFF = frozenset(("ends_in_mid_sentence", "truncated_character"))
# The rules by which a delivery is worse than what is loaded; flows/retry_quarantine.py lets one through.
REDELIVERY_RULES = frozenset(("shorter_than_before", "letters_lost"))


def check_redelivery(delivery: Delivery, loaded_body: str) -> tuple[tuple[Failure, ...], tuple[str, ...]]:
    """Return why a delivery may not take the place of the loaded text, and the warnings due if it may."""
    before = count_words(loaded_body)
    failures = (*_shorter(delivery, loaded_body, before), *_letters_lost(delivery, loaded_body))
    return failures, ("much_shorter",) if delivery.word_count < _LEFT_OF_A_BEGINNING * before else ()


def _shorter(delivery: Delivery, loaded_body: str, before: int) -> Iterable[Failure]:
    now = delivery.word_count
    is_beginning = len(delivery.body) < len(loaded_body) and loaded_body.startswith(delivery.body)
    breaks_off = not _BROKEN_OFF.isdisjoint(delivery.warnings) or (
        is_beginning and _is_inside_paragraph(delivery.body, loaded_body[len(delivery.body)])
    )
    if (is_beginning and (breaks_off or now < _LEFT_OF_A_BEGINNING * before)) or (
        now < _LEFT_OF_ANYTHING * before
    ):
        what = "the beginning of it" if is_beginning else "another text"
        yield _failure(
            "shorter_than_before",
            f"{now:,} words, {what}; loaded are {before:,}",
            "The file has much less text than the loaded article, or breaks off inside it; the loaded one "
            "stays. Deliver the file again, whole.",
        )


def _is_inside_paragraph(beginning: str, next_one: str) -> bool:
    """Say whether a text was cut, before that character, where no editor would cut it."""
    return next_one != "\n" and (not next_one.isspace() or not ends_sentence(beginning))


def _letters_lost(delivery: Delivery, loaded_body: str) -> Iterable[Failure]:
    lost = delivery.body.count(_LOST)
    if lost > loaded_body.count(_LOST):
        at = delivery.body.index(_LOST)
        around = delivery.body[max(0, at - 30) : at + 30].replace("\n", " ")
        yield _failure(
            "letters_lost",
            f"{lost:,} letters, the first in: {around}",
            "The file has replacement characters (\ufffd) where letters were; the loaded article, which has "
            "them, stays. Deliver the file again, saved in UTF-8.",
        )


def _failure(rule: str, value: str, message: str) -> Failure:
    through = f"If it is right as it is, `ontherecord quarantine retry --rule {rule} --paths PATH` loads it."
    return Failure(rule, "body", value, f"{message} {through}")
