"""Each ground and reason in a sentence that is true of many people at once, and what would change it.

The texts of the law are quoted beside them (`legal_sources`); these words say what they mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent.law import Ground, Outcome, Reason
from prospects.reach import Withholding


@dataclass(frozen=True, slots=True)
class Meaning:
    """Why it is so, what would change it, and whether a form that asks for their consent would."""

    why: str | Promise
    change: str | Promise
    consent_helps: bool = False


MEANINGS: Mapping[Outcome | Withholding, Meaning] = {
    Ground.CONSENT: Meaning(
        _("They said yes to this purpose on this channel, and have not taken it back."),
        _("It ends when they withdraw it, which they may do at any time, or after three years of silence."),
    ),
    Ground.CONTRACT: Meaning(
        _("A contract with them, about these products, is in progress."),
        _("It ends with the contract. Their consent would last longer."),
        consent_helps=True,
    ),
    Ground.REQUEST: Meaning(
        _("They asked for information about these products: one call back may answer it."),
        _("It ends with the call, or five working days after they asked. Their consent would last longer."),
        consent_helps=True,
    ),
    Ground.CUSTOMER: Meaning(
        _("They bought similar products from us less than three years ago, and could refuse when we collected this."),
        _("It ends three years after the purchase, or when they object. Their consent would not depend on purchases."),
        consent_helps=True,
    ),
    Ground.PROFESSIONAL: Meaning(
        _("They are professionals, the message is about their work, and they could refuse when we collected this."),
        _("It ends when they object, or when the message is about something else."),
    ),
    Ground.COMPANY: Meaning(
        _("These are addresses of companies, such as info@, and not of persons."),
        _("It ends when somebody there objects."),
    ),
    Ground.INFORMATION: Meaning(
        _("They were told that we might contact them in this way, and how to refuse."),
        _("It ends when they object, or after three years of silence."),
    ),
    Reason.OBJECTED: Meaning(
        _("They told us to stop, and an objection wins over everything else."),
        _("Only they can change it, by agreeing anew on a form and confirming it. Do not write to ask them."),
    ),
    Reason.CONSENT_WITHDRAWN: Meaning(
        _("They agreed once, and have taken it back."),
        _("Only they can change it, by agreeing anew on a form. Do not write to ask them."),
    ),
    Reason.SOURCE_FORBIDDEN: Meaning(
        _("The details were found on the Internet: they did not give them to be contacted."),
        _("Nothing changes it. They may sign up themselves, on one of your forms."),
    ),
    Reason.SOURCE_UNKNOWN: Meaning(
        _("Nobody can say where these details come from or when, so nobody can prove that they may be used."),
        _("Staff can record the source, with its proof, within thirty days; after that the details are erased."),
    ),
    Reason.RETENTION_EXPIRED: Meaning(
        _("They have given no sign for three years: details may not be kept for prospecting any longer."),
        _("Nothing changes it: they are erased in the coming night. Next time, let them act before the term ends."),
    ),
    Reason.MINOR: Meaning(
        _("They are under fifteen, an age at which nobody consents alone."),
        _("Their fifteenth birthday changes it."),
    ),
    Reason.SECTOR_BANNED: Meaning(
        _("The law bans prospecting individuals about this sector on this channel, even those who consented."),
        _("Only a contract in progress about the same products lifts the ban. Another sector, or post, is not banned."),
    ),
    Reason.CONSENT_INCOMPLETE: Meaning(
        _("They agreed to calls, but the form that asked lacked the five mentions that the law requires."),
        _("Ask anew, with a form that carries the five mentions."),
        consent_helps=True,
    ),
    Reason.CONSENT_EXPIRED: Meaning(
        _("They agreed to calls more than a year ago, and such a consent lasts one year."),
        _("Ask anew: it is not renewed by silence."),
        consent_helps=True,
    ),
    Reason.CONSENT_UNCONFIRMED: Meaning(
        _("Somebody ticked the box on a form, but the button in the confirmation mail was never pressed."),
        _("They press the button, or sign up again and confirm."),
        consent_helps=True,
    ),
    Reason.CUSTOMER_TOO_OLD: Meaning(
        _("They bought similar products, but three years ago or more."),
        _("A new purchase, or their consent."),
        consent_helps=True,
    ),
    Reason.NOT_ANALOGOUS: Meaning(
        _("They are customers, but bought nothing similar to what this message is about."),
        _("Say in the campaign which product families it is about, or ask for their consent."),
        consent_helps=True,
    ),
    Reason.UNRELATED_ACTIVITY: Meaning(
        _("They are professionals whose work this message is not about, or whose work we do not know."),
        _("Say in the campaign which activities it is about, have staff record theirs, or ask for their consent."),
        consent_helps=True,
    ),
    Reason.NOT_INFORMED: Meaning(
        _("Nobody told them, when their details were collected, that we might contact them and how to refuse."),
        _("Loyal sends them a notice by e-mail within the month that the law gives; or they sign up on a form."),
        consent_helps=True,
    ),
    Reason.NO_CONSENT: Meaning(
        _("The law asks for their yes to this purpose on this channel, and they never gave it."),
        _("Only their yes changes it. To write and ask for it would be prospecting already."),
        consent_helps=True,
    ),
    Reason.OUTSIDE_HOURS: Meaning(
        _("The moment lies outside the days and hours at which the law lets us contact them."),
        _(
            "Another moment: calls on Monday to Friday from 10:00 to 13:00 and 14:00 to 20:00, texts on Monday to "
            "Saturday from 8:00 to 20:00, never on public holidays."
        ),
    ),
    Reason.TOO_MANY_CALLS: Meaning(
        _("They were called four times in thirty days already."),
        _("Time changes it: each call counts for thirty days."),
    ),
    Withholding.HELD: Meaning(
        _("Staff keep their data aside for a dispute, and nothing of it may be used meanwhile."),
        _("It ends with the hold, which staff see on the person's page."),
    ),
    Withholding.RESTRICTED: Meaning(
        _("They asked us to limit what we do with their data."),
        _("Staff lift it once their request is settled."),
    ),
    Withholding.UNDELIVERABLE: Meaning(
        _("What was sent to these addresses came back for good."),
        _("They give another address, on a form or to staff."),
    ),
    Withholding.UNCONFIRMED: Meaning(
        _("Nobody has proved yet that these addresses belong to whoever typed them."),
        _("They press the button in the confirmation mail, or staff confirm it with them."),
    ),
    Withholding.QUARANTINED: Meaning(
        _("These details wait in quarantine, since their source is not known."),
        _("Staff can record the source, with its proof, within thirty days; after that the details are erased."),
    ),
    Withholding.DUPLICATE_ADDRESS: Meaning(
        _("Several people share the address, and it is written to once."),
        _("Nothing needs to change: the message reaches the address."),
    ),
}
_BY_NAME = {str(outcome): meaning for outcome, meaning in MEANINGS.items()}


def meaning_of(outcome: str) -> Meaning | None:
    """Return what a ground or reason means; None for what only the sending can tell, such as a server's refusal."""
    return _BY_NAME.get(outcome)
