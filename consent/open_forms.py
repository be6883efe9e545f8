"""Forms open to the public, each read once for every version of what it shows."""

from dataclasses import dataclass

from django.db import connection

from consent.models import SignupForm

# Whatever staff change of the form, its notice, its boxes, their purposes or the organisation makes another version.
# One answer of the database is both the permission to show the form now and the proof that what is kept is still true.
_VERSION = """
SELECT md5(concat_ws('|', form::text, notice::text, organisation::text, (
    SELECT string_agg(concat_ws('|', box::text, purpose::text), '|' ORDER BY box.id)
    FROM consent_box AS box JOIN consent_purpose AS purpose ON purpose.id = box.purpose_id
    WHERE box.notice_id = notice.id){also}))
FROM consent_signupform AS form
JOIN consent_notice AS notice ON notice.id = form.notice_id
LEFT JOIN consent_organisation AS organisation ON organisation.id = 1
WHERE form.slug = %s AND form.is_open AND notice.published_at IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form as its page shows it, and the version that this is. Shared by all requests: nobody changes it."""

    version: str
    form: SignupForm


# What an app above adds to forms: the relation that holds it, and the SQL of its version, a value of `form`.
_also: dict[str, str] = {}


def also_show(relation: str, version: str) -> None:
    """Let forms be read with this relation, and be another version where this SQL says otherwise."""
    _also[relation] = version


_known: dict[str, OpenForm] = {}


def open_form(slug: str) -> OpenForm | None:
    """Return a form as it is now, or None where no such form is open to the public."""
    version = _version(slug)
    if version is None:
        _known.pop(slug, None)
        return None
    known = _known.get(slug)
    if known is None or known.version != version:
        known = OpenForm(version, _complete(slug))
        if _version(slug) == version:  # else somebody changed it just now, and the next request reads it again
            _known[slug] = known
    return known


def _complete(slug: str) -> SignupForm:
    return SignupForm.objects.select_related("notice").prefetch_related(*_also).get(slug=slug)


def _version(slug: str) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(_VERSION.format(also="".join(f", ({sql})" for sql in _also.values())), [slug])
        row = cursor.fetchone()
    return row[0] if row else None
