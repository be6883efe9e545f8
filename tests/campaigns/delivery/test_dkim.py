"""Signatures hold for an outside verifier, and no longer once anything that counts has changed."""

import base64

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from campaigns.checks import mails_are_signed
from campaigns.delivery.dkim import Key, keys, signed

RSA = Key("rsa", generate_private_key(65537, 2048))
ED25519 = Key("ed", Ed25519PrivateKey.generate())
MAIL = (
    b"From: Maison  Exemple <lettre@example.test>\r\nTo: zoe@example.test\r\nSubject: Bonjour\r\n"
    b" \t=?utf-8?b?w6k=?=\r\nList-Unsubscribe: <https://loyal.example.test/u/x/>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nUne  ligne \t\r\n.\r\n\r\n\r\n"
)


def published(name, timeout=5):
    """What the domain's DNS would say."""
    selector = name.split(b"._domainkey")[0].decode()
    if selector == "rsa":
        key = RSA.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(key)
    raw = ED25519.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return b"v=DKIM1; k=ed25519; p=" + base64.b64encode(raw)


def holds(mail, *, index=0):
    try:
        return dkim.DKIM(mail).verify(idx=index, dnsfunc=published)
    except dkim.ValidationError:  # what a changed body comes to
        return False


@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
def test_an_outside_verifier_accepts_the_signature_and_sees_both_one_click_headers_in_it(key):
    mail = signed(MAIL, "example.test", [key])

    assert holds(mail)
    assert b"list-unsubscribe:list-unsubscribe-post" in mail.split(b"bh=")[0].replace(b"\r\n ", b"")


def test_a_mail_may_carry_one_signature_of_each_kind():
    mail = signed(MAIL, "example.test", [RSA, ED25519])

    assert holds(mail, index=0)
    assert holds(mail, index=1)


@pytest.mark.parametrize(
    "change",
    [(b"One-Click", b"Two-Clicks"), (b"/u/x/", b"/u/y/"), (b"ligne", b"page"), (b"From:", b"From: x@y.test\r\nFrom:")],
)
@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
def test_a_changed_mail_no_longer_holds(key, change):
    mail = signed(MAIL, "example.test", [key])

    assert not holds(mail.replace(*change))


@given(st.binary(max_size=200).map(lambda body: body.replace(b"\r", b"").replace(b"\n", b"\r\n")))
def test_any_body_may_be_signed(body):
    assert holds(signed(MAIL.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + body, "example.test", [ED25519]))


def test_keys_are_read_by_selector_and_what_is_no_key_is_refused(settings, tmp_path):
    pem = ED25519.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "ed.pem").write_bytes(pem)
    (tmp_path / "none.pem").write_text("nothing")

    settings.DKIM_KEYS = {"november": str(tmp_path / "ed.pem")}
    assert [(key.selector, key.algorithm) for key in keys()] == [("november", "ed25519-sha256")]

    settings.DKIM_KEYS = {"november": str(tmp_path / "none.pem")}
    with pytest.raises(ImproperlyConfigured):
        keys()


def test_the_set_up_check_is_red_until_somebody_signs(settings):
    assert [found.id for found in mails_are_signed()] == ["campaigns.W001"]

    settings.DKIM_SIGNED_BY_SERVER = True
    assert mails_are_signed() == []
