from collections.abc import Callable
from smtplib import SMTPException
from typing import Any, cast

import structlog
from django.contrib import messages
from django.contrib.auth.models import User
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consent.models import Notice, Organisation, Sender, SignupForm
from prospects.access import allowed_to
from prospects.links import absolute
from prospects.mail import compose
from staff.roles import SET_UP
from staff.setup.forms import FormStep, NoticeStep, OrganisationStep, SenderStep
from staff.setup.steps import Step, steps

log = structlog.get_logger(__name__)

Keep = Callable[[HttpRequest, Any], bool]


@allowed_to(SET_UP)
def setup(request: HttpRequest) -> HttpResponse:
    """Take up the path where it was left; at its end, say what is there."""
    found = steps()
    for step in found:
        if not step.is_done:
            return redirect("setup_step", step.slug)
    form = SignupForm.objects.open_to_the_public().first()
    address = absolute("signup", form.slug) if form else ""
    return render(request, "staff/setup/done.html", {"steps": found, "address": address})


@allowed_to(SET_UP)
def setup_step(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one step and keep what is entered. Nobody skips a step that an earlier one is needed for."""
    found = steps()
    place = next((number for number, step in enumerate(found) if step.slug == slug), None)
    if place is None:
        raise Http404
    if not all(step.is_done for step in found[:place]):
        return redirect("setup")
    form = _form_of(slug, request)
    if form.is_valid() and _KEEP[slug](request, form):
        return redirect("setup")
    context = {"form": form, "steps": found, "step": found[place], "number": place + 1, **_around(found[place])}
    return render(request, "staff/setup/step.html", context)


def _form_of(slug: str, request: HttpRequest) -> BaseForm:
    data = request.POST if request.method == "POST" else None
    organisation = Organisation.objects.current()
    if slug == "organisation":
        return OrganisationStep(data, instance=organisation)
    if slug == "notice":
        return NoticeStep(data, initial=NoticeStep.to_start_from(organisation))
    if slug == "form":
        purpose = Notice.objects.published().latest("published_at").boxes.first()
        titles = {"title_fr": purpose.purpose.name_fr, "title_en": purpose.purpose.name_en} if purpose else {}
        return FormStep(data, initial=titles)
    sender = Sender.objects.default()
    initial = {} if sender.address else {"name": organisation.name, "address": organisation.email}
    return SenderStep(data, instance=sender, initial=initial, user=cast(User, request.user))


def _around(step: Step) -> dict[str, Any]:
    return {"notices": Notice.objects.published()} if step.slug == "notice" else {}


def _keep(request: HttpRequest, form: Any) -> bool:
    form.save()
    return True


def _keep_notice(request: HttpRequest, form: NoticeStep) -> bool:
    return form.save()


def _keep_sender(request: HttpRequest, form: SenderStep) -> bool:
    """Send a mail to whoever is signed in; the step is done once the server took it."""
    form.save()
    to = form.user.email
    try:
        compose("setup_test", to, get_language() or "fr", {"check": absolute("checkup")}).send()
    except (SMTPException, OSError) as error:
        log.warning("the test mail did not leave", error=type(error).__name__)
        form.add_error(None, _("The mail server did not take the test. The check-up says why."))
        return False
    Organisation.objects.filter(pk=1).update(sender_tested_at=timezone.now())
    messages.success(request, _("A test is on its way to %(address)s.") % {"address": to})
    return True


_KEEP: dict[str, Keep] = {"organisation": _keep, "notice": _keep_notice, "form": _keep, "sender": _keep_sender}
