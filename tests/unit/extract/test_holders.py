"""Role words: who has them from where on, also where a text leaves them unfinished."""

from __future__ import annotations

from ontherecord.flows.extract.resolution.role_index import RoleIndex
from ontherecord.flows.extract.resolution.sentence_focus import SentenceFocus


def focus(start: int, *roles: tuple[int, tuple[str, ...]]) -> SentenceFocus:
    return SentenceFocus(start, start + 10, (), (), roles, has_speech=False, ends_with_colon=False)


def test_a_role_counts_from_where_it_is_given() -> None:
    holders = RoleIndex([focus(0, (1, ("senator",))), focus(50, (2, ("senator",)))])
    assert holders.introduced("senator", 10) == {1}
    assert holders.introduced("senator", 60) == {1, 2}


def test_natives_are_found_by_their_place() -> None:
    holders = RoleIndex([focus(0, (1, ("place:kansas",)))])
    assert holders.natives("kansan", 10) == {1}


def test_a_place_without_a_name_is_nobodys_home() -> None:
    holders = RoleIndex([focus(0, (1, ("place:",))), focus(20, (2, ("place: ",)))])
    assert holders.natives("kansan", 90) == set()
