"""The embedded Valkey, which speaks Redis: how it is started, when it serves."""

import signal
import socket
import time
from typing import Any

from config.embedded.account import Account
from config.embedded.places import Places
from config.embedded.programs import valkey_program

BROKER_DATABASE = 0
CACHE_DATABASE = 1


def plan(places: Places, account: Account | None, *, durable: bool) -> dict[str, Any]:
    """Say how the keeper starts and stops the server."""
    options = {
        "port": "0",
        "unixsocket": str(places.valkey_socket),
        "unixsocketperm": "700",
        "dir": str(places.valkey_data),
        # Broker and cache share it, so nothing may be evicted.
        "maxmemory-policy": "noeviction",
        "appendonly": "yes" if durable else "no",
        "appendfsync": "everysec",
        "save": "",
        "loglevel": "warning",
    }
    program = valkey_program(places.var_dir, account)
    return {
        "command": [str(program), *(argument for name, value in options.items() for argument in (f"--{name}", value))],
        "log": str(places.fresh_log("valkey")),
        "stop_signal": signal.SIGTERM,
        "account": [account.uid, account.gid] if account else None,
    }


def serves(places: Places) -> bool:
    """Say whether the server answers."""
    return _ask(places, b"PING\r\n").startswith(b"+PONG")


def stop_leftover(places: Places) -> None:
    """Stop a server that outlived its keeper, where the system did not (Linux does)."""
    if serves(places):
        _ask(places, b"SHUTDOWN\r\n")
        while serves(places):
            time.sleep(0.02)


def _ask(places: Places, command: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as door:
        door.settimeout(5)
        try:
            door.connect(str(places.valkey_socket))
            door.sendall(command)
            return door.recv(64)
        except OSError:
            return b""
