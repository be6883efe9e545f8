"""Putting a notice in use, for good, once it says in both languages what the law wants said."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from consent.models import Box, Notice, Organisation
from consent.opt_outs import rule_towards_individuals
from consent.wording_checks import Check, checks_of_notice, errors_of


@transaction.atomic
def publish(notice: Notice, *, at: datetime) -> None:
    """Put a notice in use, for good. Raises ValidationError, one sentence per fault, unless it is fit for it."""
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    if faults := list(faults_of(locked, at=at)):
        raise ValidationError(faults)
    locked.publish(at=at)
    notice.published_at = locked.published_at


def faults_of(notice: Notice, *, at: datetime) -> Iterator[str]:
    """Say, one sentence each, what keeps this notice from being used under the rules in force at that moment."""
    if notice.published_at is not None:
        yield _("This notice is published already; make a new version of it.")
        return
    yield from errors_of(checks_now(notice, at=at))


def checks_now(notice: Notice, *, at: datetime) -> list[Check]:
    """Look at this notice as it stands under the rules in force at that moment."""
    return list(
        checks_of_notice(
            notice,
            list(notice.boxes.select_related("purpose")),
            organisation=Organisation.objects.current().name,
            rule_of=partial(rule_towards_individuals, at=at),
        )
    )


@transaction.atomic
def new_version(notice: Notice) -> Notice:
    """Return a draft that says the same under the next number, boxes included."""
    Notice.objects.select_for_update().get(pk=notice.pk)
    last = Notice.objects.filter(code=notice.code).aggregate(last=Max("version"))["last"]
    draft = Notice.objects.create(
        code=notice.code,
        version=last + 1,
        information_fr=notice.information_fr,
        information_en=notice.information_en,
    )
    copied = [field.attname for field in Box._meta.concrete_fields if field.name not in ("id", "notice")]
    Box.objects.bulk_create(
        Box(notice=draft, **{name: getattr(box, name) for name in copied}) for box in notice.boxes.all()
    )
    return draft
