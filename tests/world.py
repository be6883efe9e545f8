"""An installation in the middle of its life: the demonstration, with one of everything that only daily work brings."""

from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.utils import timezone
from django_celery_beat.models import ClockedSchedule, IntervalSchedule, SolarSchedule

from api.keys import make_key
from api.models import Delivery, Endpoint, Event, Scope
from campaigns.models import Campaign, Link, Message, Reply, Template
from consent.address_keys import address_key
from consent.models import Notice, Scan, SignupForm
from prospects.change_of_address import ask
from prospects.models import ContactDetail, ExtraField, PendingSignup, PurgeRun, RightsRequest, SourceRefusal
from prospects.rights import asking as rights
from prospects.rights.granting import prove

LETTERS = {"M": "marketing", "O": "operator", "D": "dpo", "A": "administrator", "S": "admin"}


def settle() -> None:
    """Load the demonstration, and add one of everything that only daily work brings."""
    settings.DEMO = True
    call_command("load_demo", verbosity=0)
    now = timezone.now()
    administrator = User.objects.create_user("administrator", "administrator@example.test", is_staff=True)
    administrator.groups.add(Group.objects.get(name="Administrators"))
    User.objects.create_user("leaves", "leaves@example.test", first_name="Ève", last_name="Part", is_active=True)
    make_key("Boutique en ligne", [Scope.SIGNUPS, Scope.PURCHASES], by=administrator)
    endpoint = Endpoint.objects.create(
        name="Comptabilité", url="https://erp.example.test/loyal", events=list(Event.values), created_by=administrator
    )
    Delivery.objects.create(endpoint=endpoint, event=Event.OBJECTION_RECORDED, subject="address", data={}, answer="503")
    form = SignupForm.objects.get(slug="lettre")
    PendingSignup.objects.create(
        form=form,
        notice=form.notice,
        language="fr",
        status=PendingSignup.Status.WAITING,
        address_key=address_key("email", "iris@example.test"),
        answers={"email": "iris@example.test"},
        signed_up_at=now,
        expires_at=now + timedelta(days=7),
    )
    Notice.objects.create(code="lettre", version=2, information_fr="Nouveau texte.", information_en="New words.")
    detail = reader()
    Scan.objects.create(
        digest=sha256(b"paper").hexdigest(),
        content_type="image/png",
        content=(settings.BASE_DIR / "docs/images/campaign.png").read_bytes(),
        address_keys=[detail.address_key],
        given_at=now,
    )
    ExtraField.objects.create(slug="taille", label_fr="Taille du jardin", label_en="Size of the garden", why="Conseil")
    ask(detail.address_key, "ailleurs@example.test", language="fr", at=now)
    ask_about_data(detail)
    message = Message.objects.filter(detail=detail).latest("pk")
    Reply.objects.create(
        prospect=detail.prospect, message=message, text="Merci, pas cette fois.", verdict="doubtful", at=now
    )
    done = Campaign.objects.filter(status="done").latest("launched_at")
    Link.objects.create(campaign=done, url="https://jardins.example.test/ail", clicks=12)
    Campaign.objects.create(
        name="Lettre de janvier",
        purpose=done.purpose,
        subject="Le jardin en janvier",
        body="Bonjour {{ first_name }},",
        status="awaiting_approval",
        send_at=now + timedelta(days=20),
        requested_by=administrator,
    )
    Template.objects.create(name="Lettre", language="fr", format="markdown", subject="La lettre", body="Bonjour")
    PurgeRun.objects.create(started_at=now, finished_at=now, silent_before=now - timedelta(days=1096))
    SourceRefusal.objects.create(day=now.date(), door="import", count=3)
    ClockedSchedule.objects.create(clocked_time=now)
    SolarSchedule.objects.create(event="dawn_civil", latitude=48.8, longitude=2.3)
    IntervalSchedule.objects.get_or_create(every=10, period="seconds")
    LogEntry.objects.create(
        user=administrator,
        content_type=ContentType.objects.get_for_model(form),
        object_id=str(form.pk),
        object_repr=str(form),
        action_flag=CHANGE,
    )


def ask_about_data(detail: ContactDetail) -> None:
    """One wish whose link waits, and one request whose file may be taken, beside the one that staff have to answer."""
    now = timezone.now()
    rights.ask("rectification", detail.address, language="fr", at=now)
    rights.ask("portability", detail.address, language="fr", at=now)
    prove(RightsRequest.objects.get(right="portability").pk, at=now)


def reader() -> ContactDetail:
    """Somebody who got the latest letter."""
    done = Campaign.objects.filter(status="done").latest("launched_at")
    return ContactDetail.objects.filter(messages__campaign=done, messages__status="sent").earliest("pk")


def account(letter: str) -> User:
    return User.objects.get(username=LETTERS[letter])
