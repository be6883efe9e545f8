"""The gateways that the settings name, and the rules of the names and numbers under which texts arrive."""

import re

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from prospects.texting.gateway import Gateway
from prospects.texting.kannel import Kannel
from prospects.texting.provider import Provider, provider_in

# A name of 3 to 11 letters and digits, not digits only; or a short number of the French operators.
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{3,11}")
_SHORT_NUMBER = re.compile(r"3[0-9]{4}")
# The short numbers for marketing, to which STOP is free.
_STOP_NUMBER = re.compile(r"36[0-9]{3}")


def sms_gateway() -> Gateway | None:
    """The gateway of SMS; None where none is named. Raises ImproperlyConfigured where it cannot be read."""
    if settings.SMS_PROVIDER:
        return _described("SMS_PROVIDER", settings.SMS_PROVIDER)
    if not settings.SMS_GATEWAY:
        return None
    if wrong := wrong_names():
        raise ImproperlyConfigured(wrong)
    try:
        return Kannel.at(settings.SMS_GATEWAY, settings.SMS_SENDER)
    except ValueError as error:
        raise ImproperlyConfigured(f"SMS_GATEWAY: {error}") from error


def mms_gateway() -> Gateway | None:
    """The provider of MMS; None where none is described. Raises ImproperlyConfigured where it cannot be read."""
    return _described("MMS_PROVIDER", settings.MMS_PROVIDER) if settings.MMS_PROVIDER else None


def _described(setting: str, path: str) -> Provider:
    if wrong := wrong_names():
        raise ImproperlyConfigured(wrong)
    try:
        return provider_in(path, settings.SMS_SENDER)
    except ValueError as error:
        raise ImproperlyConfigured(f"{setting}: {error}") from error


def wrong_names() -> str:
    """Say what is wrong with the sender and the number for STOP; empty where nothing is."""
    sender, stop = settings.SMS_SENDER, settings.SMS_STOP_NUMBER
    if not (_NAME.fullmatch(sender) or _SHORT_NUMBER.fullmatch(sender)):
        return "SMS_SENDER: 3 to 11 letters and digits without accents, not digits only, or a short number"
    if not _STOP_NUMBER.fullmatch(stop):
        return "SMS_STOP_NUMBER: a short number for marketing, 36 and three digits"
    return ""
