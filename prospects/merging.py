"""One person on record twice becomes one, with every address, every provenance and all that they did."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consent.acts import lock, record_stop
from consent.models import Act, Objection
from consent.vocabulary import MEDIUM_OF, Channel
from prospects.models import ContactDetail, ExtraField, MergedRecord, Prospect, Source
from prospects.models.extra import PREFIX

# Of each, one value is kept; the stricter is proposed where the two differ.
FIELDS = ("kind", "first_name", "last_name", "company", "activity", "language", "born_on", "time_zone")
_ONE_VALUE = ("kind", "born_on")
_COMPLETED = ("first_name", "last_name", "company", "activity", "born_on")


@transaction.atomic
def merge(kept: Prospect, gone: Prospect, *, taken: Collection[str] | None = None) -> Prospect:
    """Give everything of one prospect to another and return the one that is left.

    An address that both have keeps its detail, and the other's provenances beside its own. What was not known is
    filled in; of fields that differ, those named in `taken` come from the one that goes. A restriction, a hold and an
    objection of either stay. Raises ValidationError where the two cannot be one person: where nobody was asked what to
    take, those of different kinds or birth dates.
    """
    keys = ContactDetail.objects.filter(prospect__in=[kept, gone]).order_by("address_key")
    lock(list(keys.values_list("address_key", flat=True)))
    both = Prospect.objects.filter(pk__in=[kept.pk, gone.pk]).order_by("pk").select_for_update(of=("self",))
    here = {prospect.pk: prospect for prospect in both}
    if len(here) != 2:
        raise ValidationError(_("Choose two people who are still on record."), code="two")
    kept, gone = here[kept.pk], here[gone.pk]
    if taken is None and any(_differ(kept, gone, name) for name in _ONE_VALUE):
        raise ValidationError(
            _("They differ in kind or birth date: correct what is wrong first, or they are two people."), code="differ"
        )
    _join_shared_addresses(kept, gone)
    _move_all(Prospect, gone, kept)
    _share_objections(kept)
    gained = _gained(kept, gone, taken or ())
    number = gone.pk
    gone.delete()
    Prospect.objects.filter(pk=kept.pk).update(**gained)
    MergedRecord.objects.create(number=number, prospect=kept)
    kept.refresh_from_db()
    return kept


class Choice(NamedTuple):
    """One field in which two records differ, what each says, and whether the one that goes is the stricter."""

    name: str
    label: str
    kept: Any
    gone: Any
    takes_gone: bool


def choices(kept: Prospect, gone: Prospect) -> Iterator[Choice]:
    """Ask what to keep of each field in which both say something, and not the same."""
    for name in FIELDS:
        if _differ(kept, gone, name):
            here, there = getattr(kept, name), getattr(gone, name)
            label = str(Prospect._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            yield Choice(name, label, _shown(kept, name), _shown(gone, name), _is_stricter(name, there, here))
    if differing := [slug for slug in kept.extra if gone.extra.get(slug, kept.extra[slug]) != kept.extra[slug]]:
        for field in ExtraField.objects.filter(slug__in=differing):
            here, there = field.shown(kept.extra[field.slug]), field.shown(gone.extra[field.slug])
            yield Choice(PREFIX + field.slug, field.label, here, there, takes_gone=False)


def what_moves(gone: Prospect) -> list[tuple[str, int]]:
    """Name what hangs on a record, and how many of each there are."""
    counts = [
        (
            str(relation.related_model._meta.verbose_name_plural),
            relation.related_model._base_manager.filter(**{relation.field.name: gone}).count(),
        )
        for relation in Prospect._meta.related_objects
    ]
    return [(name, count) for name, count in counts if count]


def _differ(kept: Prospect, gone: Prospect, name: str) -> bool:
    here, there = getattr(kept, name), getattr(gone, name)
    return bool(here) and bool(there) and here != there


def _is_stricter(name: str, value: Any, other: Any) -> bool:
    """Whether the law protects the person of this value more: an individual, and the younger."""
    if name == "kind":
        return bool(value == Prospect.Kind.INDIVIDUAL)
    return bool(name == "born_on" and value > other)


def _shown(prospect: Prospect, name: str) -> Any:
    display = getattr(prospect, f"get_{name}_display", None)
    return display() if display else getattr(prospect, name)


def _gained(kept: Prospect, gone: Prospect, taken: Collection[str]) -> dict[str, Any]:
    gained = {name: getattr(gone, name) for name in _COMPLETED if getattr(gone, name) and not getattr(kept, name)}
    gained |= {name: getattr(gone, name) for name in FIELDS if name in taken}
    restricted = [at for at in (kept.restricted_at, gone.restricted_at) if at is not None]
    chosen = {slug: value for slug, value in gone.extra.items() if PREFIX + slug in taken}
    return gained | {"restricted_at": min(restricted, default=None), "extra": {**gone.extra, **kept.extra, **chosen}}


def _join_shared_addresses(kept: Prospect, gone: Prospect) -> None:
    """Where both have an address, hang what hangs on the one detail upon the other.

    Of two, the one whose source is known is kept: the other's 30 days of quarantine must not take it along. What came
    back from the address on either record is undeliverable on both.
    """
    theirs = {detail.address_key: detail for detail in kept.details.all()}
    for double in gone.details.filter(address_key__in=theirs):
        detail = theirs[double.address_key]
        if detail.state == ContactDetail.State.QUARANTINED:
            detail, double = double, detail
        if double.state == ContactDetail.State.UNDELIVERABLE and detail.state != double.state:
            ContactDetail.objects.filter(pk=detail.pk).update(state=double.state)
        _move_all(ContactDetail, double, detail)
        first = double.source_id
        double.delete()
        Source.objects.filter(pk=first).update(also_of=detail)


def _move_all(model: type[models.Model], before: models.Model, after: models.Model) -> None:
    """Let every row that names the one name the other, whichever app keeps it; triggers then set the clocks.

    What the other has already, by a constraint of its table, stays behind.
    """
    for relation in model._meta.related_objects:
        related, field = relation.related_model, relation.field.name
        rows = related._base_manager.filter(**{field: before})
        for names, condition in _unique_together(related):
            if field in names:
                same = {name: OuterRef(name) for name in names if name != field}
                clash = related._base_manager.filter(condition, **same, **{field: after})
                rows = rows.exclude(condition & Q(Exists(clash)))
        rows.update(**{field: after})


def _unique_together(model: type[models.Model]) -> Iterator[tuple[tuple[str, ...], Q]]:
    """The fields of which no two rows may have the same values, and for which rows that holds."""
    if len(model._meta.pk_fields) > 1:
        yield tuple(field.name for field in model._meta.pk_fields), Q()
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            yield tuple(constraint.fields), constraint.condition or Q()


def _share_objections(prospect: Prospect) -> None:
    """What the person stopped at one address stands at all of theirs; a yes that they confirmed since still stands."""
    details = list(prospect.details.all())
    objections = Objection.objects.filter(address_key__in=[detail.address_key for detail in details])
    for objection in objections.order_by("at", "pk"):
        for detail in details:
            serves = objection.channel is None or MEDIUM_OF[Channel(objection.channel)] == detail.medium
            if serves and detail.address_key != objection.address_key:
                record_stop(
                    detail.address_key,
                    key_id=detail.key_id,
                    channel=objection.channel,
                    purpose_id=objection.purpose_id,
                    at=objection.at,
                    origin=Act.Origin.STAFF,
                    evidence={"carried_over": "records of one person merged", "noted_at": timezone.now().isoformat()},
                )
