"""Header names: which column a header fills, by the names that producers give it."""

from __future__ import annotations

from collections.abc import Mapping

# By column: names without case, and with nothing but letters and digits.
_NAMES = {
    "title": "title headline headlinemain",
    "supertitle": "supertitle kicker",
    "section": "section category desk sectionname newsdesk",
    "date": "date datepublish publishingdate webpublicationdate publishedat published pubdate datepublished "
    "publicationdate versioncreated",
    "body": "body text maintext content bodytext plaintext articlebody fulltext",
    "outlet": "outlet source publication publisher medium sourcename sourcedomain domain newspaper",
    "url": "url link weburl canonicallink permalink",
    "authors": "author authors creator",
    "byline": "byline",
    "language": "language lang",
    "id": "id guid uri articleid",
}
HEADER_COLUMNS = frozenset(_NAMES)
_COLUMNS = {name: column for column, names in _NAMES.items() for name in names.split()}


def column_of(name: str, columns: Mapping[str, str] | None = None) -> str | None:
    """Return the column that a header fills, None if no column is its.

    `columns` are a user's own names, by column; they come first. Of a nested name (`fields.bodyText`) the
    last part counts if the whole one is not known.
    """
    for column, own in (columns or {}).items():
        if own.casefold() == name.casefold():
            return column
    return _COLUMNS.get(_plain(name)) or _COLUMNS.get(_plain(name.rpartition(".")[2]))


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())
