"""What to tell a person when an embedded server does not start."""

import re

FULL_DISK = "No space left on device"


class EmbeddedServiceError(Exception):
    """An embedded server cannot run here; the message is one sentence for a person."""


def explain(server: str, log: str) -> str:
    """Say in one sentence why a server did not start, from the end of its log."""
    if FULL_DISK in log:
        return f"{server} cannot start: the disk is full."
    complaints = re.findall(r"(?:FATAL|PANIC|error|Error|ERR)[^\n:]*:\s*([^\n]+)", log)
    reason = complaints[-1] if complaints else (log.strip().splitlines() or ["it said nothing"])[-1]
    return f"{server} cannot start: {reason.strip().rstrip('.')}."
