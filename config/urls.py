"""Every address of the site."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from config import health
from staff.sign_in import sign_in

handler500 = "config.errors.server_error"

urlpatterns = [
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("admin/", admin.site.urls),
    path("login/", sign_in, name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("campaigns/", include("campaigns.urls")),
    path("", include("staff.urls")),
    path("", include("campaigns.public_urls")),
    path("", include("api.urls")),
    path("", include("consent.urls")),
    path("", include("prospects.urls")),
]
