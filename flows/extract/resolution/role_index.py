"""Who has which role in a text, and from where on: what 'the senator' and 'the Kansan' are looked up in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from ontherecord.flows.extract.resolution.demonyms import SHORTEST_STEM, is_of_place
from ontherecord.flows.extract.resolution.sentence_focus import SentenceFocus

# A text that introduces more people with one role is a list; the last of them are enough.
_MOST = 50


class RoleIndex:
    """The role words of one article's persons, by word, in the order of the text."""

    def __init__(self, focuses: Iterable[SentenceFocus]) -> None:
        self._words: dict[int, set[str]] = {}
        self._holders: dict[str, tuple[list[int], list[int]]] = {}  # role word -> who has it, and since where
        self._places: dict[str, list[str]] = {}  # first letters of a place's last word -> its role words
        for focus in focuses:
            for number, words in focus.roles:
                for word in words:
                    self._add(number, word, focus.start)

    def _add(self, number: int, word: str, since: int) -> None:
        known = self._words.setdefault(number, set())
        if word in known:
            return
        known.add(word)
        if word not in self._holders:
            self._holders[word] = ([], [])
            kind, _, name = word.partition(":")
            # A line may end right behind the "of" or "from" of a place, which then has no name.
            if kind == "place" and name.strip():
                self._places.setdefault(name.split()[-1][:SHORTEST_STEM], []).append(word)
        numbers, places = self._holders[word]
        numbers.append(number)
        places.append(since)

    def words(self, number: int) -> set[str]:
        """Give the role words of somebody."""
        return self._words.get(number, set())

    def introduced(self, word: str, place: int) -> set[int]:
        """Give who was introduced with a role word before a place."""
        numbers, since = self._holders.get(word, ((), ()))
        end = bisect_left(since, place)
        return set(numbers[max(0, end - _MOST) : end])

    def natives(self, word: str, place: int) -> set[int]:
        """Give who was introduced, before a place, as of a town or state that a word is made of."""
        found: set[int] = set()
        for home in self._places.get(word[:SHORTEST_STEM], [])[-_MOST:]:
            if is_of_place(word, home.removeprefix("place:")):
                found |= self.introduced(home, place)
        return found
