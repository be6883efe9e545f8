"""What readers of campaigns meet, and the mail providers that tell what came back from them."""

from django.urls import include, path

from campaigns import channels
from campaigns.views import in_browser, link, returns

urlpatterns = [
    path("l/<str:token>/", link.follow, name="follow_link"),
    path("v/<str:token>/<str:word>/", in_browser.view_in_browser, name="view_in_browser"),
    *(path(f"returns/{name}/", include(list(channel.return_urls()))) for name, channel in channels.every().items()),
    path("returns/<slug:provider>/", returns.receive, name="returns"),
]
