from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from campaigns import checks  # noqa: F401 the checks register themselves
        from campaigns.access import create_marketers_group

        # After the receiver of django.contrib.auth, connected before this one, has made the permission.
        post_migrate.connect(create_marketers_group, sender=self)
