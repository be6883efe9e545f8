"""Origins: the websites that may show a form in a frame, written as browsers write them."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, F, Func, TextField, Value
from django.db.models.lookups import Regex
from django.utils.encoding import punycode
from django.utils.translation import gettext_lazy as _

# Whoever could change a page on its way could cover the form in its frame; a developer's own machine is no way.
_ORIGIN = r"(https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?"
_PORTS = {"https": 443, "http": 80}


def origin_of(text: str) -> str:
    """Return the origin of a page's address, such as https://www.example.test. Raises ValidationError."""
    fault = ValidationError(_("“%(text)s” is no address of a website: it begins with https://."), params={"text": text})
    try:
        parts = urlsplit(text.strip())
        host, port = punycode((parts.hostname or "").rstrip(".")), parts.port
    except ValueError as error:
        raise fault from error
    origin = f"{parts.scheme}://{host}" + (f":{port}" if port and port != _PORTS.get(parts.scheme) else "")
    if parts.username is not None or not re.fullmatch(_ORIGIN, origin):
        raise fault
    return origin


def origins_are_whole(name: str, field: str) -> CheckConstraint:
    """Return the constraint by which this column, a list, holds origins alone: it becomes part of a header."""
    joined = Func(F(field), Value(" "), function="array_to_string", output_field=TextField())
    return CheckConstraint(condition=Regex(joined, Value(rf"^({_ORIGIN}( {_ORIGIN})*)?$")), name=name)


class OriginsField(forms.CharField):
    """Origins, one a line. Of a page's whole address, the origin is taken."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 60, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Return the list, each once."""
        return list(dict.fromkeys(origin_of(line) for line in (value or "").splitlines() if line.strip()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != (data or "").split())
