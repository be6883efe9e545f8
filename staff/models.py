from django.db import models
from django.utils.translation import gettext_lazy as _


class Grant(models.Model):
    """A permission that a role was given once: never given again by itself, so that what was taken away stays away."""

    role = models.CharField(_("role"), max_length=150)
    permission = models.CharField(_("permission"), max_length=255)

    class Meta:
        verbose_name = _("permission given to a role")
        verbose_name_plural = _("permissions given to roles")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["role", "permission"], name="each_permission_is_given_once")]

    def __str__(self) -> str:
        return f"{self.role}: {self.permission}"
