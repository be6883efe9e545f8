"""Signups on the organisation's own site: details come in, consents do not. Their owner is asked by mail, by Loyal."""

from typing import Literal

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from api.describing import problems, told
from api.idempotency import idempotent
from api.keys import KeyFor, key_of
from api.models import Scope
from api.problems import Problem
from api.schemas import Addresses, LanguageName, Noted, Slug, Strict, Text
from consent.models import SignupForm
from consent.vocabulary import Language
from prospects.intake import Person
from prospects.signup import receive_details

router = Router()


class Details(Addresses, Noted):
    """What somebody typed. There is no field for a tick: nobody ticks a box but its reader, on Loyal's page."""

    email: Text = Field(min_length=1, description="Where Loyal asks its owner to confirm and to choose.")
    first_name: Text = Field("", max_length=100)
    last_name: Text = Field("", max_length=100)
    language: LanguageName = Language.FRENCH.value


class SignupAsked(Strict):
    """A signup for a form of Loyal's, by the version of the notice that the program knows."""

    form: Slug = Field(description="The form's address on Loyal, such as `newsletter`.")
    version: int = Field(ge=1, le=1_000_000, description="Of the notice that the form shows.")
    person: Details
    page: Text = Field("", description="Where the details were typed: the page of your site.")


class SignupReceived(Schema):
    """The one answer, whoever signs up, known or not."""

    status: Literal["to_confirm"] = "to_confirm"


@router.post("/signups", auth=KeyFor(Scope.SIGNUPS), response={202: SignupReceived}, **problems(404, 409))
@idempotent
@told
def sign_somebody_up(request: HttpRequest, signup: SignupAsked) -> Status[SignupReceived]:
    """Sign somebody up from your own site. Nobody is a prospect yet, and nothing is agreed to.

    Loyal mails the person, at most once a day; on its own page they meet the notice and its boxes, unticked. What
    they press there is the consent, and nothing else is.
    """
    form = SignupForm.objects.open_to_the_public().select_related("notice").filter(slug=signup.form).first()
    if form is None:
        raise Problem(404, "unknown", "No such form is open.")
    if signup.version != form.notice.version:
        raise Problem(409, "notice", f"The form shows version {form.notice.version} of its notice now.")
    person, addresses = signup.person, signup.person.by_medium()
    for medium in addresses:
        if not form.asks_for(medium):
            raise ValidationError(f"The form does not ask for what you sent as “{medium}”.")
    if not form.asks_name and (person.first_name or person.last_name):
        raise ValidationError("The form does not ask for a name.")
    if not person.extra.keys() <= {question.field.slug for question in form.questions.all()}:
        raise ValidationError("The form does not ask for an extra field that you sent.")
    receive_details(
        form,
        Person(
            first_name=person.first_name, last_name=person.last_name, language=person.language, extra=person.noted()
        ),
        addresses,
        page=signup.page or key_of(request).name,
        at=timezone.now(),
    )
    return Status(202, SignupReceived())
