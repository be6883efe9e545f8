"""What staff write and people read is text, Markdown at most: only Loyal draws a box, and no text can tick one."""

from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

# As PostgreSQL reads it: an HTML tag that is, holds or makes a form control.
FORM_CONTROL = r"<\s*/?\s*(button|datalist|embed|fieldset|form|iframe|input|label|object|option|script|select|textarea)"


def texts_hold_no_form_control(name: str, *fields: str) -> CheckConstraint:
    """Return the constraint by which none of these columns can smuggle in a box, ticked, required or otherwise."""
    return CheckConstraint(
        condition=~Q(*((f"{field}__iregex", FORM_CONTROL) for field in fields), _connector=Q.OR),
        name=name,
        violation_error_message=_(
            "The text holds a form control, such as <input>. Only Loyal draws the boxes, always unticked and free to "
            "leave so: write text or Markdown."
        ),
    )
