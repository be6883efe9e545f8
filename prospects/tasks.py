"""Celery's doors: each is safe to run twice, and finds its work in the database."""

from uuid import UUID

import structlog
from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from prospects import change_mails, confirmation_mail, fresh_link, retention, staying, telling, waking, welcome_mail
from prospects.imports import background, uploads
from prospects.models import AddressChange, Import, PendingSignup
from prospects.rights import mails as rights_mails
from prospects.rights import reminding
from prospects.turnstile import Take

log = structlog.get_logger(__name__)

_MAILS_DUE = "send_confirmation_mails"


@shared_task
def send_confirmation_mails() -> None:
    """Send the mails that are due: of confirmation, of welcome, of changes of address, of people's rights."""
    waking.begins(_MAILS_DUE)
    confirmation_mail.send_due_confirmation_mails(at=timezone.now())
    welcome_mail.send_due_welcome_mails()
    change_mails.send_due_change_mails()
    rights_mails.send_due_rights_mails()


def wake_confirmation_mails(*, noting: Take | None = None) -> None:
    """Have the mails that are due sent soon: one task for all that are due before it begins."""
    waking.wake(_MAILS_DUE, send_confirmation_mails.delay, noting=noting)


def wake_mails_if_possible() -> None:
    """The same, where what is to be told is committed already: if no broker answers, the next tick sends the mail."""
    try:
        wake_confirmation_mails()
    except (RedisError, OperationalError) as error:
        log.warning("mails wait for the next tick", error=type(error).__name__)


@shared_task
def remind_of_requests() -> None:
    """Every morning: say which requests of people are due within a week, and which today."""
    reminding.remind(timezone.now())


@shared_task
def forget_old_requests() -> None:
    """Every hour: erase wishes whose link nobody used and, at its own term, the register of requests."""
    reminding.forget(timezone.now())


@shared_task
def erase_expired_signups() -> None:
    """Erase the signups and changes of address that nobody confirmed in time, and what is left of the others."""
    PendingSignup.objects.expired(timezone.now()).delete()
    AddressChange.objects.expired(timezone.now()).delete()


@shared_task(acks_late=False)
def send_fresh_link(address_key: str, language: str) -> None:
    """Mail a fresh link. Lost with its worker it is not sent again: whoever asked asks anew, and nobody gets two."""
    fresh_link.send_fresh_link(UUID(address_key), language)


@shared_task
def erase_silent_prospects() -> None:
    """Every night: erase whoever was silent for three years, and whoever may not be kept for another reason."""
    retention.erase_silent_prospects(timezone.now())


@shared_task
def ask_who_wants_to_stay() -> None:
    """Every day: ask, a month before three silent years are over, whether the person wants to stay."""
    staying.ask_who_wants_to_stay(timezone.now())


@shared_task
def tell_the_untold() -> None:
    """Every hour: tell people what we hold of them, where nobody told them at collection."""
    telling.tell(timezone.now())


@shared_task
def warn_of_the_untold() -> None:
    """Every morning: say how many will be erased within a week because nobody told them."""
    telling.warn_staff(timezone.now())


@shared_task
def carry_on_import(pk: int) -> None:
    """Check, run or undo an import, from where it stands."""
    background.carry_on(Import.objects.get(pk=pk))


@shared_task
def carry_on_imports() -> None:
    """Take up again the imports that a killed worker left."""
    background.carry_on_all()


@shared_task
def erase_old_uploads() -> None:
    """Erase imported files after their 30 days."""
    uploads.erase_old_uploads(at=timezone.now())
