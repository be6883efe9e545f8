from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        from staff.roles import create_groups

        # Once the last app with models has been told of: every permission has been made by then.
        post_migrate.connect(create_groups, sender=apps.get_app_config("api"))
