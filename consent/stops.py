"""What a stop token asks for, recorded: whichever door it comes by, a page, a mail program or a mail."""

from datetime import datetime

from consent.acts import record_stop
from consent.models import Purpose
from consent.stop_links import Stop


def obey(stop: Stop, *, everything: bool = False, at: datetime, origin: str) -> bool:
    """Record the stop; False where it stands already. Of a purpose that is no more, or none, the channel is stopped."""
    named = not everything and Purpose.objects.filter(pk=stop.purpose_id).exists()
    return record_stop(
        stop.address_key,
        channel=None if everything else stop.channel,
        purpose_id=stop.purpose_id if named else None,
        at=at,
        origin=origin,
        key_id=stop.key_id,
    )
