"""The admin of people: one page each, and doors that never let anybody in without a source."""

from prospects.admin import known
from prospects.admin.dealings import ActivityAdmin, ContractAdmin, FamilyAdmin, LegalHoldAdmin
from prospects.admin.prospect import ProspectAdmin
from prospects.admin.registers import PendingSignupAdmin, PurgeRunAdmin, SourceRefusalAdmin
from prospects.admin.untold import UntoldSourceAdmin

__all__ = [
    "ActivityAdmin",
    "ContractAdmin",
    "FamilyAdmin",
    "LegalHoldAdmin",
    "PendingSignupAdmin",
    "ProspectAdmin",
    "PurgeRunAdmin",
    "SourceRefusalAdmin",
    "UntoldSourceAdmin",
    "known",
]
