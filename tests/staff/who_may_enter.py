"""One table of who may enter each page: V visitors, M Marketers, O Operators, D Data protection, A Administrators.

S is a superuser. A page of the admin has the row of its model: who may see, add, change and delete there.
"""

EVERYBODY, NOBODY = "VMODAS", ""
SIGNED_IN = "MODAS"
STAFF = "DAS"  # those who open the admin
WORDING = (STAFF, STAFF, STAFF)
READ_BY_DATA_PROTECTION = ("DS", NOBODY, NOBODY)
SUPERUSERS = ("S", "S", "S")
CLOCK = ("AS", "AS", "AS")

# Per model: who sees the list and a row; who adds; who deletes. Of a history that does not exist Django says so to all
# staff; the one person that the test makes has a row of her own.
MODELS = {
    "admin_logentry": (STAFF, NOBODY, NOBODY),
    "auth_group": SUPERUSERS,
    "auth_user": SUPERUSERS,
    "campaigns_campaign": ("DAS", NOBODY, NOBODY),
    "campaigns_message": READ_BY_DATA_PROTECTION,
    "campaigns_reply": READ_BY_DATA_PROTECTION,
    "consent_act": READ_BY_DATA_PROTECTION,
    "consent_notice": WORDING,
    "consent_objection": READ_BY_DATA_PROTECTION,
    "consent_organisation": (STAFF, NOBODY, NOBODY),
    "consent_permission": READ_BY_DATA_PROTECTION,
    "consent_purpose": WORDING,
    "consent_scan": READ_BY_DATA_PROTECTION,
    "consent_sender": (STAFF, "AS", "AS"),
    "consent_signupform": WORDING,
    "django_celery_beat_clockedschedule": CLOCK,
    "django_celery_beat_crontabschedule": CLOCK,
    "django_celery_beat_intervalschedule": CLOCK,
    "django_celery_beat_periodictask": CLOCK,
    "django_celery_beat_solarschedule": CLOCK,
    "prospects_activity": (STAFF, STAFF, STAFF),
    "prospects_contract": READ_BY_DATA_PROTECTION,
    "prospects_extrafield": ("DS", "DS", "DS"),
    "prospects_family": (STAFF, STAFF, STAFF),
    "prospects_legalhold": READ_BY_DATA_PROTECTION,
    "prospects_pendingsignup": READ_BY_DATA_PROTECTION,
    "prospects_prospect": ("DS", "DS", NOBODY),
    "prospects_purgerun": (STAFF, NOBODY, NOBODY),
    "prospects_sourcerefusal": (STAFF, NOBODY, NOBODY),
    "prospects_untoldsource": READ_BY_DATA_PROTECTION,
}

