"""The embedded servers: found or started by whoever comes, gone with the last who uses them, never leaked."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from config import embedded
from config.embedded import EmbeddedServiceError
from config.embedded.places import LONGEST_SOCKET_PATH, POSTGRESQL_SOCKET_NAME
from tests.processes import wait_until

USER = """
import sys
import tempfile
from pathlib import Path
from config import embedded
embedded.services(Path(sys.argv[1]), durable=False).start()
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def var_dir(open_folder: Path) -> Iterator[Path]:
    yield open_folder / "var"
    wait_until(lambda: not servers(open_folder))


def start_user(var_dir: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(var_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


@contextmanager
def user_of(var_dir: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that uses the embedded servers until the block ends."""
    with start_user(var_dir) as process:
        assert process.stdout and process.stdout.readline() == "ready\n"
        yield process


def servers(var_dir: Path) -> list[psutil.Process]:
    """The processes that serve or keep this folder."""
    return [
        process
        for process in psutil.process_iter(["cmdline", "status"])
        if process.info["status"] != psutil.STATUS_ZOMBIE
        and any(str(var_dir) in argument for argument in process.info["cmdline"] or ())
        and "-c" not in process.info["cmdline"][1:2]
    ]


def named(var_dir: Path, name: str) -> psutil.Process:
    return next(process for process in servers(var_dir) if name in process.name())


def ask_database(var_dir: Path) -> str:
    with psycopg.connect(embedded.services(var_dir).database_url) as connection:
        row = connection.execute("SHOW server_version_num").fetchone()
    assert row
    return str(row[0])


def test_they_serve_postgresql_18_and_valkey_on_sockets_alone(var_dir: Path) -> None:
    with user_of(var_dir):
        assert ask_database(var_dir).startswith("18")
        assert redis.Redis.from_url(embedded.services(var_dir).cache_url).ping()
        listening = [c for process in servers(var_dir) for c in process.net_connections("inet")]
        assert listening == []


def test_processes_that_start_at_once_share_one_server(var_dir: Path) -> None:
    users = [start_user(var_dir) for _ in range(4)]
    for user in users:
        assert user.stdout and user.stdout.readline() == "ready\n"
    assert len([p for p in servers(var_dir) if p.name() == "valkey-server"]) == 1

    for user in users[:3]:
        user.communicate("")
    assert ask_database(var_dir)

    users[3].communicate("")
    wait_until(lambda: not servers(var_dir))


def test_a_killed_user_leaves_no_server(var_dir: Path) -> None:
    with user_of(var_dir) as process:
        process.kill()
    wait_until(lambda: not servers(var_dir))


def test_what_a_killed_user_shares_is_found_by_the_next(var_dir: Path) -> None:
    with user_of(var_dir) as first:
        serving = named(var_dir, "postgres").pid
        with user_of(var_dir):
            first.kill()
            first.wait()
            with user_of(var_dir):
                assert named(var_dir, "postgres").pid == serving


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a server that its keeper died")
def test_a_killed_keeper_takes_the_servers_with_it_and_the_next_user_starts_them_anew(var_dir: Path) -> None:
    with user_of(var_dir):
        keeper = psutil.Process(named(var_dir, "valkey").ppid())
        keeper.kill()
        wait_until(lambda: not servers(var_dir))
        with user_of(var_dir):
            assert ask_database(var_dir)


def test_a_server_that_dies_is_started_anew(var_dir: Path) -> None:
    with user_of(var_dir):
        os.kill(named(var_dir, "valkey").pid, signal.SIGKILL)
        wait_until(lambda: not servers(var_dir))
        with user_of(var_dir):
            assert redis.Redis.from_url(embedded.services(var_dir).cache_url).ping()


def test_stopping_waits_for_the_end_and_says_who_still_uses_them(var_dir: Path) -> None:
    mine = embedded.services(var_dir, durable=False)
    mine.start()
    with user_of(var_dir):
        assert mine.stop() is False
        assert ask_database(var_dir)
        mine.start()
    assert mine.stop() is True
    assert servers(var_dir) == []


def test_data_outlive_the_servers(var_dir: Path) -> None:
    with user_of(var_dir), psycopg.connect(embedded.services(var_dir).database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    wait_until(lambda: not servers(var_dir))
    with user_of(var_dir), psycopg.connect(embedded.services(var_dir).database_url) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_sockets_stay_short_however_deep_the_folder(var_dir: Path) -> None:
    deep = var_dir / ("deep" * 30)
    sockets = embedded.services(deep).places.sockets
    assert len(str(sockets / POSTGRESQL_SOCKET_NAME)) <= LONGEST_SOCKET_PATH
    with user_of(deep):
        assert ask_database(deep)
        assert sockets.stat().st_mode & 0o077 == 0


def test_asking_where_they_are_starts_nothing(var_dir: Path) -> None:
    assert "host=" in embedded.services(var_dir).database_url
    assert not var_dir.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as another user")
def test_a_folder_closed_to_the_servers_user_is_named_and_another_offered(var_dir: Path) -> None:
    home = var_dir.parent / "home"
    home.mkdir(mode=0o700)
    with pytest.raises(EmbeddedServiceError, match=rf"may not enter {home}: .* LOYAL_VAR=/var/lib/loyal") as raised:
        embedded.services(home / "var").start()
    assert "\n" not in str(raised.value)
    assert home.stat().st_mode & 0o077 == 0  # nothing was opened to everybody


def test_local_secrets_are_made_once_and_are_private(var_dir: Path) -> None:
    made = embedded.local_secrets(var_dir)
    assert set(made) == {"SECRET_KEY", "ADDRESS_KEY_SECRET", "STOP_LINK_SECRET"}
    assert len(set(made.values())) == 3
    assert embedded.local_secrets(var_dir) == made
    assert (var_dir / "secrets.json").stat().st_mode & 0o777 == 0o600
