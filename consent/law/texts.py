"""The law in plain words: what each ground and reason is called, and the sentence that says it of one contact."""

import re
from datetime import date, datetime

from consent.law.days import paris_day
from consent.law.row import Row
from consent.law.words import Channel, Column, Ground, Outcome, Reason, Requirement, Rulebook, Text

# Short names: for counts, tables and filters.
LABELS: dict[Outcome, Text] = {
    Ground.CONSENT: Text("consentement de la personne", "the person's consent"),
    Ground.CONTRACT: Text("contrat en cours", "contract in progress"),
    Ground.REQUEST: Text("demande d'information de la personne", "the person asked for information"),
    Ground.CUSTOMER: Text("client, produits analogues", "customer, analogous products"),
    Ground.PROFESSIONAL: Text("professionnel, en lien avec son activité", "professional, related to their activity"),
    Ground.COMPANY: Text("adresse générique d'une entreprise", "generic address of a company"),
    Ground.INFORMATION: Text("personne informée, libre de refuser", "informed, and free to refuse"),
    Reason.OBJECTED: Text("opposition de la personne", "the person objected"),
    Reason.CONSENT_WITHDRAWN: Text("consentement retiré", "consent withdrawn"),
    Reason.SOURCE_FORBIDDEN: Text("coordonnées trouvées sur Internet", "details found on the Internet"),
    Reason.SOURCE_UNKNOWN: Text("origine inconnue", "unknown origin"),
    Reason.RETENTION_EXPIRED: Text("trois ans sans signe de la personne", "three years without a sign of the person"),
    Reason.MINOR: Text("moins de 15 ans", "under 15"),
    Reason.SECTOR_BANNED: Text("secteur interdit de prospection", "sector banned from prospecting"),
    Reason.CONSENT_INCOMPLETE: Text("consentement sans les cinq mentions", "consent without the five mentions"),
    Reason.CONSENT_EXPIRED: Text("consentement expiré", "consent expired"),
    Reason.CONSENT_UNCONFIRMED: Text("consentement non confirmé", "consent not confirmed"),
    Reason.CUSTOMER_TOO_OLD: Text("dernier achat trop ancien", "latest purchase too old"),
    Reason.NOT_ANALOGOUS: Text("produits non analogues à ses achats", "products unlike those bought"),
    Reason.UNRELATED_ACTIVITY: Text("sans lien avec l'activité", "unrelated to the activity"),
    Reason.NOT_INFORMED: Text("personne non informée", "not informed"),
    Reason.NO_CONSENT: Text("pas de consentement", "no consent"),
    Reason.OUTSIDE_HOURS: Text("hors des heures permises", "outside the hours allowed"),
    Reason.TOO_MANY_CALLS: Text("trop d'appels en 30 jours", "too many calls in 30 days"),
}