PAGES = {
    # For whoever watches over Loyal, and for visitors.
    "livez": EVERYBODY,
    "readyz": EVERYBODY,
    "brand": EVERYBODY,
    "home": EVERYBODY,
    "signup": EVERYBODY,
    "embed:*": EVERYBODY,
    "carry": EVERYBODY,
    "thanks": EVERYBODY,
    "resource": EVERYBODY,
    "confirm": EVERYBODY,
    "stop": EVERYBODY,
    "sms_report": EVERYBODY,
    "sms_calls": EVERYBODY,
    "mms_report": EVERYBODY,
    "mms_calls": EVERYBODY,
    "sms_incoming": EVERYBODY,
    "u/<str:token>": EVERYBODY,
    "stop_all": EVERYBODY,
    "u/<str:token>/all": EVERYBODY,
    "preferences": EVERYBODY,
    "fresh_link": EVERYBODY,
    "ask_to_change_address": EVERYBODY,
    "change_address": EVERYBODY,
    "keep": EVERYBODY,
    "my_data": EVERYBODY,
    "rights": EVERYBODY,
    "rights_stop": EVERYBODY,
    "rights_link": EVERYBODY,
    "rights_file": EVERYBODY,
    "follow_link": EVERYBODY,
    "view_in_browser": EVERYBODY,
    "picture": EVERYBODY,
    "challenge": EVERYBODY,
    "returns": EVERYBODY,
    # Accounts.
    "login": EVERYBODY,
    "logout": EVERYBODY,
    "forgotten_password": EVERYBODY,
    "password_link_sent": EVERYBODY,
    "new_password": EVERYBODY,
    "accept_invitation": EVERYBODY,
    "change_password": SIGNED_IN,
    "help_start": SIGNED_IN,
    "help_page": SIGNED_IN,
    "setup": "AS",
    "setup_step": "AS",
    "checkup": "AS",
    "checkup_part": "AS",
    "accounts": "AS",
    "invite": "AS",
    "roles": "AS",
    "end_account": "AS",
    "invite_again": "AS",
    "start": SIGNED_IN,
    "operations": "OS",
    # The editor of forms.
    "form_preview": STAFF,
    "form_checks": STAFF,
    # Imports.
    "imports": STAFF,
    "import": STAFF,
    "import_progress": STAFF,
    "import_lines": STAFF,
    "import_refused": STAFF,
    "import_step": STAFF,
    # Requests of people.
    "requests": STAFF,
    "enter_request": STAFF,
    "request": STAFF,
    "act_on_request": STAFF,
    # Exports.
    "exports": STAFF,
    "export": STAFF,
    # Programs: whoever asks without a key is told so by the interface itself.
    "api_keys": "AS",
    "revoke_api_key": "AS",
    "webhooks": "AS",
    "webhook": "AS",
    "replay_deliveries": "AS",
    "remove_webhook": "AS",
    "api:*": EVERYBODY,
    "no_api": EVERYBODY,
    # Campaigns.
    "campaigns:*": "MS",
    "campaigns:acknowledge_rulebook": "AS",
    # The admin, beside its models.
    "admin:index": STAFF,
    "admin:login": EVERYBODY,
    "admin:logout": EVERYBODY,
    "admin:password_change": STAFF,
    "admin:password_change_done": STAFF,
    "admin:autocomplete": NOBODY,  # without saying what to complete; with it, whoever may see the model
    "admin:jsi18n": STAFF,
    "admin:view_on_site": STAFF,
    "admin:app_list": STAFF,
    "admin:(?P<url>.*)$": STAFF,
    "admin:<path:object_id>/": STAFF,  # leads to the page of the row, which has its own
    "admin:auth_user_password_change": "S",
    "admin:consent_notice_publish": STAFF,
    "admin:consent_notice_compare": STAFF,
    "admin:consent_notice_new_version": STAFF,
    "admin:consent_scan_file": "DS",
    "admin:prospects_prospect_call": "DS",
    "admin:prospects_prospect_contract": "DS",
    "admin:prospects_prospect_correction": "DS",
    "admin:prospects_prospect_delivery": "DS",
    "admin:prospects_prospect_freeze": "DS",
    "admin:prospects_prospect_lift": "DS",
    "admin:prospects_prospect_hold": "DS",
    "admin:prospects_prospect_merge": "DS",
    "admin:prospects_prospect_mistake": "DS",
    "admin:prospects_prospect_objection": "DS",
    "admin:prospects_prospect_paper": "DS",
    "admin:prospects_prospect_purchase": "DS",
    "admin:prospects_prospect_request": "DS",
    "admin:prospects_prospect_why": "DS",
    "admin:prospects_prospect_erase": "DS",
    "admin:prospects_prospect_source": "DS",
    "admin:prospects_prospect_history": "DS",
}


def who_may_enter(name: str) -> str | None:
    """Give the letters of those who may enter this page; None where no row says."""
    if name in PAGES:
        return PAGES[name]
    space, _, rest = name.rpartition(":")
    if space == "admin":
        model, _, page = rest.rpartition("_")
        if model in MODELS:
            seen, added, deleted = MODELS[model]
            by_page = {"changelist": seen, "change": seen, "history": STAFF, "add": added, "delete": deleted}
            return by_page.get(page)
    return PAGES.get(f"{space}:*")
