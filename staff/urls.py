from django.urls import path

from staff.views import start

urlpatterns = [
    path("start/", start.start, name="start"),
    path("operations/", start.operations, name="operations"),
]
