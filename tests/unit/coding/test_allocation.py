"""How many quotes are drawn from each stratum."""

from __future__ import annotations

from ontherecord.warehouse.samples import allocate


def test_small_strata_get_more_than_their_share_and_large_ones_the_most() -> None:
    drawn = allocate({"direct": 9_000, "mixed": 100, "act": 3}, 100)
    assert sum(drawn.values()) == 100
    assert drawn["direct"] > drawn["mixed"] > drawn["act"]
    assert drawn["mixed"] >= 8
    assert drawn["act"] >= 2


def test_nothing_is_drawn_twice() -> None:
    assert allocate({"direct": 5, "mixed": 1}, 100) == {"direct": 5, "mixed": 1}


def test_each_stratum_gets_one_if_there_is_no_room_for_two() -> None:
    assert allocate({"a": 50, "b": 9, "c": 1}, 4) == {"a": 2, "b": 1, "c": 1}
