#!/usr/bin/env python
"""Django's command line, on the settings that the environment asks for."""

import sys

from config.settings import choose_settings


def main() -> None:
    choose_settings()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
