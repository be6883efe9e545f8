"""What a writing page sends beside its words: pictures for its sections, and the button that was pressed."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from campaigns import illustrations
from campaigns.access import MarketerRequest
from campaigns.sections import KINDS, changed

if TYPE_CHECKING:
    from campaigns.forms import CampaignForm


def put_pictures(request: MarketerRequest, form: "CampaignForm") -> int:
    """Put the pictures that came with a page into its sections, do what its button asks, and say where to go on."""
    for place, section in enumerate(form.sections):
        for part in KINDS[section["kind"]].parts:
            if (upload := request.FILES.get(f"section-{place}-{part.name}-file")) is None:
                continue
            try:
                section[part.name] = illustrations.add(upload, by=request.user).picture_id
            except ValidationError as error:
                form.picture_problems += error.messages
    form.sections, focus = changed(form.sections, request.POST.get("act", ""))
    return focus
