"""Version 1 of the interface, with its document and a page to try it on, served by Loyal itself."""

from django.urls import path

from api.describing import Interface
from api.problems import answer_problems
from api.routes import campaigns, consent, dealings, permissions

api = Interface(
    title="Loyal",
    version="1",
    description="Every request brings a key. Errors are problem details (RFC 9457). Moments carry their offset.",
    urls_namespace="api",
)
answer_problems(api)
for router, tag in (
    (dealings.router, "dealings"),
    (consent.router, "consent"),
    (permissions.router, "permissions"),
    (campaigns.router, "campaigns"),
):
    api.add_router("", router, tags=[tag])

urlpatterns = [path("api/v1/", api.urls)]
