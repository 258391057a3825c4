"""Repair: what other programs broke in a text, and what only looks broken."""

from __future__ import annotations

import pytest

from ontherecord.flows.landing.decode import decode, repair


@pytest.mark.parametrize(
    ("text", "repaired", "warning"),
    [
        ("&ldquo;Yes,&rdquo; she said", "“Yes,” she said", "html_entities"),
        ("It&rsquo;s", "It’s", "html_entities"),
        ("It&#8217;s", "It’s", "html_entities"),
        ("It&#x2019;s", "It’s", "html_entities"),
        ("It&#146;s", "It’s", "html_entities"),
        ("It&amp;rsquo;s", "It’s", "html_entities"),
        ("Marks &amp; Sons", "Marks & Sons", "html_entities"),
        ("â€œYes,â€\x9d she said", "“Yes,” she said", "double_encoding"),
        ("Itâ€™s a cafÃ©", "It’s a café", "double_encoding"),
        ("\u00e2\u0080\u009cYes\u00e2\u0080\u009d", "“Yes”", "double_encoding"),
        ("a \u00e2\u0080\u0094 b", "a — b", "double_encoding"),
        ("Â£30 a week", "£30 a week", "double_encoding"),
        ("\x93Yes,\x94 she said", "“Yes,” she said", "c1_marks"),
        ("It\x92s \x96 so", "It’s – so", "c1_marks"),
    ],
)
def test_what_can_mean_one_thing_is_repaired_with_a_warning(text: str, repaired: str, warning: str) -> None:
    assert repair(text) == (repaired, (warning,))


@pytest.mark.parametrize(
    "text",
    [
        "AT&T and R&D; so it is",
        "Marks & Sons &c.",
        "&zzz; is no entity",
        "São Paulo, Ângela, château, Århus",
        "“It’s so” – ‘yes’ … «oui»",
        "A straight \"quote\" and 'another'",
        "ﬁne ligatures and ｗｉｄｅ letters",
        "Ｎo change to e\u0301",
    ],
)
def test_a_sound_text_stays_as_it_is(text: str) -> None:
    assert repair(text) == (text, ())


def test_one_line_may_be_broken_and_another_not() -> None:
    text = "“Good,” she said at the café.\nItâ€™s broken."
    assert repair(text) == ("“Good,” she said at the café.\nIt’s broken.", ("double_encoding",))


def test_what_cannot_be_undone_is_warned_of() -> None:
    text, warnings = repair("“Good” and â€œbadâ€")
    assert "encoding_doubtful" in warnings
    assert "â€" in text


@pytest.mark.parametrize("text", ["The companyâs debt", "Marsalin â The mayor", "le château, un dégât"])
def test_a_remnant_of_a_lost_mark_stays_and_is_warned_of(text: str) -> None:
    assert repair(text) == (text, () if "château" in text else ("encoding_doubtful",))


@pytest.mark.parametrize(
    ("content", "text", "warning"),
    [
        (b"It\xd5s \xd2so,\xd3 he said", "It’s “so,” he said", "encoding_mac_roman"),
        (b"They don\xd5t", "They don’t", "encoding_mac_roman"),
        (b"two caf\x82s and a gar\x87on", "two cafés and a garçon", "encoding_dos"),
        (b"caf\xe9 \x93a\x94", "café “a”", "encoding_windows_1252"),
        (b"\xd5and other capitals \xd2", "Õand other capitals Ò", "encoding_windows_1252"),
        ("café\n".encode() + b"caf\xe9\nplain", "café\ncafé\nplain", "encoding_mixed"),
    ],
)
def test_an_eight_bit_encoding_is_told_by_marks_in_impossible_places(
    content: bytes, text: str, warning: str
) -> None:
    assert decode(content) == (text, (warning,))
