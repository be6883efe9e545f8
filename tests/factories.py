"""Plain factories: each makes a valid row, with what the test cares about passed by name."""

import itertools
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group, User
from django.utils import timezone

from campaigns.models import Campaign, Message
from consent.acts import confirmed, given, informed, record_acts
from consent.address_keys import address_key, signing_key_id
from consent.addresses import normalise
from consent.mentions import FIVE
from consent.models import Act, Box, Notice, Organisation, Purpose, Sender, SignupForm
from consent.vocabulary import Language
from prospects.models import ContactDetail, Prospect, Source

_numbers = itertools.count(1)


def make_organisation(
    *, sender_name: str = "Maison Exemple", sender_email: str = "lettre@example.test", reply_to: str = "", **fields: Any
) -> Organisation:
    """The organisation and its default sender; without an address, no sender at all."""
    shown = {"name": sender_name, "address": sender_email, "reply_to": reply_to}
    if sender_email:
        Sender.objects.update_or_create(is_default=True, defaults=shown)
    else:
        Sender.objects.filter(is_default=True).delete()
    fields = {
        "name": "Maison Exemple",
        "address": "1 rue des Essais\n75001 Paris",
        "email": "bonjour@example.test",
        **fields,
    }
    return Organisation.objects.update_or_create(pk=1, defaults=fields)[0]


def make_sender(**fields: Any) -> Sender:
    number = next(_numbers)
    return Sender.objects.create(**{"name": "Ateliers", "address": f"ateliers-{number}@example.test", **fields})


def make_purpose(**fields: Any) -> Purpose:
    number = next(_numbers)
    return Purpose.objects.create(**{"slug": f"offers-{number}", "name_fr": "Offres", "name_en": "Offers", **fields})


def make_notice(*boxes: dict[str, Any], published: bool = True, **fields: Any) -> Notice:
    """A notice with one opt-in e-mail box, or with the boxes given as dictionaries of fields."""
    number = next(_numbers)
    notice = Notice.objects.create(
        **{
            "code": f"notice-{number}",
            "information_fr": "Qui, pourquoi, combien de temps, vos droits, comment arrêter.",
            "information_en": "Who, why, how long, your rights, how to stop.",
            **fields,
        }
    )
    for box in boxes or ({},):
        Box.objects.create(
            notice=notice,
            **{
                "purpose": box.get("purpose") or make_purpose(),
                "channel": "email",
                "label_fr": "J'accepte de recevoir des offres par e-mail.",
                "label_en": "I agree to receive offers by e-mail.",
                **box,
            },
        )
    if published:
        notice.publish(at=timezone.now())
    return notice


def call_mentions() -> dict[str, str]:
    """The five mentions of R223-1, in both languages, as the fields of a box."""
    return {f"{mention.field}_{language}": mention.suggestion(language) for mention in FIVE for language in Language}


def make_form(**fields: Any) -> SignupForm:
    number = next(_numbers)
    fields.setdefault("notice", None)
    return SignupForm.objects.create(
        **{
            "slug": f"form-{number}",
            "title_fr": "Notre lettre",
            "title_en": "Our newsletter",
            **fields,
            "notice": fields["notice"] or make_notice(),
        }
    )


def make_prospect(**fields: Any) -> Prospect:
    return Prospect.objects.create(**{"first_name": "Camille", "last_name": "Exemple", **fields})


def make_detail(
    address: str = "",
    *,
    medium: str = "email",
    prospect: Prospect | None = None,
    source: dict[str, Any] | None = None,
    **fields: Any,
) -> ContactDetail:
    """A contact detail with its source: by default an e-mail address collected now by our own form, informed."""
    address = address or f"person-{next(_numbers)}@example.test"
    prospect = prospect or make_prospect()
    origin = Source.objects.create(
        prospect=prospect, **{"kind": "form", "collected_at": timezone.now(), "informed": True, **(source or {})}
    )
    normalised = normalise(medium, address)
    return ContactDetail.objects.create(
        prospect=prospect,
        medium=medium,
        address=normalised,
        address_key=address_key(medium, normalised),
        key_id=signing_key_id(),
        source=origin,
        **fields,
    )


def make_consent(
    detail: ContactDetail,
    purpose: Purpose,
    *,
    channel: str = "email",
    at: datetime | None = None,
    confirm: bool = True,
    needs_confirmation: bool = True,
) -> Act:
    """What this person said yes to, confirmed a minute later unless told otherwise."""
    at = at or timezone.now() - timedelta(minutes=2)
    box = Box.objects.filter(purpose=purpose, channel=channel).first()
    if box is None:
        box = make_notice({"purpose": purpose, "channel": channel}).boxes.get()
    consent = given(detail.address_key, box, at=at, needs_confirmation=needs_confirmation, origin=Act.Origin.FORM)
    acts = [informed(detail.address_key, at=at, origin=Act.Origin.FORM, notice=box.notice), consent]
    if confirm and needs_confirmation:
        acts.append(confirmed(consent, at=at + timedelta(minutes=1), origin=Act.Origin.CONFIRMATION))
    record_acts(acts)
    return consent


def make_campaign(**fields: Any) -> Campaign:
    return Campaign.objects.create(
        **{
            "name": "Rentrée",
            "subject": "Nos nouveautés",
            "body": "Bonjour {{ first_name }},\n\nVoici nos **nouveautés**.",
            **fields,
            "purpose": fields.get("purpose") or make_purpose(),
        }
    )


def make_message(**fields: Any) -> Message:
    """A queued message to somebody who agreed to receive it."""
    campaign = fields.pop("campaign", None) or make_campaign(status="running", send_at=timezone.now())
    detail = fields.pop("detail", None)
    if detail is None:
        detail = make_detail()
        make_consent(detail, campaign.purpose, channel=campaign.channel)
    return Message.objects.create(campaign=campaign, detail=detail, **fields)


def make_marketer(**fields: Any) -> User:
    """Somebody who may run campaigns, and nothing else."""
    number = next(_numbers)
    user = User.objects.create_user(
        **{"username": f"marketer-{number}", "email": f"marketer-{number}@maison.example.test", **fields}
    )
    user.groups.add(Group.objects.get(name="Marketers"))
    return user
