"""The words that every part of Loyal shares."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How a message reaches somebody."""

    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")
    MMS = "mms", _("MMS")
    BLUETOOTH = "bluetooth", _("Bluetooth")
    FAX = "fax", _("fax")
    AUTOMATED_CALL = "automated_call", _("automated call")
    PHONE = "phone", _("phone call")
    POST = "post", _("post")


class Medium(models.TextChoices):
    """What an address is; one phone number serves several channels."""

    EMAIL = "email", _("e-mail address")
    PHONE = "phone", _("phone number")
    FAX = "fax", _("fax number")
    POST = "post", _("postal address")
    BLUETOOTH = "bluetooth", _("Bluetooth device")


MEDIUM_OF = {
    Channel.EMAIL: Medium.EMAIL,
    Channel.SMS: Medium.PHONE,
    Channel.MMS: Medium.PHONE,
    Channel.AUTOMATED_CALL: Medium.PHONE,
    Channel.PHONE: Medium.PHONE,
    Channel.FAX: Medium.FAX,
    Channel.POST: Medium.POST,
    Channel.BLUETOOTH: Medium.BLUETOOTH,
}


class Language(models.TextChoices):
    """The languages in which Loyal speaks to people."""

    FRENCH = "fr", _("French")
    ENGLISH = "en", _("English")
