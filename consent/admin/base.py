"""What the three apps' admin pages share."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

# Django's own classes take no type arguments when they run.
if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    ModelForm = forms.ModelForm[Any]
    ModelChoiceField = forms.ModelChoiceField[Any]
    ModelMultipleChoiceField = forms.ModelMultipleChoiceField[Any]
    StackedInline = admin.StackedInline[Any, Any]
    TabularInline = admin.TabularInline[Any, Any]
    AnyPaginator = Paginator[Any]
else:
    ModelAdmin, ModelForm, AnyPaginator = admin.ModelAdmin, forms.ModelForm, Paginator
    ModelChoiceField, ModelMultipleChoiceField = forms.ModelChoiceField, forms.ModelMultipleChoiceField
    StackedInline, TabularInline = admin.StackedInline, admin.TabularInline


# A web address typed without its scheme is https.
URLS_ARE_HTTPS: dict[Any, Any] = {models.URLField: {"assume_scheme": "https"}}


class CappedPaginator(AnyPaginator):
    """Counts five hundred rows at most: a list is for its first pages, and counting a whole table reads it all."""

    cap = 500

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows[: self.cap].count()

    @property
    def is_capped(self) -> bool:
        """Whether there may be more rows than are counted."""
        return self.count == self.cap


class LargeTableAdmin(ModelAdmin):
    """Lists a table of any size without reading it whole."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 0
    ordering = ["-pk"]
    sortable_by = ()
    show_facets = admin.ShowFacets.NEVER


def without_shortcuts(field: forms.Field | None) -> None:
    """Leave out the links beside a choice that add, change or delete what is chosen."""
    if field is not None:
        for action in ("add", "change", "delete", "view"):
            setattr(field.widget, f"can_{action}_related", False)


class ReadOnlyAdmin(ModelAdmin):
    """Shows, to whoever may see it, what nobody may change, superusers included."""

    actions: Any = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@contextmanager
def faults_shown(request: HttpRequest) -> Iterator[None]:
    """Show, at the top of the next page, each sentence of a ValidationError raised inside."""
    try:
        yield
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
