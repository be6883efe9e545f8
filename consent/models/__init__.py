"""Evidence, kept by address key, so that it outlives the person."""

from consent.models.act import Act
from consent.models.notice import Box, Notice
from consent.models.objection import Objection
from consent.models.organisation import Organisation
from consent.models.permission import Permission
from consent.models.picture import Picture
from consent.models.purpose import Purpose
from consent.models.scan import Scan
from consent.models.sender import Sender
from consent.models.signup_form import SignupForm

__all__ = [
    "Act",
    "Box",
    "Notice",
    "Objection",
    "Organisation",
    "Permission",
    "Picture",
    "Purpose",
    "Scan",
    "Sender",
    "SignupForm",
]
