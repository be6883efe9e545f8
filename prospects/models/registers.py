"""What was done with personal data, told without any."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PurgeRun(models.Model):
    """One run of the purge: counts, bounds and duration."""

    started_at = models.DateTimeField(_("started on"))
    finished_at = models.DateTimeField(_("finished on"), null=True)
    silent_before = models.DateTimeField(_("silent since before"))
    erased_prospects = models.PositiveBigIntegerField(_("prospects erased"), default=0)
    erased_details = models.PositiveBigIntegerField(_("details erased"), default=0)
    lapsed_permissions = models.PositiveBigIntegerField(_("permissions lapsed"), default=0)
    erased_proofs = models.PositiveBigIntegerField(_("proofs erased at their own term"), default=0)
    figures = models.JSONField(_("other figures"), default=dict)

    class Meta:
        verbose_name = _("purge")
        verbose_name_plural = _("register of purges")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class SourceRefusal(models.Model):
    """How many details from the public web were refused at one door on one day. The details were not kept."""

    day = models.DateField(_("day"))
    door = models.CharField(_("door"), max_length=20)
    count = models.PositiveBigIntegerField(_("count"), default=0)

    class Meta:
        verbose_name = _("refusal of a forbidden source")
        verbose_name_plural = _("refusals of forbidden sources")
        ordering = ["-day", "door"]
        constraints = [models.UniqueConstraint(fields=["day", "door"], name="one_refusal_count_per_day_and_door")]

    def __str__(self) -> str:
        return f"{self.day} {self.door}: {self.count}"
