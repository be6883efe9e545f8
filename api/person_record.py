"""What programs were told of a person, for whoever asks who received their data."""

from typing import LiteralString

from django.utils.translation import gettext_lazy as _

from api.models import Delivery, Event
from prospects.rights.record import Column, Section, add_section

# A subject is an address key, or the number of a person: see the triggers that write deliveries.
_TOLD: LiteralString = """
SELECT coalesce(delivery.ended_at, delivery.happened_at), endpoint.name, endpoint.url, delivery.event, delivery.status,
    CASE WHEN endpoint.tells_address THEN 'yes' ELSE 'no' END, delivery.data::text
FROM api_delivery AS delivery JOIN api_endpoint AS endpoint ON endpoint.id = delivery.endpoint_id
WHERE delivery.subject = ANY({keys}::uuid[]::text[]) OR delivery.subject = 'person ' || {prospect}
ORDER BY delivery.id
"""

add_section(
    Section(
        "programs_told",
        _("Programs that were told"),
        ("api.Delivery",),
        (
            Column("at", _("on")),
            Column("program", _("program")),
            Column("address_of_program", _("address of the program")),
            Column("event", _("was told that"), dict(Event.choices)),
            Column("status", _("status"), dict(Delivery.Status.choices)),
            Column("told_address", _("told your address"), {"yes": _("yes"), "no": _("no")}),
            Column("data", _("data"), is_json=True),
        ),
        _TOLD,
    )
)
