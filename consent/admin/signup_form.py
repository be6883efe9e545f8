from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.admin.base import URLS_ARE_HTTPS, ModelAdmin, ModelForm, without_shortcuts
from consent.admin.checks import checks_drawn
from consent.embedding import snippets
from consent.models import Box, Notice, SignupForm
from consent.opening import checks_now
from consent.origins import OriginsField
from consent.vocabulary import Channel


class SignupFormEditor(ModelForm):
    """Websites are typed one a line."""

    origins = OriginsField(
        label=gettext_lazy("Websites that may show it in a frame"),
        required=False,
        help_text=gettext_lazy("One a line, such as https://www.example.test. Every other website is refused."),
    )


@admin.register(SignupForm)
class SignupFormAdmin(ModelAdmin):
    """The public pages. What their boxes do is said here in words, for staff to know before visitors do."""

    form = SignupFormEditor
    list_display = ["title_fr", "page", "notice", "is_open"]
    when_empty = gettext_lazy("No form yet. Publish a notice first; a form then shows it, and opens a public page.")
    list_filter = ["is_open"]
    search_fields = ["slug", "title_fr", "title_en"]
    prepopulated_fields = {"slug": ["title_fr"]}
    readonly_fields = ["page", "what_the_boxes_do", "checks", "to_copy"]
    formfield_overrides = URLS_ARE_HTTPS
    fieldsets = [
        (None, {"fields": ["title_fr", "title_en", "slug", "page", "is_open", "introduction_fr", "introduction_en"]}),
        (gettext_lazy("Details asked for"), {"fields": [("asks_email", "asks_name", "asks_phone", "asks_post")]}),
        (gettext_lazy("Notice and boxes"), {"fields": ["notice", "what_the_boxes_do", "checks"]}),
        (
            gettext_lazy("What the form gives, to everybody, ticked or not"),
            {
                "fields": [
                    "resource",
                    ("resource_title_fr", "resource_title_en"),
                    ("resource_text_fr", "resource_text_en"),
                    "resource_file",
                    "resource_url",
                ]
            },
        ),
        (
            gettext_lazy("Welcome mail, once somebody has confirmed"),
            {
                "description": gettext_lazy(
                    "A mail of service: what was asked for, what comes next, how to stop. Offers do not belong here: "
                    "they go to those alone who agreed to them."
                ),
                "fields": [
                    ("welcome_subject_fr", "welcome_subject_en"),
                    ("welcome_text_fr", "welcome_text_en"),
                ],
            },
        ),
        (gettext_lazy("On another website"), {"fields": ["origins", "to_copy"]}),
    ]

    def get_form(self, request: HttpRequest, obj: SignupForm | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Offer the published notices alone."""
        form = super().get_form(request, obj, change, **kwargs)
        if "notice" in form.base_fields:
            form.base_fields["notice"].queryset = Notice.objects.published()  # type: ignore[attr-defined]
            without_shortcuts(form.base_fields["notice"])
        return form

    @admin.display(description=gettext_lazy("page"))
    def page(self, form: SignupForm) -> str | SafeString:
        if not form.pk:
            return _("once saved")
        address = form.get_absolute_url()
        return format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', address, address)

    @admin.display(description=gettext_lazy("what the boxes do"))
    def what_the_boxes_do(self, form: SignupForm) -> str | SafeString:
        if form.notice_id is None:
            return _("shown once a notice is chosen and the form saved")
        boxes = form.notice.boxes.select_related("purpose")
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((_effect_of(box),) for box in boxes)))

    @admin.display(description=gettext_lazy("what the law asks"))
    def checks(self, form: SignupForm) -> str:
        return checks_drawn(checks_now(form, at=timezone.now()) if form.notice_id is not None else [])

    @admin.display(description=gettext_lazy("to copy there"))
    def to_copy(self, form: SignupForm) -> str | SafeString:
        if not form.pk:
            return _("once saved")
        copied = ((snippet.title, snippet.html) for snippet in snippets(form))
        return format_html_join("", '<p>{}</p><pre class="snippet" tabindex="0"><code>{}</code></pre>', copied)

    def save_model(self, request: HttpRequest, obj: SignupForm, form: object, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.notice.boxes.filter(kind=Box.Kind.OPT_IN).exclude(channel=Channel.EMAIL).exists():
            messages.info(
                request,
                _(
                    "The button in the confirmation mail confirms the e-mail boxes alone: a yes to another channel "
                    "stays pending, and nobody is contacted on it, until its own confirmation exists."
                ),
            )


def _effect_of(box: Box) -> str:
    subject = {"purpose": box.purpose, "channel": box.get_channel_display()}
    if box.kind == Box.Kind.OPT_OUT:
        effect = _("%(purpose)s, %(channel)s: ticked, it is an objection; left free, the person counts as informed.")
    elif box.channel == Channel.EMAIL:
        effect = _("%(purpose)s, %(channel)s: a yes, once the button in the confirmation mail is pressed.")
    else:
        effect = _("%(purpose)s, %(channel)s: a yes that stays pending until its own confirmation exists.")
    return capfirst(effect % subject)
