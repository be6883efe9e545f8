from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ProspectsConfig(AppConfig):
    name = "prospects"
    verbose_name = _("Prospects")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from prospects.access import create_groups

        # After the receiver of django.contrib.auth, connected before this one, has made the permission.
        post_migrate.connect(create_groups, sender=self)
