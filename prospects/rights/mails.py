"""What people are told of their requests, by mail: the link that shows who asks, more time, a refusal, an end."""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from prospects.links import absolute, rights_file_token, rights_token
from prospects.mail import compose
from prospects.mailing import send_each
from prospects.models import Prospect, RightsRequest
from prospects.rights.words import OF_RIGHT, remedies, what_stays

BATCH = 50
News, Right = RightsRequest.News, RightsRequest.Right


@dataclass(frozen=True, slots=True)
class Letter:
    """What one mail says."""

    title: str
    paragraphs: list[str]
    link: str = ""
    press: str = ""


def send_due_rights_mails() -> int:
    """Send every mail that waits for it; return how many left. What did not is due again."""
    sent, again = 0, set()
    while claimed := RightsRequest.objects.claim_mails(BATCH):
        told = {request.pk: request for request in claimed if request.address}
        mails = ((pk, mail_of(request)) for pk, request in told.items())
        for pk, left in send_each(mails, about="rights"):
            sent += left is True
            if left is None:
                again.add(pk)
    RightsRequest.objects.filter(pk__in=again).update(mail_due=True)
    forget_who_asked()
    return sent


def forget_who_asked() -> int:
    """Empty what names somebody in the requests that are settled; return how many there were."""
    named = RightsRequest.objects.settled(timezone.now()).exclude(address="", words="")
    return named.update(address="", words="")


def mail_of(request: RightsRequest) -> EmailMultiAlternatives:
    """Return the mail that tells the latest of a request."""
    with translation.override(request.language):
        letter = _LETTERS[News(request.news)](request)
    return compose("rights", request.address, request.language, {"letter": letter, "number": request.pk})


def lifting_mail(prospect: Prospect, address: str, why: str) -> EmailMultiAlternatives:
    """The notice without which no restriction is lifted (GDPR art. 18(3))."""
    with translation.override(prospect.language):
        letter = Letter(
            _("The restriction ends"),
            [
                _("You had asked us to do nothing more with your data than keep them. From now on this ends: %(why)s")
                % {"why": why},
                _("You may ask for it anew, object to our messages or have your data erased at any time."),
                remedies(),
            ],
            absolute("rights"),
            _("My rights"),
        )
    return compose("rights", address, prospect.language, {"letter": letter})


def _link(request: RightsRequest) -> Letter:
    return Letter(
        _("Is it you?"),
        [
            _("Somebody asks us, with this address: “%(right)s”.") % {"right": OF_RIGHT[Right(request.right)].title},
            _("If it is you, open this page within %(hours)s hours and press its button. The link works once.")
            % {"hours": settings.RIGHTS_LINK_HOURS},
            _("If it is not you, do nothing: nothing happens. Give this link to nobody."),
        ],
        absolute("rights_link", rights_token(request.pk)),
        _("It is me: go on"),
    )


def _extended(request: RightsRequest) -> Letter:
    return Letter(
        _("We need more time"),
        [
            _("Your request of %(day)s is being looked at, and takes longer than one month: %(why)s")
            % {"day": _day(request), "why": request.extended_why},
            _("You will have our answer by %(day)s at the latest (GDPR, article 12(3)).")
            % {"day": date_format(request.due_on, "DATE_FORMAT")},
            remedies(),
        ],
    )


def _refused(request: RightsRequest) -> Letter:
    return Letter(
        _("Your request is refused"),
        [
            _("You asked us on %(day)s: “%(right)s”.")
            % {"day": _day(request), "right": OF_RIGHT[Right(request.right)].title},
            _("We cannot grant it, for this reason: %(why)s") % {"why": request.answer},
            remedies(),
        ],
    )


def _ready(request: RightsRequest) -> Letter:
    return Letter(
        _("Your file is ready"),
        [
            _("You asked us on %(day)s for your data. You can take the file during %(hours)s hours with this link.")
            % {"day": _day(request), "hours": settings.RIGHTS_FILE_HOURS},
            _("Give the link to nobody: whoever has it reads your data."),
            *([request.answer] if request.answer else []),
        ],
        absolute("rights_file", rights_file_token(request.pk)),
        _("Take my file"),
    )


def _erased(request: RightsRequest) -> Letter:
    return Letter(
        _("Your data are erased"),
        [
            _("As you asked on %(day)s, what we held of you at this address is erased.") % {"day": _day(request)},
            *what_stays(),
            *_passed_on(request),
            *([request.answer] if request.answer else []),
        ],
    )


def _granted(request: RightsRequest) -> Letter:
    return Letter(
        _("It is done"),
        [
            _("You asked us on %(day)s: “%(right)s”.")
            % {"day": _day(request), "right": OF_RIGHT[Right(request.right)].title},
            OF_RIGHT[Right(request.right)].done,
            *_passed_on(request),
            *([request.answer] if request.answer else []),
        ],
    )


def _passed_on(request: RightsRequest) -> list[str]:
    names = sorted({told["recipient"] for told in request.to_tell})
    if not names:
        return []
    said = _("We had given your details to %(recipients)s, and tell them (GDPR, article 19).")
    return [said % {"recipients": ", ".join(names)}]


def _day(request: RightsRequest) -> str:
    return date_format(timezone.localtime(request.asked_at), "DATE_FORMAT")


_LETTERS = {
    News.LINK: _link,
    News.EXTENDED: _extended,
    News.REFUSED: _refused,
    News.READY: _ready,
    News.ERASED: _erased,
    News.GRANTED: _granted,
}
