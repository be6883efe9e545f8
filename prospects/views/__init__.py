"""What a visitor of the website meets."""

from prospects.views.home import home
from prospects.views.signup import signup

__all__ = ["home", "signup"]
