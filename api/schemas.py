"""What requests say of people, and what they are told of them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.utils import timezone
from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, StringConstraints

from consent.addresses import normalise
from consent.models import Notice
from consent.vocabulary import Channel, Language, Medium
from prospects.extras import defined
from prospects.intake import Person
from prospects.models import Prospect
from prospects.models.extra import checked


def _readable(text: str) -> str:
    """PostgreSQL keeps no NUL, and no half of a surrogate pair."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("holds a character that no text may hold")
    return text


def _past(at: datetime) -> datetime:
    if at > timezone.now():
        raise ValueError("is still to come")
    if at.year < 1900:
        raise ValueError("is before 1900")
    return at


Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_readable)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(_readable)]
Slug = Annotated[str, StringConstraints(max_length=200), AfterValidator(_readable)]
PastMoment = Annotated[AwareDatetime, AfterValidator(_past)]
ChannelName = Literal[*Channel.values]  # type: ignore[valid-type] # the words of the vocabulary
LanguageName = Literal[*Language.values]  # type: ignore[valid-type]
KindName = Literal[*Prospect.Kind.values]  # type: ignore[valid-type]


class Strict(Schema):
    """A request body: a field that it does not have is an error, so that none is overlooked."""

    model_config = ConfigDict(extra="forbid")


class Addresses(Strict):
    """One address or several of one person."""

    email: Text = Field("", description="An e-mail address.")
    phone: Text = Field("", description="A phone number; French ones may lack their prefix.")
    post: LongText = Field("", description="A postal address, of two lines or more.")

    def by_medium(self) -> dict[Medium, str]:
        """The addresses given, in their one form. Raises ValidationError."""
        typed = {Medium.EMAIL: self.email, Medium.PHONE: self.phone, Medium.POST: self.post}
        given = {medium: normalise(medium, address) for medium, address in typed.items() if address}
        if not given:
            raise ValidationError("Give at least one address.")
        return given


class Noted(Strict):
    """What is noted of a person beyond what everybody has."""

    extra: dict[Slug, bool | float | LongText | None] = Field(
        default_factory=dict,
        description="Extra fields that staff defined, by their short names. What is known already stays.",
    )

    def noted(self) -> dict[str, Any]:
        """As it is kept. Raises ValidationError where a field does not exist or a value does not fit it."""
        return checked(self.extra, defined()) if self.extra else {}


class Who(Addresses, Noted):
    """Somebody who becomes known, or is known already, by an address."""

    kind: KindName = Prospect.Kind.INDIVIDUAL.value
    first_name: Text = ""
    last_name: Text = ""
    company: Text = ""
    activity: Slug = Field("", description="The short name of an activity that staff keep.")
    language: LanguageName = Language.FRENCH.value
    born_on: date | None = None

    def person(self) -> Person:
        """As the intake takes it. Raises ValidationError where an extra field does not fit."""
        return Person(
            kind=self.kind,
            first_name=self.first_name[:150],
            last_name=self.last_name[:150],
            company=self.company,
            activity=self.activity or None,
            language=self.language,
            born_on=self.born_on,
            extra=self.noted(),
        )


class NoticeShown(Strict):
    """The notice that the person was shown, with a free way to refuse."""

    code: Slug
    version: int = Field(ge=1, le=1_000_000)

    def find(self) -> Notice:
        """Return the published notice. Raises ValidationError where there is none."""
        notice = Notice.objects.published().filter(code=self.code, version=self.version).first()
        if notice is None:
            raise ValidationError(f"No notice “{self.code}” of version {self.version} was published.")
        return notice


class Recorded(Schema):
    """What became of what was sent: recorded now, or known already."""

    recorded: bool = Field(description="False where the same was on record: nothing was added.")
    person: int | None = Field(default=None, description="The number of the person, where one is known.")
