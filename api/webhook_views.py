"""Webhooks: which programs are told of what, and what became of each delivery."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from api.access import KEEP_KEYS
from api.forms import EndpointForm
from api.models import Delivery, Endpoint
from api.webhooks.delivering import replay
from api.webhooks.signing import secret_of
from prospects.access import allowed_to

_WAITING, _GIVEN_UP = Q(deliveries__status="waiting"), Q(deliveries__status="given_up")


@allowed_to(KEEP_KEYS)
def webhooks(request: HttpRequest) -> HttpResponse:
    """Every webhook, and a form for a new one."""
    form = EndpointForm(request.POST or None)
    if form.is_valid():
        endpoint = form.save(commit=False)
        endpoint.created_by = cast(User, request.user)
        endpoint.save()
        return redirect("webhook", endpoint.pk)
    listed = Endpoint.objects.annotate(
        waiting=Count("deliveries", filter=_WAITING), given_up=Count("deliveries", filter=_GIVEN_UP)
    )
    return render(request, "api/webhooks.html", {"form": form, "endpoints": listed})


@allowed_to(KEEP_KEYS)
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook: what it is told, its secret, its deliveries."""
    endpoint = get_object_or_404(Endpoint, pk=pk)
    form = EndpointForm(request.POST or None, instance=endpoint)
    if form.is_valid():
        form.save()
        messages.success(request, _("The webhook is kept."))
        return redirect("webhook", pk)
    page = Paginator(endpoint.deliveries.order_by("-pk"), 50).get_page(request.GET.get("page"))
    context = {"endpoint": endpoint, "form": form, "page": page, "secret": secret_of(endpoint)}
    return render(request, "api/webhook.html", context)


@require_POST
@allowed_to(KEEP_KEYS)
def replay_deliveries(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell one delivery again, or every one that was given up."""
    deliveries = Delivery.objects.filter(endpoint_id=pk).exclude(status=Delivery.Status.WAITING)
    chosen = request.POST.get("delivery", "")
    if chosen.isdecimal():
        deliveries = deliveries.filter(pk=int(chosen))
    else:
        deliveries = deliveries.filter(status=Delivery.Status.GIVEN_UP)
    count = replay(deliveries, at=timezone.now())
    messages.success(request, _("To be told again: %(count)s.") % {"count": count})
    return redirect("webhook", pk)


@require_POST
@allowed_to(KEEP_KEYS)
def remove_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a webhook, with what still waits for it."""
    get_object_or_404(Endpoint, pk=pk).delete()
    messages.success(request, _("The webhook is told nothing any more."))
    return redirect("webhooks")
