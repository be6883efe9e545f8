"""Which boxes a notice shows today."""

from datetime import datetime

from consent.models import Box, Notice
from consent.opt_outs import information_suffices


def boxes_shown(notice: Notice, *, at: datetime) -> list[Box]:
    """Return the boxes that the law in force at that moment lets a form show, in the order that staff gave them.

    A box "I do not want …" disappears on the day from which its channel needs a yes: nobody counts as informed by it.
    """
    return [box for box in notice.all_boxes if box.kind == Box.Kind.OPT_IN or information_suffices(box.channel, at=at)]
