from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProspectsConfig(AppConfig):
    name = "prospects"
    verbose_name = _("Prospects")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from prospects.exports import registers  # noqa: F401 the lists register themselves
        from prospects.rights import sections  # noqa: F401 so do the sections of a person's record
