"""What programs say of extra fields is checked as what people type, and corrects nothing that is known."""

import pytest

from prospects.models import ExtraField, PendingSignup, Prospect, Question
from tests.api.test_dealings_and_consent import bought
from tests.api.test_signups import choose, signup
from tests.factories import make_form
from tests.prospects.signing_up import confirmation_link

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def field(db):
    return ExtraField.objects.create(slug="shoe_size", label_fr="Pointure", kind="number", why="Chaussures")


def customer(**extra):
    return {"email": "camille@example.test", "extra": extra}


def test_a_customer_comes_with_extra_fields(program, family):
    assert program.post("/purchases", bought(customer=customer(shoe_size=41.5))).status_code in (200, 201)

    assert Prospect.objects.get().extra == {"shoe_size": 41.5}


def test_what_is_known_stays(program, family):
    program.post("/purchases", bought(customer=customer(shoe_size=41)))
    program.post("/purchases", bought(customer=customer(shoe_size=42), reference="13"))

    assert Prospect.objects.get().extra == {"shoe_size": 41}


@pytest.mark.parametrize("extra", [{"shoe_size": "large"}, {"shoe_size": True}, {"hat_size": 57}, {"shoe_size": [41]}])
def test_what_does_not_fit_is_refused_and_nothing_is_recorded(program, family, extra):
    assert program.post("/purchases", bought(customer=customer(**extra))).status_code == 422

    assert not Prospect.objects.exists()


def test_a_signup_brings_what_its_form_asks_and_no_more(program, client, mailbox, field):
    form = make_form(slug="lettre", asks_name=True)
    refused = program.post("/signups", signup(form, extra={"shoe_size": 41}))
    assert refused.status_code == 422 and not PendingSignup.objects.exists()

    Question.objects.create(form=form, field=field)
    assert program.post("/signups", signup(form, extra={"shoe_size": 41})).status_code == 202
    choose(client, confirmation_link(mailbox, "camille@example.test"), tick=form.notice.boxes.all())

    assert Prospect.objects.get().extra == {"shoe_size": 41}


@pytest.fixture
def family(db):
    from prospects.models import Family

    return Family.objects.create(path="garden", name_fr="Jardin")
