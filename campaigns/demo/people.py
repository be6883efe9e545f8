"""Two hundred people who do not exist, each with a history that the shop may have had with them.

They come in by the same doors as anybody: the intake, the acts, the stops. Their addresses lead nowhere.
"""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from campaigns.demo.shop import ACTIVITIES, FAMILIES, Shop
from campaigns.demo.texts import text
from consent.acts import confirmed, given, informed, record_acts, record_stop
from consent.models import Act, Box, Notice
from consent.vocabulary import Channel, Medium
from prospects.intake import Person, Provenance, record_interaction, take_in
from prospects.models import ContactDetail, Contract, Interaction, LegalHold, Prospect, Purchase, RightsRequest, Source
from prospects.rights.handling import Noted, enter

Right, Door = RightsRequest.Right, RightsRequest.Door

FIRST_NAMES = text("first_names.txt").split()
LAST_NAMES = text("last_names.txt").split()
STREETS = ["rue des Essais", "avenue du Modèle", "place de l'Exemple", "chemin des Épreuves"]
TOWNS = ["75001 Paris", "69002 Lyon", "13006 Marseille", "44000 Nantes", "67000 Strasbourg", "31000 Toulouse"]
COMPANIES = ["Jardins", "Maison", "Auberge", "Atelier", "Domaine", "Fleurs"]

# Who the shop knows: how many people of each kind of history.
HISTORIES = {
    "reads_the_letter": 66,
    "reads_letter_and_offers": 34,
    "left_by_link": 14,
    "bought_in_the_shop": 26,
    "bought_then_objected": 5,
    "bought_long_ago": 5,
    "asked_for_the_catalogue": 16,
    "refused_letters": 5,
    "works_in_the_trade": 14,
    "company_address": 6,
    "has_a_contract": 5,
    "silent_for_nearly_three_years": 6,
    "came_from_a_partner": 3,
    "came_from_nowhere": 3,
    "mail_comes_back": 2,
}


