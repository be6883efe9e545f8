"""Start all of Loyal on this machine, say where it answers, and stop all of it: `make run`.

What runs is what the Procfile says, as on one's own servers, beside the embedded PostgreSQL and Valkey and the local
mail catcher. Nothing starts before everything that can be checked has been.
"""

import fcntl
import os
import shlex
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connections

from config.celery import app
from config.demo_signins import demo_signins
from config.embedded import EmbeddedServiceError, mail_page_port, mail_port, web_port
from config.embedded.places import make_state_folder
from config.processes import Processes
from config.settings import SettingsRefused, choose_settings

MEGABYTES_NEEDED = 300
SECONDS_TO_START = 120
LINES_SHOWN = 15
FORMS_SHOWN = 5
NAMES = {"web": "the web server", "worker": "the Celery worker", "beat": "Celery beat", "mail": "the mail catcher"}


class Refused(Exception):
    """Loyal cannot run here and now; the message is one sentence for a person."""


class Stopped(BaseException):
    """Somebody asked to stop; like KeyboardInterrupt, no ordinary handler catches it."""


def main() -> None:
    parent = os.getppid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_once)
    try:
        choose_settings()
        django.setup()
        with only_one_here():
            check_ports()
            check_disk()
            run(parent)
    except (Refused, EmbeddedServiceError, SettingsRefused) as refusal:
        sys.exit(str(refusal))
    except OSError as error:
        if error.errno is None or error.filename is None:
            raise
        sys.exit(f"Loyal stops: {error.strerror}, at {error.filename}.")
    except Stopped:
        say("Stopped.")


def run(parent: int) -> None:
    """Start everything, wait until something or somebody ends it, stop everything."""
    logs = settings.VAR_DIR / "log"
    logs.mkdir(mode=0o700, exist_ok=True)
    processes = Processes(logs)
    try:
        prepare_database()
        say("Starting the web server, the Celery worker and beat …")
        start_all(processes)
        wait_for_answers(processes)
        say(addresses())
        while os.getppid() == parent:
            check_alive(processes)
            time.sleep(0.3)
        raise Refused("Loyal stops, since the command that had started it has ended.")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        say("Stopping …")
        processes.stop()
        connections.close_all()
        if settings.EMBEDDED_SERVICES and not settings.EMBEDDED_SERVICES.stop():
            say("PostgreSQL and Valkey run on for another process that uses them, and stop with it.")


def prepare_database() -> None:
    """Bring the database up to date, and fill a demonstration once."""
    say("Preparing the database …")
    call_command("migrate", verbosity=0, interactive=False)
    demo_loaded = settings.VAR_DIR / "demo-loaded"
    if settings.DEMO and "load_demo" in get_commands() and not demo_loaded.exists():
        say("Loading the demonstration …")
        call_command("load_demo")
        demo_loaded.touch()
    connections.close_all()


def start_all(processes: Processes) -> None:
    """Start what the Procfile names, with this Python's programs, and the mail catcher where no real mail is sent."""
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}",
        "PORT": str(web_port()),
        "HOST": "127.0.0.1",
        "WEB_WORKERS": os.environ.get("WEB_WORKERS", "1"),
    }
    os.chdir(settings.BASE_DIR)
    for line in (settings.BASE_DIR / "Procfile").read_text().splitlines():
        name, _, command = line.partition(":")
        processes.start(name, command.strip(), environment)
    if catches_mail():
        processes.start("mail", f"{shlex.quote(sys.executable)} -m config.mail_catcher", environment)


def catches_mail() -> bool:
    """Say whether mails go to the local catcher."""
    return bool(settings.DEMO and mail_port() == settings.EMAIL_PORT)


