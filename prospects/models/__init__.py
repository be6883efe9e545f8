"""Who we know, where each detail came from, and what the person did."""

from prospects.models.address_change import AddressChange
from prospects.models.call import CallAttempt
from prospects.models.dealings import Activity, Contract, Family, InformationRequest, Purchase
from prospects.models.detail import ContactDetail, Source
from prospects.models.exports import Export, HandedOver
from prospects.models.extra import ExtraField
from prospects.models.hold import LegalHold
from prospects.models.imports import Import, ImportLane, ImportRow
from prospects.models.interaction import Interaction
from prospects.models.merged import MergedRecord
from prospects.models.pending import PendingSignup
from prospects.models.prospect import Prospect
from prospects.models.question import Question
from prospects.models.registers import PurgeRun, SourceRefusal
from prospects.models.rights import RightsRequest
from prospects.models.untold import UntoldSource

__all__ = [
    "Activity",
    "AddressChange",
    "CallAttempt",
    "ContactDetail",
    "Contract",
    "Export",
    "ExtraField",
    "Family",
    "HandedOver",
    "Import",
    "ImportLane",
    "ImportRow",
    "InformationRequest",
    "Interaction",
    "LegalHold",
    "MergedRecord",
    "PendingSignup",
    "Prospect",
    "Purchase",
    "PurgeRun",
    "Question",
    "RightsRequest",
    "Source",
    "SourceRefusal",
    "UntoldSource",
]
