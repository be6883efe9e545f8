from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "api"
    verbose_name = _("Program interface")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from api import person_record  # noqa: F401 it registers itself
