from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.models import SignupForm
from prospects.models.extra import ExtraField


class Question(models.Model):
    """An extra field that a signup form asks for."""

    form = models.ForeignKey(SignupForm, models.CASCADE, related_name="questions", verbose_name=_("signup form"))
    field = models.ForeignKey(ExtraField, models.CASCADE, related_name="questions", verbose_name=_("extra field"))
    is_required = models.BooleanField(
        _("must be answered"),
        default=False,
        help_text=_(
            "Only on a form that asks for an answer from you, and only for what you cannot answer without: no offer, "
            "file or page may depend on more than it needs (GDPR art. 5(1)(c) and 7(4))."
        ),
    )

    class Meta:
        verbose_name = _("question about an extra field")
        verbose_name_plural = _("questions about extra fields")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "field"],
                name="a_form_asks_once",
                violation_error_message=_("The form asks for this field already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.field)

    def clean(self) -> None:
        if self.is_required and not self.may_be_required:
            raise ValidationError(
                {"is_required": gettext("Only a form whose answer staff send may require an extra field.")}
            )

    @property
    def may_be_required(self) -> bool:
        """Whether the form promises an answer that may depend on this one."""
        return self.form.resource == SignupForm.Resource.REQUEST
