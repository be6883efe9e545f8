from django.contrib.admin.apps import AdminConfig


class LoyalAdminConfig(AdminConfig):
    default_site = "config.admin_site.LoyalAdminSite"