# The same as sentences. What stands in braces is filled in from the row judged.
SENTENCES: dict[Outcome, Text] = {
    Ground.CONSENT: Text(
        "La personne a donné son consentement le {given_at}.", "The person gave their consent on {given_at}."
    ),
    Ground.CONTRACT: Text(
        "Un contrat qui porte sur ces produits est en cours.", "A contract about these products is in progress."
    ),
    Ground.REQUEST: Text(
        "La personne a demandé une information le {covering_request_at} : un rappel est permis dans les cinq jours "
        "ouvrés.",
        "The person asked for information on {covering_request_at}: one call back is allowed within five working days.",
    ),
    Ground.CUSTOMER: Text(
        "La personne est cliente : son achat du {last_covering_purchase_at} porte sur des produits analogues et a "
        "moins de trois ans ; elle a été informée et pouvait refuser.",
        "The person is a customer: their purchase of {last_covering_purchase_at} was of analogous products and is less "
        "than three years old; they were informed and could refuse.",
    ),
    Ground.PROFESSIONAL: Text(
        "Le message est en lien avec l'activité de ce professionnel ({activity}), qui a été informé et "
        "pouvait refuser.",
        "The message is related to the activity of this professional ({activity}), who was informed and could refuse.",
    ),
    Ground.COMPANY: Text(
        "C'est l'adresse générique d'une entreprise, dont l'origine est permise, et personne ne s'est opposé.",
        "It is the generic address of a company, its origin is allowed, and nobody objected.",
    ),
    Ground.INFORMATION: Text(
        "La personne a été informée qu'elle pouvait être contactée et pouvait refuser sans frais.",
        "The person was informed that they might be contacted and could refuse free of charge.",
    ),
    Reason.OBJECTED: Text(
        "La personne s'est opposée à cet envoi le {objected_at}.", "The person objected to this on {objected_at}."
    ),
    Reason.CONSENT_WITHDRAWN: Text(
        "La personne a retiré son consentement le {withdrawn_at}.",
        "The person withdrew their consent on {withdrawn_at}.",
    ),
    Reason.SOURCE_FORBIDDEN: Text(
        "Ces coordonnées ont été trouvées sur Internet : on ne prospecte pas avec des coordonnées que la personne n'a "
        "pas communiquées elle-même.",
        "These details were found on the Internet: nobody is prospected with details that they did not give "
        "themselves.",
    ),
    Reason.SOURCE_UNKNOWN: Text(
        "Personne ne peut dire d'où viennent ces coordonnées, ni quand elles ont été recueillies.",
        "Nobody can say where these details come from or when they were collected.",
    ),
    Reason.RETENTION_EXPIRED: Text(
        "Le dernier signe de la personne date du {last_sign} : trois ans se sont écoulés.",
        "The latest sign of the person dates from {last_sign}: three years have gone by.",
    ),
    Reason.MINOR: Text("La personne a moins de 15 ans.", "The person is under 15."),
    Reason.SECTOR_BANNED: Text(
        "La prospection des particuliers par ce canal est interdite dans ce secteur, sauf contrat en cours.",
        "Prospecting individuals on this channel is forbidden in this sector, unless a contract is in progress.",
    ),
    Reason.CONSENT_INCOMPLETE: Text(
        "Le consentement donné le {given_at} a été demandé sans les cinq mentions obligatoires pour les appels.",
        "The consent given on {given_at} was asked for without the five mentions that calls require.",
    ),
    Reason.CONSENT_EXPIRED: Text(
        "Le consentement donné le {given_at} a 365 jours ou plus : pour les appels, il a expiré.",
        "The consent given on {given_at} is 365 days old or more: for calls, it has expired.",
    ),
    Reason.CONSENT_UNCONFIRMED: Text(
        "Le consentement donné le {given_at} n'a pas été confirmé par la personne.",
        "The consent given on {given_at} was not confirmed by the person.",
    ),
    Reason.CUSTOMER_TOO_OLD: Text(
        "Le dernier achat de produits analogues, le {last_covering_purchase_at}, a trois ans ou plus.",
        "The latest purchase of analogous products, on {last_covering_purchase_at}, is three years old or more.",
    ),
    Reason.NOT_ANALOGOUS: Text(
        "La personne est cliente, mais n'a pas acheté de produits analogues à ceux du message.",
        "The person is a customer, but bought no products analogous to those of the message.",
    ),
    Reason.UNRELATED_ACTIVITY: Text(
        "Le message n'est pas en lien avec l'activité de ce professionnel, ou son activité est inconnue.",
        "The message is not related to the activity of this professional, or their activity is unknown.",
    ),
    Reason.NOT_INFORMED: Text(
        "La personne n'a pas été informée, lors de la collecte, de ces envois et du moyen de les refuser.",
        "The person was not informed, at collection, of such messages and of how to refuse them.",
    ),
    Reason.NO_CONSENT: Text(
        "La personne n'a pas consenti à ces envois par ce canal.", "The person did not consent to this on this channel."
    ),
    Reason.OUTSIDE_HOURS: Text(
        "Ce n'est pas une heure permise là où se trouve la personne.",
        "It is not an hour at which the person may be contacted where they are.",
    ),
    Reason.TOO_MANY_CALLS: Text(
        "La personne a déjà été appelée quatre fois ou plus en 30 jours, ou le nombre d'appels est inconnu.",
        "The person was called four times or more in 30 days already, or the number of calls is unknown.",
    ),
}
_UNDATED_OBJECTION = Text(
    "La personne s'est opposée à cet envoi, à une date inconnue.", "The person objected to this, on an unknown date."
)

