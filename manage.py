#!/usr/bin/env python
"""Django's command line, on the settings that the environment asks for."""

import sys

from config.embedded import EmbeddedServiceError
from config.settings import SettingsRefused, choose_settings


def main() -> None:
    choose_settings()
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except (EmbeddedServiceError, SettingsRefused) as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
