"""What readers of campaigns meet."""

from django.urls import path

from campaigns.views import link

urlpatterns = [path("l/<str:token>/", link.follow, name="follow_link")]
