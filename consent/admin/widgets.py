"""Django's admin widgets, with names that a screen reader can say."""

from typing import Any

from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils.translation import gettext_lazy as _


class SplitDateTime(AdminSplitDateTime):
    """A day and a time, each with its name."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget, name in zip(self.widgets, (_("Day"), _("Time")), strict=True):
            widget.attrs["aria-label"] = name
