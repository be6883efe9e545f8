"""The admin of people: one page each, and doors that never let anybody in without a source."""

from prospects.admin import known
from prospects.admin.chapters import add_chapters
from prospects.admin.dealings import ActivityAdmin, ContractAdmin, FamilyAdmin, LegalHoldAdmin
from prospects.admin.extra import ExtraFieldAdmin
from prospects.admin.prospect import ProspectAdmin
from prospects.admin.registers import PendingSignupAdmin, PurgeRunAdmin, SourceRefusalAdmin, StaffActAdmin
from prospects.admin.untold import UntoldSourceAdmin

add_chapters()

__all__ = [
    "ActivityAdmin",
    "ContractAdmin",
    "ExtraFieldAdmin",
    "FamilyAdmin",
    "LegalHoldAdmin",
    "PendingSignupAdmin",
    "ProspectAdmin",
    "PurgeRunAdmin",
    "SourceRefusalAdmin",
    "StaffActAdmin",
    "UntoldSourceAdmin",
    "known",
]
