"""Steps that are taken together, in order, until one refuses."""

import pytest
from django.core.cache import cache, caches

from config.redis_cache import Script, run
from prospects.turnstile import Count, Take, go_through, note

pytestmark = pytest.mark.django_db


def test_what_comes_after_a_full_count_is_left_as_it_was():
    limit, ticket = Count("visits", most=1, seconds=60), Take("ticket", "a", 60)

    assert go_through(limit, ticket) == ["1", ""]
    assert go_through(limit, Take("another", "a", 60)) == ["2"]
    assert cache.get("another") is None


def test_what_comes_after_a_thing_that_somebody_else_holds_is_left_as_it_was():
    go_through(Take("ticket", "a", 60))

    assert go_through(Take("ticket", "b", 60), Take("seat", "b", 60)) == ["a"]
    assert go_through(Take("ticket", "a", 60), Take("seat", "a", 60)) == ["a", ""]


def test_what_is_counted_or_taken_ends():
    go_through(Count("visits", most=1, seconds=60), Take("ticket", "a", 70))
    note(Take("ticket", "b", 80), Take("seat", "a", 90))

    ends = Script("return {redis.call('TTL', KEYS[1]), redis.call('TTL', KEYS[2]), redis.call('TTL', KEYS[3])}")
    visits, ticket, seat = run(ends, ["visits", "ticket", "seat"], [])
    assert 0 < visits <= 60 and 70 < ticket <= 80 and 80 < seat <= 90


def test_a_count_does_not_end_later_for_being_counted_again():
    go_through(Count("visits", most=9, seconds=60))
    go_through(Count("visits", most=9, seconds=6000))

    (left,) = run(Script("return {redis.call('TTL', KEYS[1])}"), ["visits"], [])
    assert left <= 60


def test_a_note_is_written_whoever_held_the_thing_and_takes_what_is_free_once():
    go_through(Take("ticket", "a", 60))

    assert note(Take("ticket", "b", 60), Take("seat", "a", 60)) is True
    assert note(Take("ticket", "c", 60), Take("seat", "a", 60)) is False
    assert go_through(Take("ticket", "a", 60)) == ["c"]


def test_a_server_that_forgot_its_scripts_is_told_them_again():
    step = Count("visits", most=9, seconds=60)
    go_through(step)
    caches["default"]._cache.get_client(write=True).script_flush()

    assert go_through(step) == ["2"]
