"""Which column holds what: the fields that a file may bring, and what their headings are usually called."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _

from prospects.models import Import


class Field(models.TextChoices):
    """What a column may hold."""

    EMAIL = "email", _("e-mail address")
    PHONE = "phone", _("phone number")
    MOBILE = "mobile", _("mobile number")
    FAX = "fax", _("fax number")
    POST = "post", _("whole postal address")
    STREET = "street", _("street")
    STREET_MORE = "street_more", _("street, continued")
    POSTCODE = "postcode", _("postcode")
    CITY = "city", _("city")
    COUNTRY = "country", _("country")
    FIRST_NAME = "first_name", _("first name")
    LAST_NAME = "last_name", _("last name")
    COMPANY = "company", _("company")
    ACTIVITY = "activity", _("activity")
    LANGUAGE = "language", _("language")
    BORN_ON = "born_on", _("birth date")
    COLLECTED_ON = "collected_on", _("collected on")
    PLACE = "place", _("where it was collected")
    PARTNER = "partner", _("partner")
    EVIDENCE = "evidence", _("proof of the row")
    CONSENT_ON = "consent_on", _("consent: day")
    CONSENT_HOW = "consent_how", _("consent: how it was given")
    CONSENT_WORDING = "consent_wording", _("consent: wording")
    OBJECTED_ON = "objected_on", _("objected on")
    OBJECTION_CHANNEL = "objection_channel", _("channel of the objection")
    FAMILY = "family", _("product family")
    PURCHASED_ON = "purchased_on", _("purchased on")
    REFERENCE = "reference", _("reference of the purchase")
    STARTS_ON = "starts_on", _("contract: first day")
    ENDS_ON = "ends_on", _("contract: last day")
    INTERACTION = "interaction", _("interaction")
    INTERACTED_ON = "interacted_on", _("interaction: day")


ADDRESSES = frozenset({Field.EMAIL, Field.PHONE, Field.MOBILE, Field.FAX, Field.POST, Field.STREET})

REQUIRED: dict[str, tuple[Field, ...]] = {
    Import.Kind.CONTACTS: (),
    Import.Kind.PURCHASES: (Field.FAMILY, Field.PURCHASED_ON),
    Import.Kind.CONTRACTS: (Field.FAMILY, Field.STARTS_ON),
    Import.Kind.INTERACTIONS: (Field.INTERACTION, Field.INTERACTED_ON),
    Import.Kind.OBJECTIONS: (),
}

_HEADINGS: dict[Field, str] = {
    Field.EMAIL: "email|e mail|mail|courriel|adresse email|adresse e mail|adresse mail|email address|e mail address",
    Field.PHONE: "phone|telephone|tel|numero de telephone|phone number|telephone fixe|fixe",
    Field.MOBILE: "mobile|portable|gsm|telephone portable|telephone mobile|mobile phone|mobile number|cell",
    Field.FAX: "fax|telecopie|telecopieur",
    Field.POST: "adresse postale|adresse complete|postal address|full address",
    Field.STREET: "adresse|rue|address|street|voie|adresse 1|address 1|address line 1|adresse ligne 1",
    Field.STREET_MORE: "complement|complement d adresse|adresse 2|address 2|address line 2|adresse ligne 2",
    Field.POSTCODE: "code postal|cp|postcode|postal code|zip|zip code",
    Field.CITY: "ville|commune|city|town|localite",
    Field.COUNTRY: "pays|country",
    Field.FIRST_NAME: "prenom|first name|firstname|given name|prenoms",
    Field.LAST_NAME: "nom|last name|lastname|surname|family name|nom de famille",
    Field.COMPANY: "societe|entreprise|company|organisation|organization|raison sociale|company name",
    Field.ACTIVITY: "activite|activity|profession|metier|secteur",
    Field.LANGUAGE: "langue|language",
    Field.BORN_ON: "date de naissance|ne le|birth date|date of birth|birthday|born on|anniversaire",
    Field.COLLECTED_ON: "date de collecte|collecte le|collected on|collected at|collection date|date d inscription"
    "|inscrit le|signed up on|signup date|optin time|date d ajout|created at|date de creation",
    Field.PLACE: "lieu|lieu de collecte|magasin|boutique|place|shop|store",
    Field.PARTNER: "partenaire|partner",
    Field.EVIDENCE: "preuve|evidence|proof|justificatif",
    Field.CONSENT_ON: "date de consentement|date du consentement|consenti le|consent date|consent on|consented on",
    Field.CONSENT_HOW: "mode de consentement|recueil du consentement|consent how|how consent was given|consent method",
    Field.CONSENT_WORDING: "texte du consentement|libelle du consentement|consent wording|consent text",
    Field.OBJECTED_ON: "opposition|opposition le|date d opposition|desinscrit le|date de desinscription|objected on"
    "|unsubscribed on|unsubscribed|unsub time|opt out date",
    Field.OBJECTION_CHANNEL: "canal|canal de l opposition|channel|objection channel",
    Field.FAMILY: "famille|famille de produits|famille produit|product family|family|categorie|category",
    Field.PURCHASED_ON: "date d achat|achete le|date de commande|date de vente|purchased on|purchase date|order date",
    Field.REFERENCE: "reference|commande|numero de commande|facture|numero de facture|order|order number|invoice",
    Field.STARTS_ON: "debut|debut du contrat|date de debut|starts on|start date|contract start",
    Field.ENDS_ON: "fin|fin du contrat|date de fin|ends on|end date|contract end",
    Field.INTERACTION: "interaction|type d interaction|interaction kind",
    Field.INTERACTED_ON: "date d interaction|interaction le|interacted on|interaction date",
}
_FIELD_OF = {heading: field for field, headings in _HEADINGS.items() for heading in headings.split("|")}


def guess(names: Sequence[str]) -> dict[str, int]:
    """Say which column holds which field, by the headings, in French or English; the first that fits has it."""
    columns: dict[str, int] = {}
    for place, name in enumerate(names):
        heading = plain(name)
        field = _FIELD_OF.get(heading) or _FIELD_OF.get(heading.replace(" ", "")) or _own_name(heading)
        if field and field.value not in columns:
            columns[field.value] = place
    return columns


def guess_from_cells(cells: Sequence[str]) -> dict[str, int]:
    """Find at least the e-mail address in a file without headings."""
    place = next((place for place, cell in enumerate(cells) if "@" in cell), None)
    return {} if place is None else {Field.EMAIL.value: place}


def missing(kind: str, columns: Mapping[str, int]) -> list[Field]:
    """The fields that this kind of import cannot do without and that no column holds."""
    lacking = [field for field in REQUIRED[kind] if field.value not in columns]
    if not any(field.value in columns for field in ADDRESSES):
        lacking.insert(0, Field.EMAIL)
    return lacking


def _own_name(heading: str) -> Field | None:
    name = heading.replace(" ", "_")
    return Field(name) if name in Field.values else None


def plain(name: str) -> str:
    """Return a heading as it is compared: small letters and digits, without accents, one space between words."""
    letters = unicodedata.normalize("NFKD", name.lower())
    return re.sub(r"[^a-z0-9]+", " ", "".join(c for c in letters if not unicodedata.combining(c))).strip()
