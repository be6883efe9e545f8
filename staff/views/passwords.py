"""How one gets a first, another or a new password. What is answered never says who has an account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from prospects.limits import closed_for_a_moment, limited
from staff.accounts import accounts_at, invitation_tokens
from staff.forms import AddressForm
from staff.tasks import send_password_links


@never_cache
@limited("password_link", "POST")
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link to a new password. Whoever asks, one question and one task lead to the same answer."""
    form = AddressForm(request.POST or None)
    if form.is_valid():
        try:
            send_password_links.delay(accounts_at(form.cleaned_data["email"]), get_language() or "fr")
        except (OperationalError, RedisError):
            return closed_for_a_moment(request)
        return redirect("password_link_sent")
    return render(request, "staff/passwords/forgotten.html", {"form": form})


def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "staff/passwords/sent.html")


class NewPassword(views.PasswordResetConfirmView):
    """Choose a password by the link in a mail; the link is then spent, and other sessions end."""

    template_name = "staff/passwords/choose.html"
    success_url = reverse_lazy("start")
    post_reset_login = True
    post_reset_login_backend = "django.contrib.auth.backends.ModelBackend"
    title = ""

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your password is kept. You are signed in."))
        return super().form_valid(form)


class AcceptInvitation(NewPassword):
    token_generator = invitation_tokens
    extra_context = {"is_invitation": True}


class ChangePassword(views.PasswordChangeView):
    template_name = "staff/passwords/change.html"
    success_url = reverse_lazy("start")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your password is changed. Wherever else you were signed in, you are out."))
        return super().form_valid(form)
