"""What the set-up check (`manage.py check --deploy`) says about sending."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from campaigns.delivery import dkim
from campaigns.delivery.servers import outgoing_servers
from campaigns.returns.providers import PROVIDERS
from prospects.texting.sending import mms_gateway, sms_gateway


@register(Tags.security, deploy=True)
def mails_are_signed(**_options: Any) -> list[CheckMessage]:
    """Large mailbox providers refuse campaigns that nobody signs, and one-click stops that no signature covers."""
    try:
        signing = dkim.keys()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="campaigns.E001")]
    if signing or settings.DKIM_SIGNED_BY_SERVER:
        return []
    return [
        Warning(
            "No key signs campaigns (DKIM), and the outgoing server is not said to sign them.",
            hint="Set DKIM_KEYS, or DKIM_SIGNED_BY_SERVER=true where the server signs.",
            id="campaigns.W001",
        )
    ]


@register(Tags.security, deploy=True)
def providers_are_known(**_options: Any) -> list[CheckMessage]:
    """A provider that is not known, or has no key, is refused: its bounces and complaints would be lost in silence."""
    return [
        Error(f"PROVIDER_WEBHOOKS: {name} needs a key, and must be one of {', '.join(PROVIDERS)}.", id="campaigns.E003")
        for name, key in settings.PROVIDER_WEBHOOKS.items()
        if name not in PROVIDERS or not key
    ]


@register(Tags.security, deploy=True)
def texts_can_leave(**_options: Any) -> list[CheckMessage]:
    """A gateway that cannot be read, or a sender that operators refuse, should be seen before the first campaign."""
    try:
        sms_gateway()
        mms_gateway()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="campaigns.E004")]
    if settings.SMS_GATEWAY and not settings.SMS_PROVIDER and not settings.SMS_INCOMING_SECRET:
        return [Error("SMS_INCOMING_SECRET: without it, nobody who texts STOP is heard.", id="campaigns.E005")]
    return []


@register(Tags.security, deploy=True)
def outgoing_servers_are_readable(**_options: Any) -> list[CheckMessage]:
    """A mistyped server should be seen before the first campaign."""
    try:
        outgoing_servers()
    except ValueError as error:
        return [Error(f"OUTGOING_SERVERS: {error}", id="campaigns.E002")]
    return []
