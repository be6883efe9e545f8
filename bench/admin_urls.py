"""The site, and beside its admin the same list as Django makes it when told nothing but its columns."""

from django.contrib import admin
from django.urls import include, path

from consent.admin.base import ModelAdmin
from prospects.models import Prospect


class StockAdmin(ModelAdmin):
    list_display = ["first_name", "last_name", "kind", "company", "activity"]
    list_filter = ["kind", "language"]
    list_select_related = ["activity"]
    list_per_page = 50
    search_fields = ["first_name", "last_name", "company", "details__address"]


stock = admin.AdminSite("stock")
stock.register(Prospect, StockAdmin)

urlpatterns = [path("stock/", stock.urls), path("", include("config.urls"))]
