"""What the logs hold: JSON in production, readable lines elsewhere, and never what tells who somebody is."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

# Masked wherever they stand, in messages, values and tracebacks alike: e-mail addresses, telephone numbers, the tokens
# in the links of our mails, which would let a reader of the log act for the person.
_MASKS = (
    (re.compile(r"[^\s<>\"'(),;:=]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"(?<![\w.:-])(?:\+|00)?\d(?:[ .-]?\d){8,14}(?![\w:-])"), "[number]"),
    (re.compile(r"(/[a-z]{1,12}/)[A-Za-z0-9_=:.-]{20,}"), r"\1[token]"),
)


def mask(text: str) -> str:
    """Hide what tells who somebody is."""
    for pattern, stand_in in _MASKS:
        text = pattern.sub(stand_in, text)
    return text


def mask_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask every text of a log entry; times and levels are left as they are."""
    for name, value in event.items():
        if name not in {"timestamp", "level", "logger"} and not name.startswith("_"):
            event[name] = _masked(value)
    return event


def _masked(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {key: _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(item) for item in value]
    return mask(str(value))


def logging_settings(*, json: bool, level: str) -> dict[str, Any]:
    """Give Django's LOGGING, and let structlog's own loggers go the same way."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Any = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, mask_event, renderer],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django would print tracebacks in its own way, and mail them with the visitor's whole request.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            # The mail catcher's SMTP server would name every recipient.
            "mail.log": {"level": "ERROR"},
            # Of a task it would print the arguments, and of beat every nudge.
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
        },
    }
