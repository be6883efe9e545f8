"""Where django-newsletter answers."""

from django.urls import include, path

urlpatterns = [path("newsletter/", include("newsletter.urls"))]
