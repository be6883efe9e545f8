"""The embedded PostgreSQL: how its data folder is made, how it is started, when it serves."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from config.embedded.account import Account, as_account, closed_folder
from config.embedded.failure import EmbeddedServiceError, explain
from config.embedded.places import Places, give
from config.embedded.programs import postgresql_programs

ROLE = DATABASE = "loyal"

SETTINGS = {
    # Reached through a socket that its owner alone may open; nothing listens on the network.
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "random_page_cost": "1.1",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    # Loyal's statements are short; compiling them costs more than it gains.
    "jit": "off",
    # A failed statement or the details of a conflict would carry people's addresses into the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}

# For test databases only: a crash may lose or spoil everything, and nobody would mind.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def make_data_folder(places: Places, account: Account | None, *, durable: bool) -> None:
    """Make an empty cluster, whole or not at all."""
    closed = closed_folder(places.postgresql_data, account)
    if closed:
        raise EmbeddedServiceError(
            f"PostgreSQL refuses to run as root, and the user it runs as may not enter {closed}: "
            "give Loyal a folder that every user may pass through, for example LOYAL_VAR=/var/lib/loyal."
        )
    if places.postgresql_data.exists():
        return
    initdb = postgresql_programs(places.var_dir, account) / "initdb"
    with tempfile.TemporaryDirectory(dir=places.var_dir, prefix="postgresql-", ignore_cleanup_errors=True) as made:
        give(Path(made), account)
        cluster = Path(made) / "cluster"
        # The builtin C.UTF-8 sorts alike on every system, whatever its own locales.
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["--auth-local=trust", "--auth-host=reject", f"--username={ROLE}"]
        done = subprocess.run(
            [str(initdb), "-D", str(cluster), *locale, *access, *([] if durable else ["--no-sync"])],
            cwd="/",
            capture_output=True,
            text=True,
            **as_account(account),
        )
        if done.returncode:
            raise EmbeddedServiceError(explain("PostgreSQL", done.stderr))
        cluster.rename(places.postgresql_data)


def stop_leftover(places: Places, account: Account | None) -> None:
    """Stop a server that outlived its keeper, where the system did not (Linux does)."""
    if (places.postgresql_data / "postmaster.pid").exists():
        pg_ctl = postgresql_programs(places.var_dir, account) / "pg_ctl"
        command = [str(pg_ctl), "-D", str(places.postgresql_data), "-w", "-m", "fast", "stop"]
        subprocess.run(command, cwd="/", capture_output=True, **as_account(account))


def plan(places: Places, account: Account | None, *, durable: bool) -> dict[str, Any]:
    """Say how the keeper starts and stops the server."""
    settings = SETTINGS | _memory() | ({} if durable else FORGETFUL)
    options = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
    postgres = postgresql_programs(places.var_dir, account) / "postgres"
    return {
        "command": [str(postgres), "-D", str(places.postgresql_data), "-k", str(places.sockets), *options],
        "log": str(places.fresh_log("postgresql")),
        "stop_signal": signal.SIGINT,  # a fast shutdown
        "account": [account.uid, account.gid] if account else None,
    }


def serves(places: Places) -> bool:
    """Say whether the server answers, and make the database if it has none yet."""
    try:
        connection = psycopg.connect(host=str(places.sockets), user=ROLE, dbname="postgres", autocommit=True)
    except psycopg.OperationalError:
        return False
    with connection:
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    return True


def _memory() -> dict[str, str]:
    """Give the server an eighth of the machine's memory, from 128 MB to 1 GB."""
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000
    settings = {
        "shared_buffers": f"{min(max(megabytes // 8, 128), 1024)}MB",
        "effective_cache_size": f"{max(megabytes // 2, 256)}MB",
    }
    if sys.platform == "linux" and _small_shared_memory():
        settings["dynamic_shared_memory_type"] = "sysv"
    return settings


def _small_shared_memory() -> bool:
    """Say whether /dev/shm, as in a default container, is too small for a parallel query."""
    try:
        shm = os.statvfs("/dev/shm")  # noqa: S108 - measured, not written
    except OSError:
        return True
    return shm.f_frsize * shm.f_blocks < 256_000_000
