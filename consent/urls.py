from django.urls import path, re_path

from consent import views

urlpatterns = [
    path("brand/<slug:colour>.css", views.brand, name="brand"),
    re_path(r"^pictures/(?P<digest>[0-9a-f]{64})\.(?P<extension>png|jpg)$", views.picture, name="picture"),
]
