"""What each right is called and does, what an erasure leaves, and where one may complain."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.law.rulebooks import RETENTION_YEARS
from prospects.models import RightsRequest

Right = RightsRequest.Right


@dataclass(frozen=True, slots=True)
class Said:
    """One right, as people read it: what it is called, what it gives, which article says so, what was done."""

    lazy_title: str | Promise
    lazy_explanation: str | Promise
    article: str
    lazy_press: str | Promise
    lazy_done: str | Promise

    @property
    def title(self) -> str:
        return str(self.lazy_title)

    @property
    def explanation(self) -> str:
        return str(self.lazy_explanation)

    @property
    def press(self) -> str:
        """What the button says that grants it."""
        return str(self.lazy_press)

    @property
    def done(self) -> str:
        return str(self.lazy_done)


OF_RIGHT = {
    Right.ACCESS: Said(
        gettext_lazy("See my data"),
        gettext_lazy("All that we hold of you, from where, why, for how long and who received it, as one file."),
        "15",
        gettext_lazy("It is me: make my file"),
        gettext_lazy("Your file is ready."),
    ),
    Right.PORTABILITY: Said(
        gettext_lazy("Take my data elsewhere"),
        gettext_lazy("What you gave us, in a form that other programs read."),
        "20",
        gettext_lazy("It is me: make my file"),
        gettext_lazy("Your file is ready."),
    ),
    Right.RECTIFICATION: Said(
        gettext_lazy("Correct my data"),
        gettext_lazy("What is wrong or missing: your name, your address or anything else."),
        "16",
        gettext_lazy("Correct it"),
        gettext_lazy("Your data are corrected."),
    ),
    Right.ERASURE: Said(
        gettext_lazy("Erase my data"),
        gettext_lazy("We forget you. Only what the law keeps stays: a trace that names nobody."),
        "17",
        gettext_lazy("It is me: erase my data"),
        gettext_lazy("Your data are erased."),
    ),
    Right.RESTRICTION: Said(
        gettext_lazy("Freeze my data"),
        gettext_lazy("We keep them and do nothing else with them, while you contest something or need them as proof."),
        "18",
        gettext_lazy("It is me: freeze my data"),
        gettext_lazy("Your data are frozen: we keep them, write to you no more, and tell you before that ends."),
    ),
    Right.OBJECTION: Said(
        gettext_lazy("Stop all messages"),
        gettext_lazy("Nothing more comes to this address, whatever the subject. It counts at once."),
        "21",
        gettext_lazy("Stop everything"),
        gettext_lazy("We send you nothing more, whatever the subject."),
    ),
}
# What waits for a link; an objection waits for nothing.
BY_LINK = [right for right in Right if right != Right.OBJECTION]


def remedies() -> str:
    """Where whoever is not content may turn (GDPR art. 12(4), 77 and 79)."""
    return _(
        "If you do not agree, you may complain to the CNIL (3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07, "
        "www.cnil.fr), and bring the matter before a court (GDPR, articles 77 and 79)."
    )


def what_stays() -> list[str]:
    """What an erasure leaves, and why: the same words on the page and in the mail."""
    return [
        _(
            "What stays: a digest made of your address with a secret key, in which nobody reads the address. With it "
            "we keep whatever you refused, so that no old list brings you back (GDPR, article 21(3)): as long as we "
            "send messages."
        ),
        _(
            "Also, under the same digest, the proof of what you had agreed to and when it ended, for %(years)s years: "
            "we must be able to prove it (GDPR, articles 7(1) and 17(3)(e))."
        )
        % {"years": settings.PROOF_RETENTION_YEARS},
        _(
            "And that you asked us, and on which day we answered, naming nobody, for %(years)s years (GDPR, "
            "article 5(2))."
        )
        % {"years": settings.REQUEST_RETENTION_YEARS},
    ]


def terms() -> list[str]:
    """How long each thing is kept."""
    return [
        _("Your details, and what you did: %(years)s years after your last sign of life, then they are erased.")
        % {"years": RETENTION_YEARS},
        _("Details whose source nobody knows: 30 days. A signup that nobody confirms: %(days)s days.")
        % {"days": settings.PENDING_SIGNUP_DAYS},
        _("The proof of a consent: %(years)s years after it ended, under a digest of the address.")
        % {"years": settings.PROOF_RETENTION_YEARS},
        _("An objection: as long as we send messages, under a digest of the address."),
        _("Your requests about your data: %(years)s years once answered, naming nobody.")
        % {"years": settings.REQUEST_RETENTION_YEARS},
    ]