@dataclass
class Neighbourhood:
    """Makes people up, always the same ones, with dates counted back from one moment."""

    shop: Shop
    at: datetime
    dice: random.Random

    def __post_init__(self) -> None:
        names = [(first, last) for last in LAST_NAMES for first in FIRST_NAMES]
        self._names: Iterator[tuple[str, str]] = iter(self.dice.sample(names, k=len(names)))

    def settle(self) -> None:
        """Let everybody in."""
        for history, count in HISTORIES.items():
            for _number in range(count):
                getattr(self, f"_{history}")()
        self._set_apart()

    # ---- Histories ----

    def _reads_the_letter(self) -> Prospect:
        return self._signs_up(self.shop.box(self.shop.letter, self.shop.newsletter, Channel.EMAIL))

    def _reads_letter_and_offers(self) -> Prospect:
        boxes = self.shop.letter.boxes.all()
        return self._signs_up(*boxes)

    def _left_by_link(self) -> None:
        reader = self._reads_letter_and_offers()
        detail = reader.details.get()
        purpose = self.dice.choice([self.shop.newsletter, self.shop.offers])
        record_stop(
            detail.address_key,
            key_id=detail.key_id,
            channel=Channel.EMAIL,
            purpose_id=purpose.pk,
            at=self._since(detail.active_at or self.at),
            origin=self.dice.choice([Act.Origin.STOP_LINK, Act.Origin.ONE_CLICK]),
        )

    def _bought_in_the_shop(self) -> Prospect:
        return self._buys(self._ago(20, 900))

    def _bought_then_objected(self) -> None:
        detail = self._buys(self._ago(200, 700)).details.get()
        record_stop(
            detail.address_key,
            key_id=detail.key_id,
            channel=None,
            purpose_id=None,
            at=self._ago(10, 150),
            origin=Act.Origin.STAFF,
            evidence={"told": "phone"},
        )

    def _bought_long_ago(self) -> None:
        customer = self._buys(self._ago(1120, 1300))
        record_interaction(customer, Interaction.Kind.REPLIED, self._ago(60, 700))

    def _asked_for_the_catalogue(self) -> Prospect:
        collected = self._ago(20, 900)
        person = self._person()
        prospect = self._enter(
            person,
            {Medium.EMAIL: self._email(person), Medium.POST: self._post(person)},
            self._own_form(self.shop.catalogue, collected),
        )
        for detail in prospect.details.all():
            record_acts([self._informed(detail, self.shop.catalogue, collected)])
        record_interaction(prospect, Interaction.Kind.SIGNED_UP, collected)
        return prospect

    def _refused_letters(self) -> None:
        prospect = self._asked_for_the_catalogue()
        detail = prospect.details.get(medium=Medium.POST)
        record_stop(
            detail.address_key,
            key_id=detail.key_id,
            channel=Channel.POST,
            purpose_id=self.shop.offers.pk,
            at=detail.source.collected_at or self.at,
            origin=Act.Origin.FORM,
        )

    def _works_in_the_trade(self) -> Prospect:
        person = self._person(
            kind=Prospect.Kind.PROFESSIONAL,
            company=f"{self.dice.choice(COMPANIES)} {self.dice.choice(LAST_NAMES)}",
            activity=self.dice.choice(list(ACTIVITIES)),
        )
        return self._enter(
            person, {Medium.EMAIL: self._email(person), Medium.PHONE: self._phone()}, self._met_at_a_fair()
        )

    def _company_address(self) -> None:
        company = f"{self.dice.choice(COMPANIES)} {next(self._names)[1]}"
        person = Person(kind=Prospect.Kind.PROFESSIONAL, company=company, activity=self.dice.choice(list(ACTIVITIES)))
        address = f"info@{_plain(company).replace(' ', '-')}.example.test"
        self._enter(person, {Medium.EMAIL: address}, self._met_at_a_fair())

    def _has_a_contract(self) -> None:
        customer = self._buys(self._ago(30, 600))
        starts = self._ago(30, 300).date()
        Contract.objects.create(prospect=customer, families=["ateliers"], starts_on=starts)

    def _silent_for_nearly_three_years(self) -> None:
        self._signs_up(
            self.shop.box(self.shop.letter, self.shop.newsletter, Channel.EMAIL), collected=self._ago(1066, 1093)
        )

    def _came_from_a_partner(self) -> None:
        person = self._person()
        provenance = Provenance(
            kind=Source.Kind.PARTNER,
            collected_at=self._ago(30, 200),
            partner="Coopérative d'Essai",
            informed=True,
            evidence={"described": "Registre du partenaire, ligne à ligne"},
        )
        self._enter(person, {Medium.EMAIL: self._email(person)}, provenance)

    def _came_from_nowhere(self) -> None:
        person = self._person()
        self._enter(person, {Medium.EMAIL: self._email(person)}, Provenance(kind=Source.Kind.UNKNOWN))

    def _mail_comes_back(self) -> None:
        self._reads_the_letter().details.update(state=ContactDetail.State.UNDELIVERABLE)

    def _set_apart(self) -> None:
        """One person is in dispute with the shop, another asked it to freeze their data, a third wrote to see them."""
        customers = Prospect.objects.filter(purchases__isnull=False)
        readers = Prospect.objects.filter(interactions__kind=Interaction.Kind.CONFIRMED)
        LegalHold.objects.create(
            prospect=customers.earliest("pk"),
            reason="Litige sur une livraison",
            starts_at=self._ago(10, 40),
            ends_at=self.at + timedelta(days=180),
        )
        Prospect.objects.filter(pk=readers.earliest("pk").pk).update(restricted_at=self._ago(2, 20))
        asks = ContactDetail.objects.filter(prospect=customers.latest("pk"), medium=Medium.EMAIL).get()
        wrote_on = self._ago(4, 20)
        letter = Noted(Right.ACCESS, Medium.EMAIL, asks.address, Door.LETTER, wrote_on, "signature", "fr")
        enter(letter, by=None, at=wrote_on)

    # ---- What happens in them ----

    def _signs_up(self, *boxes: Box, collected: datetime | None = None) -> Prospect:
        """Tick these boxes on the letter's form, then press the button in the confirmation mail."""
        collected = collected or self._ago(5, 900)
        pressed = collected + timedelta(minutes=self.dice.randint(1, 600))
        person = self._person()
        prospect = self._enter(person, {Medium.EMAIL: self._email(person)}, self._own_form(self.shop.letter, collected))
        detail = prospect.details.get()
        acts = [self._informed(detail, self.shop.letter, collected)]
        for box in boxes:
            yes = given(
                detail.address_key,
                box,
                at=collected,
                needs_confirmation=True,
                origin=Act.Origin.FORM,
                language=person.language,
                evidence=self._evidence("lettre"),
            )
            acts += [yes, confirmed(yes, at=pressed, origin=Act.Origin.CONFIRMATION)]
        record_acts(acts)
        record_interaction(prospect, Interaction.Kind.SIGNED_UP, collected)
        record_interaction(prospect, Interaction.Kind.CONFIRMED, pressed)
        return prospect

    def _buys(self, bought: datetime) -> Prospect:
        person = self._person()
        provenance = Provenance(
            kind=Source.Kind.SALE,
            collected_at=bought,
            collected_by="Caisse 2",
            place="Boutique de la rue des Essais",
            notice=self.shop.letter,
            informed=True,
            evidence={"described": "Ticket de caisse"},
        )
        customer = self._enter(person, {Medium.EMAIL: self._email(person)}, provenance)
        families = self.dice.sample([path for path in FAMILIES if path != "ateliers"], k=self.dice.randint(1, 2))
        Purchase.objects.bulk_create(
            Purchase(prospect=customer, family=family, at=bought, reference=f"T-{customer.pk:05}")
            for family in families
        )
        return customer

    def _enter(self, person: Person, addresses: dict[Medium, str], provenance: Provenance) -> Prospect:
        at = provenance.collected_at or self._ago(2, 20)
        return take_in(person, addresses, provenance, at=at, door="demonstration")

    def _informed(self, detail: ContactDetail, notice: Notice, at: datetime) -> Act:
        return informed(
            detail.address_key,
            at=at,
            origin=Act.Origin.FORM,
            notice=notice,
            language=detail.prospect.language,
            evidence=self._evidence(notice.code),
        )

    def _own_form(self, notice: Notice, collected: datetime) -> Provenance:
        return Provenance(
            kind=Source.Kind.FORM,
            collected_at=collected,
            place=f"/s/{notice.code}/",
            notice=notice,
            informed=True,
            evidence=self._evidence(notice.code),
        )

    def _met_at_a_fair(self) -> Provenance:
        return Provenance(
            kind=Source.Kind.EVENT,
            collected_at=self._ago(15, 800),
            collected_by="Stand 12",
            place="Salon du végétal",
            informed=True,
            evidence={"described": "Fiche de visite signée"},
        )

    # ---- Names, addresses, dates ----

    def _person(self, **known: Any) -> Person:
        first, last = next(self._names)
        language = "en" if self.dice.random() < 0.08 else "fr"
        return Person(first_name=first, last_name=last, language=language, **known)

    def _email(self, person: Person) -> str:
        return f"{_plain(person.first_name)}.{_plain(person.last_name)}@example.test"

    def _post(self, person: Person) -> str:
        number, street, town = self.dice.randint(1, 90), self.dice.choice(STREETS), self.dice.choice(TOWNS)
        return f"{person.first_name} {person.last_name}\n{number} {street}\n{town}"

    def _phone(self) -> str:
        return f"01 99 00 {self.dice.randint(0, 99):02} {self.dice.randint(0, 99):02}"

    def _ago(self, least: int, most: int) -> datetime:
        """Some moment between so many days ago and so many."""
        return self.at - timedelta(days=self.dice.randint(least, most), minutes=self.dice.randint(0, 600))

    def _since(self, moment: datetime) -> datetime:
        return moment + (self.at - moment) * self.dice.uniform(0.1, 0.9)

    def _evidence(self, form: str) -> dict[str, str]:
        return {"form": form, "page": f"/s/{form}/", "network": "192.0.2.0/24"}


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.lower().replace("œ", "oe"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
