from django.utils.translation import gettext_lazy as _

from prospects.models.detail import Source


class UntoldSource(Source):
    """A source whose person was not told at collection (GDPR art. 14): the same row, listed apart for staff."""

    class Meta:
        proxy = True
        verbose_name = _("detail whose person is still to be told")
        verbose_name_plural = _("details whose person is still to be told")
