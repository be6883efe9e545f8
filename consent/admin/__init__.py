"""The admin of evidence: what staff write before it is shown, and read-only ever after."""

from consent.admin.evidence import ActAdmin, ObjectionAdmin, PermissionAdmin
from consent.admin.notice import NoticeAdmin
from consent.admin.organisation import OrganisationAdmin, PurposeAdmin
from consent.admin.scan import ScanAdmin
from consent.admin.signup_form import SignupFormAdmin

__all__ = [
    "ActAdmin",
    "NoticeAdmin",
    "ObjectionAdmin",
    "OrganisationAdmin",
    "PermissionAdmin",
    "PurposeAdmin",
    "ScanAdmin",
    "SignupFormAdmin",
]
