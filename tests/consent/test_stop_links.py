"""A stop token names no address, never ends, and nobody can make one but us."""

import base64
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.stop_links import BadStopToken, Stop, read_stop_token, stop_token
from consent.vocabulary import Channel

KEY = UUID("3f2c1b0a-0000-4000-8000-000000000001")
TOKEN = stop_token(KEY, "email", 7)


@given(st.uuids(), st.sampled_from(Channel), st.integers(0, 2**32 - 1), st.integers(0, 255))
def test_what_is_written_is_read_again(key, channel, purpose_id, key_id):
    token = stop_token(key, channel, purpose_id, key_id=key_id)

    assert read_stop_token(token) == Stop(key, key_id, channel, purpose_id)
    assert len(token) == 52


@given(st.text(max_size=80))
def test_no_text_is_a_token_that_was_not_made_here(text):
    with pytest.raises(BadStopToken):
        read_stop_token(text)


@given(st.binary(min_size=39, max_size=39))
def test_no_bytes_of_the_right_length_are_either(raw):
    with pytest.raises(BadStopToken):
        read_stop_token(base64.urlsafe_b64encode(raw).decode())


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from("ABCDEFabcdef0123456789-_"))
def test_a_token_changed_in_any_place_is_none(place, letter):
    if letter == TOKEN[place]:
        return
    with pytest.raises(BadStopToken):
        read_stop_token(TOKEN[:place] + letter + TOKEN[place + 1 :])


def test_a_token_depends_on_no_clock_and_not_on_the_secret_key(settings, time_machine):
    token = stop_token(uuid4(), "sms", 3)
    settings.SECRET_KEY = "another one"
    time_machine.move_to("2096-01-01 00:00:00+00:00")

    assert read_stop_token(token).channel == "sms"


def test_a_token_of_another_secret_is_refused(settings):
    settings.STOP_LINK_SECRET = "somebody else's"
    with pytest.raises(BadStopToken):
        read_stop_token(TOKEN)
