"""Turning something on again: by whoever has just proved that they read the address's mail."""

from datetime import datetime
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import QueryDict

from consent.acts import confirmed, given, informed, lock, record_acts
from consent.boxes import boxes_shown
from consent.forms import box_fields, box_name
from consent.models import Act, Box, SignupForm
from consent.preferences import State, preferences
from consent.vocabulary import Channel
from prospects.intake import record_interaction
from prospects.models import ContactDetail, Interaction


class BoxesForm(forms.Form):
    """Boxes that somebody may tick, each shown with the notice that it belongs to: unticked, as everywhere."""

    def __init__(self, boxes: list[Box], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.boxes = boxes
        self.fields |= box_fields(self.boxes)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-check-input"

    def rows(self) -> list[tuple[Box, forms.BoundField]]:
        """Each box with its field, to be shown beside the notice it belongs to."""
        return [(box, self[box_name(box)]) for box in self.boxes]

    def ticked(self) -> list[Box]:
        return [box for box in self.boxes if self.cleaned_data[box_name(box)]]


class TurnOnForm(BoxesForm):
    """The e-mail boxes that this person has not ticked, or has refused since."""

    def __init__(self, detail: ContactDetail, data: QueryDict | None = None, *, at: datetime) -> None:
        super().__init__(offered(detail, at=at), data)


def offered(detail: ContactDetail, *, at: datetime) -> list[Box]:
    """Return, for each purpose that is not on, the box that an open form shows for it today."""
    on = {
        preference.purpose.pk
        for preference in preferences(detail.address_key)
        if preference.state is State.ON and preference.channel is Channel.EMAIL
    }
    return [box for box in on_offer(at=at) if box.purpose_id not in on]


def on_offer(*, at: datetime) -> list[Box]:
    """Return, for each purpose that open forms ask about by e-mail, the box that they show for it today."""
    boxes: dict[int, Box] = {}
    for form in (
        SignupForm.objects.open_to_the_public().select_related("notice").order_by("-notice__published_at", "pk")
    ):
        for box in boxes_shown(form.notice, at=at):
            if box.channel == Channel.EMAIL and box.kind == Box.Kind.OPT_IN:
                boxes.setdefault(box.purpose_id, box)
    return list(boxes.values())


@transaction.atomic
def turn_on(detail: ContactDetail, boxes: list[Box], *, language: str, network: str, at: datetime) -> None:
    """Record a yes to each box, confirmed at once: the link that was pressed came by mail to this very address."""
    lock([detail.address_key])
    agree(detail.address_key, detail.key_id, boxes, language=language, network=network, at=at)
    record_interaction(detail.prospect, Interaction.Kind.CONFIRMED, at)


def agree(key: UUID, key_id: int, boxes: list[Box], *, language: str, network: str, at: datetime) -> None:
    """Record a yes to each box by whoever reads the mail of this address. The caller holds its lock."""
    shown = {"origin": Act.Origin.PREFERENCES, "evidence": {"proof": "link mailed to the address", "network": network}}
    notices = {box.notice_id: box.notice for box in boxes}.values()
    acts = [informed(key, at=at, notice=notice, language=language, **shown) for notice in notices]
    for box in boxes:
        yes = given(key, box, at=at, needs_confirmation=True, language=language, **shown)
        acts += [yes, confirmed(yes, at=at, **shown)]
    for act in acts:
        act.key_id = key_id
    record_acts(acts)
