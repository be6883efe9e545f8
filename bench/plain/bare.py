"""The least that can keep a signup: a WSGI application without any framework, and one INSERT."""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

import psycopg

_here = threading.local()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if not hasattr(_here, "connection"):
        address = f"host={os.environ['BENCH_SOCKETS']} user=loyal dbname=plain"
        _here.connection = psycopg.connect(address, autocommit=True)
    sent = dict(parse_qsl(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()))
    _here.connection.execute("INSERT INTO bare_contact (email) VALUES (%s)", [sent["email"]])
    start_response("302 Found", [("Location", "/thanks/"), ("Content-Length", "0")])
    return [b""]
