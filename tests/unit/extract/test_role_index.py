"""Role words: who has them from which offset on, also where a text leaves them unfinished."""

from __future__ import annotations

from ontherecord.flows.extract.resolution.roles import RoleIndex


def test_a_role_counts_from_where_it_is_given() -> None:
    roles = RoleIndex([(0, [(1, ["senator"])]), (50, [(2, ["senator"])])])
    assert roles.introduced_as("senator", 10) == {1}
    assert roles.introduced_as("senator", 60) == {1, 2}


def test_inhabitants_are_found_by_their_place() -> None:
    roles = RoleIndex([(0, [(1, ["place:kansas"])])])
    assert roles.inhabitants("kansan", 10) == {1}


def test_a_place_without_a_name_has_no_inhabitants() -> None:
    roles = RoleIndex([(0, [(1, ["place:"])]), (20, [(2, ["place: "])])])
    assert roles.inhabitants("kansan", 90) == set()