CHANNELS: dict[Channel, Text] = {
    Channel.EMAIL: Text("e-mail", "e-mail"),
    Channel.SMS: Text("SMS", "SMS"),
    Channel.MMS: Text("MMS", "MMS"),
    Channel.BLUETOOTH: Text("Bluetooth", "Bluetooth"),
    Channel.FAX: Text("télécopie", "fax"),
    Channel.AUTOMATED_CALL: Text("appel par automate", "automated call"),
    Channel.PHONE: Text("appel téléphonique", "phone call"),
    Channel.POST: Text("courrier postal", "post"),
}
COLUMNS: dict[Column, Text] = {
    Column.INDIVIDUAL: Text("particulier", "individual"),
    Column.CUSTOMER: Text("client", "customer"),
    Column.PROFESSIONAL: Text("professionnel", "professional"),
    Column.COMPANY: Text("adresse générique d'entreprise", "generic company address"),
}
REQUIREMENTS: dict[Requirement, Text] = {
    Requirement.CONSENT: Text("consentement", "consent"),
    Requirement.PHONE_CONSENT: Text("consentement aux appels", "phone consent"),
    Requirement.CONTRACT: Text("contrat en cours", "contract"),
    Requirement.REQUEST: Text("demande d'information", "request"),
    Requirement.CUSTOMER: Text("client", "customer"),
    Requirement.PROFESSIONAL: Text("professionnel", "professional"),
    Requirement.COMPANY: Text("entreprise", "company"),
    Requirement.INFORMATION: Text("information", "information"),
}
RULEBOOKS: dict[Rulebook, Text] = {
    Rulebook.LAW: Text("la loi en vigueur", "the law in force"),
    Rulebook.ARTICLE: Text("l'article fondateur", "the founding article"),
}

WEEKDAYS = Text(
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
)
_MONTHS = Text(
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "January February March April May June July August September October November December",
)
_FRENCH_MONTHS, _ENGLISH_MONTHS = _MONTHS.fr.split(), _MONTHS.en.split()


def long_date(day: date) -> Text:
    """Say a day in full: 1er mars 2025, 1 March 2025."""
    first = "er" if day.day == 1 else ""
    return Text(
        f"{day.day}{first} {_FRENCH_MONTHS[day.month - 1]} {day.year}",
        f"{day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}",
    )


def sentence(outcome: Outcome, row: Row, sources: tuple[str, ...]) -> Text:
    """Say of one contact why it is allowed or refused, with the dates of the facts and the texts that say so."""
    words = SENTENCES[outcome]
    if outcome is Reason.OBJECTED and row.objected_at == row.at:
        words = _UNDATED_OBJECTION
    place = _PLACE.search(words.fr)
    if place is not None:
        said = _said(place[1], row)
        words = Text(words.fr.replace(place[0], said.fr), words.en.replace(place[0], said.en))
    cited = f" ({' ; '.join(sources)})."
    return Text(words.fr.removesuffix(".") + cited, words.en.removesuffix(".") + cited)


_PLACE = re.compile(r"\{(\w+)\}")


def _said(name: str, row: Row) -> Text:
    """Say one column of the row; `last_sign` is the later of the person's latest act and the end of their contract."""
    value = _last_sign(row) if name == "last_sign" else getattr(row, name)
    if isinstance(value, datetime):
        return long_date(paris_day(value))
    return long_date(value) if isinstance(value, date) else Text(str(value), str(value))


def _last_sign(row: Row) -> date | None:
    signs = (paris_day(row.active_at) if row.active_at else None, row.contract_until)
    return max((sign for sign in signs if sign is not None), default=None)
