"""Links in mails to one person: each signed with a salt of its own, so that none can do another's work."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, Signer, TimestampSigner
from django.urls import reverse

_confirmation = Signer(salt="prospects.confirmation")
_fresh = TimestampSigner(salt="prospects.fresh-link")
_keep = Signer(salt="prospects.keep")
_change = Signer(salt="prospects.change-of-address")
_rights = Signer(salt="prospects.rights")
_rights_file = Signer(salt="prospects.rights-file")
_thanks = TimestampSigner(salt="prospects.thanks")

THANKS_LAST = timedelta(days=1)


class BadLink(ValueError):
    """Not a link of ours, or of another kind."""


class OldLink(ValueError):
    """A link whose time is over."""


def absolute(name: str, *args: object) -> str:
    """Return the full address of a page, on the site that the installation is configured for."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def confirmation_token(pk: UUID) -> str:
    """Return the token of a confirmation mail. Only the mailbox gets it: staff who read the database cannot make it."""
    return _confirmation.sign(pk.hex)


def read_confirmation_token(token: str) -> UUID:
    """Return which pending signup the token confirms. Raises BadLink."""
    try:
        return UUID(_confirmation.unsign(token))
    except (BadSignature, ValueError) as error:
        raise BadLink from error


def change_token(pk: UUID, mailbox: str) -> str:
    """Return the token by which one of the two mailboxes of a change of address answers."""
    return _change.sign(f"{mailbox}.{pk.hex}")


def read_change_token(token: str) -> tuple[UUID, str]:
    """Return which change of address a token is about, and whose answer it gives. Raises BadLink."""
    try:
        mailbox, _, pk = _change.unsign(token).partition(".")
        return UUID(pk), mailbox
    except (BadSignature, ValueError) as error:
        raise BadLink from error


def fresh_token(detail_id: int) -> str:
    """Return the token that opens the personal page of whoever reads the mail sent to this detail."""
    return _fresh.sign(str(detail_id))


def read_fresh_token(token: str) -> int:
    """Return whose personal page the token opens. Raises BadLink, or OldLink after `settings.FRESH_LINK_SECONDS`."""
    return int(_read(_fresh, token, timedelta(seconds=settings.FRESH_LINK_SECONDS)))


def thanks_token(form: str, outcome: str) -> str:
    """Return the token of a thank-you page, which says what became of a sending and gives the form's resource."""
    return _thanks.sign(f"{outcome}.{form}")


def read_thanks_token(token: str, form: str) -> str:
    """Return what became of a sending of this form. Raises BadLink or OldLink."""
    outcome, _, of = _read(_thanks, token, THANKS_LAST).partition(".")
    if of != form:
        raise BadLink
    return outcome


def keep_token(detail_id: int) -> str:
    """Return the token that lets whoever reads the mail sent to this detail ask to stay."""
    return _keep.sign(str(detail_id))


def read_keep_token(token: str) -> int:
    """Return whose wish to stay the token records. Raises BadLink."""
    return _number(_keep, token)


def rights_token(pk: int) -> str:
    """Return the token by which a mailbox shows that a request is its own. The request says until when."""
    return _rights.sign(str(pk))


def read_rights_token(token: str) -> int:
    """Return which request the token is about. Raises BadLink."""
    return _number(_rights, token)


def rights_file_token(pk: int) -> str:
    """Return the token with which the file of a granted request is taken. The request says until when."""
    return _rights_file.sign(str(pk))


def read_rights_file_token(token: str) -> int:
    """Return of which request the token gives the file. Raises BadLink."""
    return _number(_rights_file, token)


def _number(signer: Signer, token: str) -> int:
    try:
        return int(signer.unsign(token))
    except (BadSignature, ValueError) as error:
        raise BadLink from error


def _read(signer: TimestampSigner, token: str, lasts: timedelta) -> str:
    try:
        return signer.unsign(token, max_age=lasts)
    except SignatureExpired as error:
        raise OldLink from error
    except (BadSignature, ValueError) as error:
        raise BadLink from error
