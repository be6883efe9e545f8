"""Who we know, where each detail came from, and what the person did."""

from prospects.models.address_change import AddressChange
from prospects.models.call import CallAttempt
from prospects.models.dealings import Activity, Contract, Family, InformationRequest, Purchase
from prospects.models.detail import ContactDetail, Source
from prospects.models.exports import Export, HandedOver
from prospects.models.hold import LegalHold
from prospects.models.imports import Import, ImportLane, ImportRow
from prospects.models.interaction import Interaction
from prospects.models.pending import PendingSignup
from prospects.models.prospect import Prospect
from prospects.models.registers import PurgeRun, SourceRefusal
from prospects.models.untold import UntoldSource

__all__ = [
    "Activity",
    "AddressChange",
    "CallAttempt",
    "ContactDetail",
    "Contract",
    "Export",
    "Family",
    "HandedOver",
    "Import",
    "ImportLane",
    "ImportRow",
    "InformationRequest",
    "Interaction",
    "LegalHold",
    "PendingSignup",
    "Prospect",
    "Purchase",
    "PurgeRun",
    "Source",
    "SourceRefusal",
    "UntoldSource",
]
