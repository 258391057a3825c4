"""Speaker labels: transcripts and interviews without quotation marks, and signatures under quotations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ontherecord.flows.extract.attribution.quoted import Attribution
from ontherecord.flows.extract.attribution.speaker_phrases import MentionIndex, SpeakerPhrase
from ontherecord.flows.extract.quotes.utterances import QuoteCandidate
from ontherecord.flows.extract.resolution.speakers import ResolvedSpeaker
from ontherecord.flows.extract.text.marks import opens_with_mark
from ontherecord.warehouse.records import Entity

# 'SMITH: …', 'MODERATOR ANN SMITH: …', 'Q: …', 'A. …', and in parliaments 'Mr. SMITH of Ohio. …'. A label in
# mixed case ('Iowa: …') is more often a heading, so it counts only if it is a person's name.
_LABEL = re.compile(
    r"\s*(?:(?P<letter>(?:[QA]|Question|Answer|QUESTION|ANSWER)(?=[:.])|Q(?=\s[A-Z]))[:.]?"
    r"|(?P<member>(?:Mr|Mrs|Ms|Dr|Sen|Senator|The)\.? [A-Z][A-Z'\u2019-]+(?: [A-Z][A-Z.'\u2019-]+){0,3})"
    r"(?: of [A-Z]\w+(?: [A-Z]\w+)?)?\."
    r"|(?P<capitals>[A-Z][A-Z.'\u2019-]+(?:\s[A-Z][A-Z.'\u2019-]+){0,4})(?:\s\([^()]{1,30}\))?:"
    r"|(?P<name>[A-Z][\w.'\u2019-]+(?:\s[A-Z][\w.'\u2019-]+){0,3}):)\s+(?=\S)"
)
_STAGE_NOTE = re.compile(r"\s*\((?:Laughter|Applause|Inaudible|Crosstalk)[^()]*\)$", re.IGNORECASE)
# '- Ann Kim, the mayor' under a quotation; a longer line is a sentence.
_SIGNATURE = re.compile(r"\s*(?:--?|[\u2013\u2014\u2015~])\s*([A-Z].{1,150})$")
# A single labelled line is a heading or a caption; a transcript has several, and little else.
_FEWEST_LINES = 3
_LEAST_SHARE = 0.3
_FEWEST_WORDS = 2
_QUESTION_LABELS, _ANSWER_LABELS = ("Q", "Question", "QUESTION"), ("A", "Answer", "ANSWER")
# How a narrator introduces who was interviewed: 'she answered questions', 'in an interview with …'.
_INTERVIEWED = re.compile(
    r"\b(?:answer(?:s|ed|ing)?|speaks|spoke|speaking|talk(?:s|ed|ing)?|interview(?:s|ed)?|questions?|told)\b"
)
# A mention in a sentence about the interview counts as this many others.
_INTERVIEW_WEIGHT = 3


def is_transcript(paragraphs: Iterable[str]) -> bool:
    """Whether enough lines of an article begin with a speaker label, and not all with the same.

    Some label stands twice, or there are questions.
    """
    found = [_LABEL.match(line) for line in paragraphs]
    labels = [label.group(label.lastgroup or 0) for label in found if label is not None]
    is_mostly_talk = len(labels) >= max(_FEWEST_LINES, _LEAST_SHARE * len(found))
    has_questions = not set(labels).isdisjoint(_QUESTION_LABELS)
    return is_mostly_talk and len(set(labels)) >= 2 and (has_questions or len(set(labels)) < len(labels))


def resolve_interview_labels(
    lines: Sequence[tuple[int, str]],
    mentions: MentionIndex,
    entities: Sequence[Entity],
    agency: str | None,
) -> dict[str, ResolvedSpeaker]:
    """Resolve the labels 'Q' and 'A' of an interview; empty if the lines do not have both.

    `lines` are the body's, with their offsets. The agency or paper asks; who answers is the person whom the
    introduction names as interviewed, or else names most.
    """
    labels = [_LABEL.match(line) for _, line in lines]
    letters = {label.group("letter") for label in labels if label is not None}
    if letters.isdisjoint(_QUESTION_LABELS) or letters.isdisjoint(_ANSWER_LABELS):
        return {}
    votes: dict[int, int] = {}
    for (start, line), label in zip(lines, labels, strict=True):
        if label is not None and label.lastgroup == "letter":
            continue
        weight = _INTERVIEW_WEIGHT if _INTERVIEWED.search(line) else 1
        for mention in mentions.between(start, start + len(line)):
            if mention.kind == "person":
                votes[mention.entity_no] = votes.get(mention.entity_no, 0) + weight
    found: dict[str, ResolvedSpeaker] = {}
    if agency is not None:
        number = next((one.entity_no for one in entities if one.name.lower() == agency.lower()), None)
        asker = ResolvedSpeaker(number, entities[number].name if number is not None else agency, "introduced")
        found |= dict.fromkeys(_QUESTION_LABELS, asker)
    if votes:
        number = max(votes, key=lambda number: votes[number])  # ties go to the person named first
        found |= dict.fromkeys(_ANSWER_LABELS, ResolvedSpeaker(number, entities[number].name, "introduced"))
    return found


def transcript_line(start: int, line: str, mentions: MentionIndex, body: str) -> QuoteCandidate | None:
    """Read one line of a transcript as a direct quote; `start` is its body offset."""
    found = _LABEL.match(line)
    if found is None or found.lastgroup is None:
        return None
    low, high = start + found.start(found.lastgroup), start + found.end(found.lastgroup)
    named = [mention for mention in mentions.between(low, high) if mention.kind == "person"]
    words = _STAGE_NOTE.sub("", body[start + found.end() : start + len(line)].rstrip())
    if opens_with_mark(words) or words[:1] in ("'", "\u2018"):
        return None  # 'KIM: "…"' is read as a quotation
    if (found.lastgroup == "name" and not named) or len(words.split()) < _FEWEST_WORDS:
        return None
    phrase = _label_phrase(body[low:high], low, [mention.entity_no for mention in named])
    begin = start + found.end()
    return QuoteCandidate(
        "direct",
        begin,
        begin + len(words),
        Attribution(None, phrase, "transcript"),
        opens_paragraph=False,
    )


def signature(start: int, line: str, mentions: MentionIndex) -> SpeakerPhrase | None:
    """Read a line that is a dash and a person's name, as under a quotation; agencies do not speak."""
    found = _SIGNATURE.match(line)
    mention = mentions.at(start + found.start(1)) if found is not None else None
    if mention is None or mention.kind != "person":
        return None
    return _label_phrase(mention.text, mention.char_start, [mention.entity_no])


def _label_phrase(label: str, start: int, entities: Sequence[int]) -> SpeakerPhrase:
    is_letter = label in (*_QUESTION_LABELS, *_ANSWER_LABELS)
    return SpeakerPhrase(
        kind="name" if entities else "nominal",
        start=start,
        end=start + len(label),
        text=label,
        head=label.split()[-1].lower(),
        is_plural=False,
        is_proper=not is_letter,
        entity_no=entities[-1] if entities else None,
    )
