"""One address of each page of the site, in the world of `tests.world`, and why some addresses are no pages."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from api.models import Endpoint
from campaigns.models import Campaign, Segment
from campaigns.paris_time import PARIS
from campaigns.view_links import view_word
from consent.models import Notice, Purpose
from consent.stop_links import stop_token
from prospects.links import (
    change_token,
    confirmation_token,
    fresh_token,
    keep_token,
    rights_file_token,
    rights_token,
    thanks_token,
)
from prospects.models import AddressChange, Import, PendingSignup, RightsRequest, Source
from staff.accounts import invitation_tokens
from tests.staff.addresses import addresses
from tests.staff.who_may_enter import MODELS, who_may_enter
from tests.world import reader

# Addresses that show no page, each with what they are. A pattern of names ends with a star.
NO_PAGES = {
    "livez": "for monitors",
    "readyz": "for monitors",
    "logout": "pressed, never shown",
    "start": "leads to the page of one's role",
    "setup": "leads to the first step that is left",
    "help_start": "leads to the help of one's role",
    "challenge": "for a script",
    "brand": "a style sheet",
    "picture": "a picture",
    "resource": "a file",
    "embed:*": "the form in a frame of a website that staff listed, with tests of its own",
    "carry": "pressed, never shown",
    "follow_link": "leads to where a mail's link leads",
    "returns": "for mail servers",
    "sms_report": "for the SMS gateway",
    "sms_calls": "for the SMS provider",
    "mms_report": "for the MMS provider",
    "mms_calls": "for the MMS provider",
    "sms_incoming": "for the SMS gateway",
    "u/<str:token>": "the page of stop links, without its last slash",
    "u/<str:token>/all": "the page of stop links, without its last slash",
    "fresh_link": "pressed, never shown",
    "rights_stop": "pressed, never shown",
    "act_on_request": "pressed, never shown",
    "checkup_part": "a part of the check-up",
    "end_account": "pressed, never shown",
    "invite_again": "pressed, never shown",
    "form_preview": "a part of the form editor",
    "form_checks": "a part of the form editor",
    "import_progress": "a part of an import",
    "import_refused": "a file",
    "import_step": "pressed, never shown",
    "revoke_api_key": "pressed, never shown",
    "replay_deliveries": "pressed, never shown",
    "remove_webhook": "pressed, never shown",
    "api:*": "for programs",
    "no_api": "for programs",
    "campaigns:reach": "a part of the home page",
    "campaigns:recount": "pressed, never shown",
    "campaigns:count": "a part of an audience",
    "campaigns:contacts": "a part of an audience",
    "campaigns:segment_count": "a part of a segment",
    "campaigns:preview": "a part of the composer",
    "campaigns:preview_frame": "a mail, in a frame of the composer",
    "campaigns:saved_frame": "a mail, in a frame of a campaign",
    "campaigns:saved_text": "a mail's text",
    "campaigns:sections": "a part of the composer",
    "campaigns:autosave": "a part of the composer",
    "campaigns:signed_in": "a part of the composer",
    "campaigns:remove_picture": "pressed, never shown",
    "campaigns:remove_template": "pressed, never shown",
    "campaigns:save_template": "pressed, never shown",
    "campaigns:acknowledge_rulebook": "pressed, never shown",
    "campaigns:figures": "a part of a campaign",
    "campaigns:comparison": "a part of a campaign",
    "campaigns:progress": "a part of a campaign",
    "campaigns:forecast": "a part of the schedule",
    "campaigns:report_pdf": "a file",
    "campaigns:report_csv": "a file",
    "campaigns:test": "pressed, never shown",
    "campaigns:restore": "pressed, never shown",
    "campaigns:duplicate": "pressed, never shown",
    "admin:login": "leads to the one sign-in page",
    "admin:logout": "pressed, never shown",
    "admin:autocomplete": "answers a field",
    "admin:jsi18n": "a script",
    "admin:view_on_site": "leads to a page that has its own",
    "admin:(?P<url>.*)$": "no page",
    "admin:<path:object_id>/": "leads to the page of the row",
    "admin:consent_notice_new_version": "pressed, never shown",
    "admin:consent_scan_file": "a file",
    "admin:consent_organisation_changelist": "leads to the one organisation",
    "admin:prospects_untoldsource_change": "people have their own page",
    "admin:prospects_untoldsource_history": "people have their own page",
}


def pages() -> Iterator[tuple[str, str]]:
    """Give each page by the name of its pattern, with one address of it."""
    known = _addresses()
    seen = set[str]()
    for address in addresses():
        name = address.name
        if name in seen or who_may_enter(name) == "" or any(fnmatchcase(name, given) for given in NO_PAGES):
            continue
        seen.add(name)
        yield name, known.get(name) or _of_a_model(name) or reverse(name)


def _of_a_model(name: str) -> str | None:
    space, _, rest = name.rpartition(":")
    model, _, page = rest.rpartition("_")
    if space != "admin" or model not in MODELS:
        return None
    if page in ("changelist", "add"):
        return reverse(name)
    app, _, label = model.rpartition("_")
    return reverse(name, args=[apps.get_model(app, label)._default_manager.order_by("pk")[0].pk])


def _addresses() -> dict[str, str]:
    detail = reader()
    person = detail.prospect
    purpose = Purpose.objects.get(slug="lettre")
    stop = stop_token(detail.address_key, "email", purpose.pk, key_id=detail.key_id)
    done = Campaign.objects.filter(status="done").latest("launched_at")
    draft = Campaign.objects.filter(status="draft", series_plan=None).latest("pk")
    version = draft.versions.latest("number").number
    series = Campaign.objects.exclude(series_plan=None).get()
    segment, run, endpoint = Segment.objects.get(), Import.objects.get(), Endpoint.objects.get()
    staff = User.objects.get(username="leaves")
    uid = urlsafe_base64_encode(force_bytes(staff.pk))
    new_notice = Notice.objects.filter(published_at=None).latest("pk")
    scheduled = Campaign.objects.get(status="scheduled").send_at.astimezone(PARIS)
    change = AddressChange.objects.get()
    unproven = Source.objects.filter(kind=Source.Kind.UNKNOWN).earliest("pk")
    of_campaigns: dict[str, Sequence[object]] = {
        "campaign": [done.pk],
        "edit": [draft.pk],
        "versions": [draft.pk],
        "version": [draft.pk, version],
        "audience": [draft.pk],
        "schedule": [draft.pk],
        "approval": [Campaign.objects.get(status="awaiting_approval").pk],
        "step": [Campaign.objects.get(status="running").pk, "pause"],
        "repeat": [draft.pk],
        "series": [series.pk],
        "unknown": [done.pk],
        "segment": [segment.pk],
        "delete_segment": [segment.pk],
    }
    acts = "call contract correction delivery erase freeze hold lift mistake objection paper purchase request why"
    found: dict[str, Sequence[object]] = {
        **{f"campaigns:{name}": values for name, values in of_campaigns.items()},
        **{f"admin:prospects_prospect_{act}": [person.pk] for act in acts.split()},
        "admin:prospects_prospect_merge": [person.pk],
        "admin:prospects_prospect_source": [unproven.prospect_id, unproven.pk],
        "admin:prospects_prospect_change": [person.pk],
        "admin:prospects_prospect_history": [person.pk],
        "admin:consent_notice_delete": [new_notice.pk],
        "admin:consent_notice_publish": [new_notice.pk],
        "admin:consent_notice_compare": [new_notice.pk],
        "admin:app_list": ["prospects"],
        "admin:auth_user_password_change": [staff.pk],
        "signup": ["lettre"],
        "thanks": ["lettre", thanks_token("lettre", "to_confirm")],
        "confirm": [confirmation_token(PendingSignup.objects.get().pk)],
        "stop": [stop],
        "stop_all": [stop],
        "preferences": [stop],
        "ask_to_change_address": [stop],
        "change_address": [change_token(change.pk, "new")],
        "keep": [keep_token(detail.pk)],
        "rights_link": [rights_token(RightsRequest.objects.get(status="unproven").pk)],
        "rights_file": [rights_file_token(RightsRequest.objects.get(status="done").pk)],
        "request": [RightsRequest.objects.get(status="open").pk],
        "my_data": [fresh_token(detail.pk)],
        "view_in_browser": [stop, view_word(done.pk)],
        "new_password": [uid, PasswordResetTokenGenerator().make_token(staff)],
        "accept_invitation": [uid, invitation_tokens.make_token(staff)],
        "help_page": ["marketers"],
        "setup_step": ["notice"],
        "roles": [staff.pk],
        "import": [run.pk],
        "import_lines": [run.pk],
        "export": ["objections"],
        "webhook": [endpoint.pk],
        "campaigns:day": [scheduled.year, scheduled.month, scheduled.day],
    }
    return {name: reverse(name, args=values) for name, values in found.items()}
