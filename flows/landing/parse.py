"""Parse landed files: choose the form of a file, and turn its articles into deliveries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import chain, islice

from ontherecord.flows.landing.dates import read_date
from ontherecord.flows.landing.decode import repair
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.flows.landing.forms.registry import Form, choose_form
from ontherecord.flows.landing.interpret import interpret, title_and_date
from ontherecord.flows.landing.line_ends import text_with_line_feeds, with_line_feeds
from ontherecord.flows.landing.read import MAX_BYTES, too_large
from ontherecord.flows.landing.reading import BY_CONTENT, Reading
from ontherecord.flows.landing.stored_article import from_bytes, is_stored, to_bytes
from ontherecord.flows.landing.unpack import beginning, unpack
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Delivery, Failure, InFile, LandedFile, RawFile, Rejected

# What readers raise for damaged files. Errors of the disk and of the machine's memory are not the file's.
_OF_A_FILE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
# A key is shown in paths; a longer one is cut, and told from others by a hash.
_KEY_CHARACTERS = 300


def parse(raw: RawFile, reading: Reading = BY_CONTENT) -> Delivery:
    """Parse a file with one article, or one article of a file with many, into a delivery.

    Raises BadDelivery if the file is too large, not of its form, or not an article.
    """
    if raw.landed.in_file and is_stored(raw.kept):
        article, form = from_bytes(raw.kept)
        return interpret(raw, article, form, reading)
    size = raw.landed.bytes if raw.path else len(raw.kept)
    if size > MAX_BYTES:
        raise BadDelivery(too_large(size))
    chosen = form_of(raw, reading)
    for found in read_form(chosen, raw, reading):
        if isinstance(found, BadArticle):
            raise BadDelivery(found.failure)
        return interpret(raw, found, chosen.name, reading)
    raise BadDelivery(_no_article(chosen))


def form_of(raw: RawFile, reading: Reading) -> Form:
    """Return the form that a file is read by."""
    head, name = beginning(raw)
    return choose_form(text_with_line_feeds(head), name, reading.form)


def read_form(form: Form, raw: RawFile, reading: Reading) -> Iterator[RawArticle | BadArticle]:
    """Yield the articles of a file as its form delivers them.

    Raises BadDelivery if the file cannot be read, or be read on, for whatever reason: what a library raises
    for a damaged file is not known, and must not stop the run.
    """
    try:
        yield from form.read(replace(with_line_feeds(unpack(raw)), columns=reading.columns))
    except BadDelivery:
        raise
    except _OF_A_FILE as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise BadDelivery(
            Failure(
                "form_failed",
                None,
                what,
                f"The file cannot be read as {form.name}. Check that it is complete and of this form; if "
                "it is, report this with the file.",
            )
        ) from error


def holds_many(raw: RawFile, reading: Reading) -> bool:
    """Say whether the articles of a file have keys of their own. Never raises."""
    form = form_of(raw, reading)
    if form.holds != "either" or raw.landed.in_file:
        return form.holds == "many" and not raw.landed.in_file
    with suppress(BadDelivery):
        return len(list(islice(read_form(form, raw, reading), 2))) > 1
    return False  # parse says what is wrong


def split(raw: RawFile, reading: Reading) -> Iterator[RawFile | Rejected]:
    """Yield the articles of a file with many, each as a file of its own, and those that cannot be read.

    The path of an article is `file#key`; of two with the same key the second gets a number. An article is
    yielded when it is read, so a file takes no more memory than its largest articles. Rows that are known
    (`raw.is_known`) are left out.

    Raises BadDelivery, at the first article or behind others, if the file cannot be read on.
    """
    form = form_of(raw, reading)
    articles = read_form(form, raw, reading)
    first = next(articles, None)
    if first is None:
        if raw.is_known:
            return  # all are known
        raise BadDelivery(_no_article(form))
    for article in chain((first,), articles):
        key = _key(article, reading)
        path = f"{raw.landed.source_path}#{key}"
        place = InFile(raw.landed.source_path, key, article.number, article.digest)
        landed = replace(raw.landed, source_path=path, bytes=0, in_file=place)
        if isinstance(article, BadArticle):
            yield Rejected(landed, None, (article.failure,))
        else:
            yield _as_file(article, landed, form)


def parse_all(raw: RawFile, reading: Reading) -> Iterator[Delivery]:
    """Yield the deliveries of a file, whether it has one article or many, without those that are invalid."""
    parts = split(raw, reading) if holds_many(raw, reading) else iter((raw,))
    with suppress(BadDelivery):
        for part in parts:
            if isinstance(part, RawFile):
                with suppress(BadDelivery):
                    yield parse(part, reading)


def story_key(title: str | None, date: str | None) -> str:
    """Return the key of an article without a URL or id: its day and headline.

    A date that cannot be read is in the key as delivered.
    """
    at = read_date(date).published_at if date else None
    day = f"{at:%Y-%m-%d}" if at else date or ""
    return _shorten(" ".join(f"{day} {title or ''}".split()))


def renamed(landed: LandedFile, key: str) -> LandedFile:
    """Return the place of another article with the same path: the key is added to it."""
    place = landed.in_file
    return replace(
        landed,
        source_path=f"{landed.source_path}#{key}",
        in_file=place and replace(place, key=f"{place.key}#{key}"),
    )


def with_suffix(raw: RawFile, suffix: str) -> RawFile:
    """Return an article in a file whose key another one has, with a suffix that tells them apart."""
    place = raw.landed.in_file
    assert place, "called for a file"
    key = f"{place.key} ~{suffix}"
    path = f"{place.file_path}#{key}"
    return replace(raw, landed=replace(raw.landed, source_path=path, in_file=replace(place, key=key)))


def _as_file(article: RawArticle, landed: LandedFile, form: Form) -> RawFile:
    content = to_bytes(article, form.name)
    return RawFile(replace(landed, bytes=len(content)), content, hashlib.sha256(content).hexdigest())


def _key(article: RawArticle | BadArticle, reading: Reading) -> str:
    key = " ".join(repair(article.key or "")[0].split())
    if not key and isinstance(article, RawArticle):
        key = story_key(*title_and_date(article, reading))
    return _shorten(key) or f"row {article.number}"


def _shorten(key: str) -> str:
    if len(key) <= _KEY_CHARACTERS:
        return key
    return f"{key[:_KEY_CHARACTERS]}…{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def _no_article(form: Form) -> Failure:
    return Failure(
        "no_article",
        None,
        form.name,
        f"The file was read as {form.name}, and has no article. Deliver it again with its articles, or say "
        "how to read it with --form.",
    )
