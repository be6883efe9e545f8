"""A page that renders a form with crispy, and a view whose ModelForm writes a contact and a consent."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from bench.plain.models import Consent, Contact


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """The fields and boxes of the form measured."""

    newsletter = forms.BooleanField(required=False, label="J'accepte de recevoir la lettre par e-mail.")
    calls = forms.BooleanField(required=False, label="J'accepte d'être appelé.", help_text="À tout moment, non.")
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    proof = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Contact
        fields = ("first_name", "last_name", "email", "phone")

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        details = ("first_name", "last_name", "email", "phone", "stamp", "proof")
        helper.layout = Layout(*details, Fieldset("Ce que vous acceptez, si vous voulez", "newsletter", "calls"))
        return helper


def show(request: HttpRequest) -> HttpResponse:
    """Render the form with crispy, as a plain view does."""
    return render(request, "plain/form.html", {"form": ContactForm()})


def write(request: HttpRequest) -> HttpResponse:
    """Write a contact and a consent row in one transaction."""
    form = ContactForm(request.POST)
    if not form.is_valid():
        return HttpResponse(form.errors.as_json(), status=400)
    with transaction.atomic():
        answers = form.cleaned_data
        Consent(contact=form.save(), newsletter=answers["newsletter"], calls=answers["calls"]).save()
    return redirect("/thanks/")


urlpatterns = [path("show/", show), path("write/", write)]
