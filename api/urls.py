"""Version 1 of the interface, with its document and a page to try it on, served by Loyal itself."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from api import views, webhook_views
from api.describing import Interface
from api.problems import Problem, answer_problems
from api.routes import campaigns, consent, dealings, permissions, signups

api = Interface(
    title="Loyal",
    version="1",
    description="Every request brings a key. Errors are problem details (RFC 9457). Moments carry their offset.",
    urls_namespace="api",
)
answer_problems(api)
for router, tag in (
    (signups.router, "signups"),
    (dealings.router, "dealings"),
    (consent.router, "consent"),
    (permissions.router, "permissions"),
    (campaigns.router, "campaigns"),
):
    api.add_router("", router, tags=[tag])


def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """Tell programs in their own way that there is no such address."""
    return Problem(404, "unknown", "There is no such address here.").answer()


urlpatterns = [
    path("keys/", views.keys, name="api_keys"),
    path("keys/<int:pk>/revoke/", views.revoke, name="revoke_api_key"),
    path("webhooks/", webhook_views.webhooks, name="webhooks"),
    path("webhooks/<int:pk>/", webhook_views.webhook, name="webhook"),
    path("webhooks/<int:pk>/replay/", webhook_views.replay_deliveries, name="replay_deliveries"),
    path("webhooks/<int:pk>/remove/", webhook_views.remove_webhook, name="remove_webhook"),
    path("api/v1/", api.urls),
    path("api/<path:rest>", nothing_here, name="no_api"),
]
