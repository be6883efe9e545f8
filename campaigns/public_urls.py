"""What readers of campaigns meet, and the mail providers that tell what came back from them."""

from django.urls import path

from campaigns.views import link, returns

urlpatterns = [
    path("l/<str:token>/", link.follow, name="follow_link"),
    path("returns/<slug:provider>/", returns.receive, name="returns"),
]
