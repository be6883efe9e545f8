"""One person on record twice becomes one, with every address, every provenance and all that they did."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from consent.acts import lock
from prospects.models import ContactDetail, Prospect, Purchase, Source

_ONE_VALUE = ("kind", "born_on")
_COMPLETED = ("first_name", "last_name", "company", "activity_id", "born_on", "restricted_at")


@transaction.atomic
def merge(kept: Prospect, gone: Prospect) -> Prospect:
    """Give everything of one prospect to another and return the one that is left.

    An address that both have keeps its detail, and the other's provenances beside its own. What was known stays; what
    was not is filled in, a restriction included. Raises ValidationError where the two cannot be one person.
    """
    keys = ContactDetail.objects.filter(prospect__in=[kept, gone]).order_by("address_key")
    lock(list(keys.values_list("address_key", flat=True)))
    both = Prospect.objects.filter(pk__in=[kept.pk, gone.pk]).order_by("pk").select_for_update()
    here = {prospect.pk: prospect for prospect in both}
    if len(here) != 2:
        raise ValidationError(_("Choose two people who are still on record."), code="two")
    kept, gone = here[kept.pk], here[gone.pk]
    if any(getattr(kept, name) and getattr(gone, name) not in (None, getattr(kept, name)) for name in _ONE_VALUE):
        raise ValidationError(
            _("They differ in kind or birth date: correct what is wrong first, or they are two people."), code="differ"
        )
    _join_shared_addresses(kept, gone)
    _move_all(kept, gone)
    gained = {name: getattr(gone, name) for name in _COMPLETED if getattr(gone, name) and not getattr(kept, name)}
    gone.delete()
    Prospect.objects.filter(pk=kept.pk).update(**gained)
    kept.refresh_from_db()
    return kept


def _join_shared_addresses(kept: Prospect, gone: Prospect) -> None:
    """Where both have an address, hang the provenances of the one upon the detail of the other.

    Of two, the one whose source is known is kept: the other's 30 days of quarantine must not take it along.
    """
    theirs = {detail.address_key: detail for detail in kept.details.all()}
    for double in gone.details.filter(address_key__in=theirs):
        detail = theirs[double.address_key]
        if detail.state == ContactDetail.State.QUARANTINED:
            detail, double = double, detail
        Source.objects.filter(also_of=double).update(also_of=detail)
        first = double.source_id
        double.delete()
        Source.objects.filter(pk=first).update(also_of=detail)


def _move_all(kept: Prospect, gone: Prospect) -> None:
    """Let every row that names the one name the other; database triggers then set the clocks of the details."""
    same = Purchase.objects.filter(prospect=kept, reference=OuterRef("reference"), family=OuterRef("family"))
    Purchase.objects.filter(Exists(same), prospect=gone).exclude(reference="").delete()
    for relation in Prospect._meta.related_objects:
        rows = relation.related_model._base_manager.filter(**{relation.field.name: gone})
        rows.update(**{relation.field.name: kept})
