from django.urls import path

from consent import views

urlpatterns = [
    path("brand/<slug:colour>.css", views.brand, name="brand"),
]
