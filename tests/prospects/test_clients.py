from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prospects.clients import client_address, counted_as, shortened


def asked_from(rf, peer, forwarded=None):
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return client_address(rf.get("/", headers=headers, REMOTE_ADDR=peer))


def test_without_a_configured_proxy_nobody_is_believed_about_addresses(rf):
    assert asked_from(rf, "203.0.113.7", "198.51.100.1") == ip_address("203.0.113.7")


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("9.9.9.9, 198.51.100.1", "198.51.100.1"),  # the left was written by the visitor
        ("9.9.9.9, 198.51.100.1, 10.0.0.5", "198.51.100.1"),  # two proxies of ours
        ("10.0.0.9", "10.0.0.9"),
        ("", "10.0.0.1"),
        ("nonsense", "10.0.0.1"),
        ("198.51.100.1, nonsense", "10.0.0.1"),
        ("2001:db8:1:2:3::1", "2001:db8:1:2:3::1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
    ],
)
def test_behind_our_proxies_the_address_is_read_from_the_right(rf, settings, forwarded, client):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert asked_from(rf, "10.0.0.1", forwarded) == ip_address(client)


def test_a_proxy_that_is_not_configured_is_a_client_like_any_other(rf, settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert asked_from(rf, "203.0.113.7", "10.0.0.3") == ip_address("203.0.113.7")


def test_without_any_address_there_is_none(rf):
    assert asked_from(rf, "") is None
    assert shortened(None) == counted_as(None) == ""


@pytest.mark.parametrize(
    ("address", "kept", "counted"),
    [
        ("203.0.113.77", "203.0.113.0/24", "203.0.113.77/32"),
        ("2001:db8:aaaa:bbbb:cccc::1", "2001:db8:aaaa::/48", "2001:db8:aaaa:bbbb::/64"),
    ],
)
def test_evidence_keeps_a_wide_network_and_limits_count_a_narrow_one(address, kept, counted):
    assert shortened(ip_address(address)) == kept
    assert counted_as(ip_address(address)) == counted


@given(st.ip_addresses())
def test_no_whole_address_is_kept_as_evidence(address):
    hidden = 8 if address.version == 4 else 80
    assert int(ip_address(shortened(address).partition("/")[0])) % 2**hidden == 0


@given(st.text(max_size=60))
def test_whatever_a_visitor_writes_into_the_header_is_survived(text):
    from django.test import RequestFactory, override_settings

    with override_settings(TRUSTED_PROXIES=["10.0.0.0/8"]):
        request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1")
        request.META["HTTP_X_FORWARDED_FOR"] = text
        assert client_address(request) is not None