def wait_for_answers(processes: Processes) -> None:
    """Wait until the site answers and the worker takes tasks."""
    deadline = time.monotonic() + SECONDS_TO_START
    waiting = {"web": site_answers, "worker": worker_answers}
    while waiting:
        check_alive(processes)
        if time.monotonic() > deadline:
            name = next(iter(waiting))
            raise Refused(f"Loyal stops, since {NAMES[name]} does not answer: see {processes.log(name)}.")
        waiting = {name: answers for name, answers in waiting.items() if not answers()}
        time.sleep(0.05)


def site_answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{web_port()}/livez", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True  # it answers, if only that it expects to be called by its own name
    except OSError:
        return False


def worker_answers() -> bool:
    return bool(app.control.ping(timeout=0.3))


def check_alive(processes: Processes) -> None:
    """Refuse to go on where one program has ended: a site whose worker is gone would only look alive."""
    if ended := processes.ended():
        name, status = ended
        log = processes.log(name)
        lines = log.read_text(errors="replace").splitlines()[-LINES_SHOWN:]
        say("\n".join(["", *lines]))
        raise Refused(f"Loyal stops, since {NAMES.get(name, name)} has ended with status {status}: see {log}.")
    if settings.EMBEDDED_SERVICES and not settings.EMBEDDED_SERVICES.running():
        raise Refused(f"Loyal stops, since PostgreSQL or Valkey has ended: see {settings.VAR_DIR / 'log'}.")


def check_ports() -> None:
    """Refuse a port on which somebody listens, before anything starts."""
    ports = {"PORT": web_port()}
    if catches_mail():
        ports |= {"MAIL_PAGE_PORT": mail_page_port(), "MAIL_PORT": mail_port()}
    for name, port in ports.items():
        if taken(port):
            another = f"{name}={port + 100} make run"
            raise Refused(f"Port {port} is taken: stop what listens there, or choose another, for example {another}.")


def taken(port: int) -> bool:
    """Say whether a browser that asks for localhost at this port would reach somebody."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as door:
                door.settimeout(1)
                door.connect((host, port))
                return True
        except OSError:
            continue
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise Refused(f"Port {port} is for root alone: choose one from 1024, for example PORT=8000.") from error
        except OSError:
            return True
    return False


def check_disk() -> None:
    free = shutil.disk_usage(settings.VAR_DIR).free // 1_000_000
    if free < MEGABYTES_NEEDED:
        place = settings.VAR_DIR
        raise Refused(
            f"The disk is nearly full: {free} MB are free for {place}, and Loyal needs {MEGABYTES_NEEDED} MB."
        )


@contextmanager
def only_one_here() -> Iterator[None]:
    """Refuse a second run on the same state folder, whose beat would double the first one's."""
    folder = make_state_folder(settings.VAR_DIR) / "run"
    folder.mkdir(exist_ok=True)
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(
                f"Loyal already runs on {settings.VAR_DIR}; another LOYAL_VAR and PORT start a second."
            ) from error
        yield


def addresses() -> str:
    """Say where everything is, and who may sign in."""
    site = settings.SITE_URL
    lines = [
        "",
        f"Loyal runs at     {site}/",
        *(f"  public form     {form}" for form in public_forms(site)),
        f"  workspace       {site}/campaigns/",
        f"  administration  {site}/admin/",
    ]
    if catches_mail():
        lines.append(f"  caught mail     http://localhost:{mail_page_port()}/")
    if settings.DEMO:
        lines += ["", "Sign in as"]
        lines += [f"  {user:<15} {password}" for user, password in demo_signins(settings.VAR_DIR).items()]
    return "\n".join([*lines, "", f"Logs are in {settings.VAR_DIR / 'log'}. Ctrl-C stops everything.", ""])


def public_forms(site: str) -> list[str]:
    """Give the addresses of the forms that visitors may fill in, of many the first few."""
    forms = apps.get_model("consent", "SignupForm")._default_manager.filter(is_open=True)
    found = [f"{site}{form.get_absolute_url()}" for form in forms[:FORMS_SHOWN]]
    connections.close_all()
    return found


def stop_once(_signal: int, _frame: object) -> None:
    """Stop in order; whoever insists does not interrupt that."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
