"""What a listing passes over: files of no form, links, empty folders, counted by kind with an example."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LINK = "link"
HIDDEN = "hidden or temporary"
EMPTY_FOLDER = "empty folder"
SPECIAL = "pipe, socket or device"
REPLACED = "file of a name that comes again in its archive"
LONG_NAME = "file in an archive with a name that is too long"
UNOPENED = "archive that cannot be opened"
UNLISTABLE = "folder that may not be listed"
GONE = "known file that has gone"
_EXTENSION = re.compile(r".*[^/.](\.[A-Za-z0-9]{1,12})")


@dataclass(slots=True)
class PassedOver:
    """What was found and not taken: by kind how many, and the first path by name."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)
    unlistable: list[str] = field(default_factory=list)

    def add(self, kind: str, path: str) -> None:
        """Count a file or folder."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.examples[kind] = min(path, self.examples.get(kind, path))

    def add_file(self, path: str) -> None:
        """Count a file of no form, by its extension."""
        self.add(kind_of(path), path)

    def add_inside(self, archive: str, inside: PassedOver) -> None:
        """Count what was found in an archive and not taken."""
        for kind, count, example in inside.kinds():
            self.counts[kind] = self.counts.get(kind, 0) + count
            path = f"{archive}/{example}"
            self.examples[kind] = min(path, self.examples.get(kind, path))

    def add_unlistable(self, folder: str) -> None:
        """Count a folder that this user may not list; its files are unknown."""
        self.unlistable.append(folder)
        self.add(UNLISTABLE, folder)

    def kinds(self) -> list[tuple[str, int, str]]:
        """Return kind, count and example, the most frequent first."""
        found = [(kind, count, self.examples[kind]) for kind, count in self.counts.items()]
        return sorted(found, key=lambda kind: (-kind[1], kind[0]))


def kind_of(path: str) -> str:
    """Return the kind of a file of no form: its extension in lower case; `a.txt~` is an editor's backup."""
    if path.endswith("~"):
        return HIDDEN
    match = _EXTENSION.fullmatch(path)
    return match[1].lower() if match else "file without extension"
