"""The addresses of the embedded servers, and their start."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from config.embedded import lease, postgresql, valkey
from config.embedded.account import server_account
from config.embedded.failure import explain
from config.embedded.places import Places

# A database that was killed may have much to replay before it serves.
SECONDS_TO_START = 300


@dataclass(frozen=True)
class Services:
    """One installation's embedded servers: where they answer, and how to make sure that they do."""

    places: Places
    durable: bool

    @property
    def database_url(self) -> str:
        return f"postgresql://{postgresql.ROLE}@/{postgresql.DATABASE}?host={quote(str(self.places.sockets))}"

    @property
    def broker_url(self) -> str:
        return f"redis+socket://{quote(str(self.places.valkey_socket))}?virtual_host={valkey.BROKER_DATABASE}"

    @property
    def cache_url(self) -> str:
        return f"unix://{quote(str(self.places.valkey_socket))}?db={valkey.CACHE_DATABASE}"

    def start(self) -> None:
        """Find the servers running or start them, and keep them for as long as this process lives."""
        if not self.places.locks.exists():
            self.places.prepare(server_account())
        lease.hold(self.places, self._launch)

    def running(self) -> bool:
        """Say whether the servers run."""
        return lease.running(self.places)

    def stop(self) -> bool:
        """Let the servers go and wait until they have stopped; False where another process still uses them."""
        return lease.release(self.places)

    def _launch(self, keeper_lock: int) -> subprocess.Popen[bytes]:
        account = server_account()
        self.places.prepare(account)
        postgresql.make_data_folder(self.places, account, durable=self.durable)
        postgresql.stop_leftover(self.places, account)
        valkey.stop_leftover(self.places)
        servers = [module.plan(self.places, account, durable=self.durable) for module in (postgresql, valkey)]
        keeper = lease.spawn_keeper(self.places, servers, keeper_lock)
        self._wait(keeper)
        return keeper

    def _wait(self, keeper: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        waiting = {"PostgreSQL": postgresql.serves, "Valkey": valkey.serves}
        while waiting:
            waiting = {name: serves for name, serves in waiting.items() if not serves(self.places)}
            if waiting and (keeper.poll() is not None or time.monotonic() > deadline):
                raise lease.failed(keeper, self._complaint(next(iter(waiting))))
            time.sleep(0.02)

    def _complaint(self, server: str) -> str:
        log = (self.places.logs / f"{server.lower()}.log").read_text(errors="replace")
        keeper = (self.places.logs / "keeper.log").read_text(errors="replace")
        return explain(server, log[-4000:] + keeper)


def services(var_dir: Path, *, durable: bool = True) -> Services:
    """Give the embedded servers of a state folder, without starting them.

    `durable=False` is for tests: faster, and a crash may lose everything.
    """
    return Services(Places(var_dir.resolve()), durable)
