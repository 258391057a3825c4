"""Languages: of texts, and of what headers say."""

from __future__ import annotations

import pytest

from ontherecord.flows.landing.languages import language, language_code

TEXTS = {
    "en": "The council of Marsalin voted on Tuesday to keep the old baths open for another five years.",
    "fr": "Le conseil de Marsalin a voté mardi pour garder les vieux bains ouverts pendant cinq ans.",
    "de": "Der Rat von Marsalin hat am Dienstag beschlossen, das alte Bad fünf Jahre offen zu halten.",
    "es": "El consejo de Marsalin votó el martes mantener abiertos los viejos baños cinco años más.",
    "nl": "De raad van Marsalin besloot dinsdag het oude badhuis nog vijf jaar open te houden.",
    "pl": "Rada miasta zdecydowała we wtorek, że stary basen pozostanie otwarty przez pięć lat.",
    "ru": "Совет проголосовал во вторник за то, чтобы старые бани оставались открытыми пять лет.",
    "ar": "صوت المجلس يوم الثلاثاء على إبقاء الحمامات القديمة مفتوحة لمدة خمس سنوات أخرى في المدينة",
}


@pytest.mark.parametrize(("code", "text"), TEXTS.items())
def test_a_sentence_tells_its_language(code: str, text: str) -> None:
    assert language(text) == code


def test_capitals_as_in_wire_copy_are_english_too() -> None:
    assert language(TEXTS["en"].upper()) == "en"


@pytest.mark.parametrize("text", ["", "Marsalin", "12:30 – 14:45", "Sarrouf, Novello, Bakke", "1 2 3 " * 100])
def test_a_few_words_tell_nothing(text: str) -> None:
    assert language(text) is None


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("en_US.UTF-8", "en"),
        ("eng", "en"),
        ("English", "en"),
        ("ENGLISH", "en"),
        ("zh-Hans-CN", "zh"),
        ("French", "fr"),
        ("Français", "fr"),
        ("yue", "yue"),
        ("", None),
        ("xx", None),
        ("News", None),
        ("x" * 100, None),
    ],
)
def test_tags_and_names_mean_a_code(value: str, code: str | None) -> None:
    assert language_code(value) == code
