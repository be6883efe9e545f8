from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """One file brought in: how it was read, what was declared of it, how far it has come, and what became of it."""

    class Kind(models.TextChoices):
        CONTACTS = "contacts", _("contacts")
        PURCHASES = "purchases", _("purchases")
        CONTRACTS = "contracts", _("contracts")
        INTERACTIONS = "interactions", _("interactions")
        OBJECTIONS = "objections", _("objections")

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        RUNNING = "running", _("being imported")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.CONTACTS)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.UPLOADED)
    file_name = models.CharField(_("file"), max_length=255)
    upload = models.CharField(
        max_length=100, editable=False, help_text=_("Its name among the uploads; empty once erased.")
    )
    sha256 = models.CharField(max_length=64, editable=False)
    file_format = models.JSONField(default=dict, editable=False)
    columns = models.JSONField(default=dict, editable=False, help_text=_("Which column holds which field."))
    declaration = models.JSONField(default=dict, editable=False)
    in_background = models.BooleanField(default=True, editable=False)

    lines = models.PositiveIntegerField(_("lines"), default=0)
    figures = models.JSONField(_("figures"), default=dict, editable=False)
    check_figures = models.JSONField(default=dict, editable=False)
    undo_figures = models.JSONField(default=dict, editable=False)
    problem = models.TextField(_("problem"), blank=True, editable=False)

    uploaded_at = models.DateTimeField(_("uploaded on"), db_default=Now(), editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("uploaded by"), null=True, editable=False
    )
    started_at = models.DateTimeField(_("started on"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished on"), null=True, editable=False)
    undone_at = models.DateTimeField(_("undone on"), null=True, editable=False)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        permissions = [("import_contacts", _("Can import contacts"))]

    def __str__(self) -> str:
        return gettext("Import № %(number)s: %(kind)s") % {"number": self.pk, "kind": self.get_kind_display()}

    def get_absolute_url(self) -> str:
        return reverse("import", args=[self.pk])


class ImportLane(models.Model):
    """How far one lane of an import has come. Lanes share no e-mail address, so that two may run at once."""

    run = models.ForeignKey(Import, models.CASCADE, related_name="lanes")
    lane = models.PositiveSmallIntegerField()
    last_line = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    mark = models.CharField(max_length=20, blank=True, help_text=_("The transaction that wrote the last line."))

    class Meta:
        verbose_name = _("lane of an import")
        verbose_name_plural = _("lanes of an import")
        constraints = [models.UniqueConstraint(fields=["run", "lane"], name="one_row_per_lane")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.lane}"


class ImportRow(models.Model):
    """What became of one line, and what an undo takes back. Its text is kept where it was refused, for 30 days."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("created")
        UPDATED = "updated", _("updated")
        UNCHANGED = "unchanged", _("unchanged")
        REFUSED = "refused", _("refused")

    pk = models.CompositePrimaryKey("import_id", "line")
    # No constraint, and none on what the line made: a report outlives both, and a million rows are checked for nothing.
    import_id = models.BigIntegerField()
    line = models.IntegerField(_("line"))
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=30, blank=True)
    notes = ArrayField(models.CharField(max_length=40), null=True)
    cells = ArrayField(models.TextField(), null=True)
    prospect_id = models.BigIntegerField(null=True)
    detail_ids = ArrayField(models.BigIntegerField(), null=True)
    gains = models.JSONField(null=True, help_text=_("What else the line brought to somebody known, for the undo."))
    undone = models.CharField(max_length=10, null=True)

    class Meta:
        verbose_name = _("imported line")
        verbose_name_plural = _("imported lines")
        ordering = ["import_id", "line"]
        indexes = [
            models.Index(
                fields=["import_id", "line"],
                condition=~Q(outcome="created") & ~Q(outcome="unchanged"),
                name="told_lines",
            ),
            models.Index(fields=["prospect_id"], condition=Q(gains__isnull=False), name="lines_that_know_values"),
        ]

    def __str__(self) -> str:
        return f"{self.import_id}:{self.line}"
