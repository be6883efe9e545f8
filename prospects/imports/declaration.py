"""What staff declare of a whole file: where it comes from, who collected it and when, under which notice."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from consent.law import SourceKind
from prospects.forbidden_sources import ForbiddenSource
from prospects.imports.columns import Field, missing
from prospects.imports.days import moment
from prospects.models import Import, Prospect, Source


@dataclass(frozen=True, slots=True)
class ConsentColumns:
    """Where a row proves its consent for one purpose and channel: its day, how it was given, what was read."""

    purpose_id: int
    channel: str
    on: int
    how: int | None = None
    wording: int | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """Valid for every row that does not say otherwise in a column of its own. `collected_on` is one day for all."""

    source: str
    collected_by: str = ""
    collected_on: str = ""
    place: str = ""
    partner: str = ""
    notice_id: int | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)
    consents: tuple[ConsentColumns, ...] = ()
    person: str = Prospect.Kind.INDIVIDUAL
    month_first: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(**{**kept, "consents": tuple(ConsentColumns(**columns) for columns in kept.get("consents", ()))})

    def check(self, kind: str, columns: Mapping[str, int]) -> None:
        """Refuse what no row could mend. Raises ForbiddenSource for the public web, or ValidationError."""
        if self.source == SourceKind.PUBLIC_WEB:
            raise ForbiddenSource
        problems = [
            ValidationError(_("No column holds: %(field)s."), params={"field": lacking.label})
            for lacking in missing(kind, columns)
        ]
        if kind != Import.Kind.OBJECTIONS:
            problems += self._problems(columns)
        if problems:
            raise ValidationError(problems)

    def _problems(self, columns: Mapping[str, int]) -> list[ValidationError]:
        problems = []
        if self.source not in Source.Kind.values:
            problems.append(ValidationError(_("Say where these details come from.")))
        if not self.collected_by:
            problems.append(ValidationError(_("Say who collected these details.")))
        if not self.collected_on and Field.COLLECTED_ON not in columns and self.source != Source.Kind.UNKNOWN:
            problems.append(ValidationError(_("Say on which day the people gave these details, or in which column.")))
        if self.collected_on:
            try:
                moment(self.collected_on, month_first=self.month_first)
            except ValueError:
                problems.append(ValidationError(_("The day of collection cannot be read.")))
        if self.source == Source.Kind.PARTNER:
            if not self.partner and Field.PARTNER not in columns:
                problems.append(ValidationError(_("Name the partner from whom these details come.")))
            if Field.EVIDENCE not in columns:
                problems.append(
                    ValidationError(_("A partner's list needs a proof for each row: say which column holds it."))
                )
        return problems
