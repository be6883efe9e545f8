"""The keys of programs: made, shown once, revoked."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from api.access import KEEP_KEYS
from api.forms import KeyForm
from api.keys import make_key
from api.models import ApiKey
from prospects.access import allowed_to


@allowed_to(KEEP_KEYS)
def keys(request: HttpRequest) -> HttpResponse:
    """Every key, and a form for a new one, whose secret is shown in the answer and never again."""
    form = KeyForm(request.POST or None)
    secret = ""
    if form.is_valid():
        said = form.cleaned_data
        _key, secret = make_key(
            said["name"],
            said["scopes"],
            by=cast(User, request.user),
            expires_at=form.expires_at(),
            per_minute=said["per_minute"],
        )
        form = KeyForm()
    listed = ApiKey.objects.select_related("created_by")
    now = timezone.now()
    return render(request, "api/keys.html", {"form": form, "keys": listed, "secret": secret, "now": now})


@require_POST
@allowed_to(KEEP_KEYS)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a key at once."""
    key = get_object_or_404(ApiKey, pk=pk)
    if ApiKey.objects.filter(pk=pk, revoked_at=None).update(revoked_at=timezone.now()):
        messages.success(request, _("The key “%(name)s” opens nothing any more.") % {"name": key.name})
    return redirect("api_keys")
