"""Check a redelivery of an article against the loaded text: a worse one never overwrites a good one.

Only the comparison shows that the end of a file is missing, that little is left of it, or that letters are
lost.
"""

from __future__ import annotations

from collections.abc import Iterable

from ontherecord.flows.landing.body import count_words, ends_sentence
from ontherecord.flows.plural import counted
from ontherecord.warehouse.records import Delivery, Failure

# The least share of the loaded words: of a text that is its beginning, as an interrupted transfer leaves, and
# of any other text, such as a notice that the article was removed.
_LEAST_OF_BEGINNING = 0.5
_LEAST_OF_OTHER = 0.1
_LOST = "\ufffd"
_CUT_WARNINGS = frozenset(("ends_in_mid_sentence", "truncated_character"))
# The rules of a worse redelivery; `quarantine retry --rule` waives one.
REDELIVERY_RULES = frozenset(("shorter_than_before", "letters_lost"))


def check_redelivery(delivery: Delivery, loaded_body: str) -> tuple[tuple[Failure, ...], tuple[str, ...]]:
    """Return why a delivery may not replace the loaded text, and its warnings if it may."""
    before = count_words(loaded_body)
    failures = (*_shorter(delivery, loaded_body, before), *_letters_lost(delivery, loaded_body))
    return failures, ("much_shorter",) if delivery.word_count < _LEAST_OF_BEGINNING * before else ()


def _shorter(delivery: Delivery, loaded_body: str, before: int) -> Iterable[Failure]:
    now = delivery.word_count
    is_beginning = len(delivery.body) < len(loaded_body) and loaded_body.startswith(delivery.body)
    is_cut = not _CUT_WARNINGS.isdisjoint(delivery.warnings) or (
        is_beginning and _is_inside_paragraph(delivery.body, loaded_body[len(delivery.body)])
    )
    if (is_beginning and (is_cut or now < _LEAST_OF_BEGINNING * before)) or (now < _LEAST_OF_OTHER * before):
        what = "the beginning of it" if is_beginning else "another text"
        yield _failure(
            "shorter_than_before",
            f"{counted(now, 'word')}, {what}; loaded are {before:,}",
            "The file has much less text than the loaded article, or ends in the middle of it; the loaded "
            "one stays. Deliver the complete file again.",
        )


def _is_inside_paragraph(beginning: str, next_character: str) -> bool:
    """Say whether a text ends, before this character, where no editor would cut it."""
    return next_character != "\n" and (not next_character.isspace() or not ends_sentence(beginning))


def _letters_lost(delivery: Delivery, loaded_body: str) -> Iterable[Failure]:
    lost = delivery.body.count(_LOST)
    if lost > loaded_body.count(_LOST):
        at = delivery.body.index(_LOST)
        around = delivery.body[max(0, at - 30) : at + 30].replace("\n", " ")
        yield _failure(
            "letters_lost",
            f"{counted(lost, 'letter')}, the first in: {around}",
            "The file has replacement characters (\ufffd) where letters were; the loaded article, which has "
            "them, stays. Deliver the file again, saved in UTF-8.",
        )


def _failure(rule: str, value: str, message: str) -> Failure:
    retry = f"If it is correct, `ontherecord quarantine retry --rule {rule} --paths PATH` loads it."
    return Failure(rule, "body", value, f"{message} {retry}")
