"""The whole application in a process of its own, as `priority run` starts it, and what it printed."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.request import urlopen

from priority.app import create_app
from priority.extensions import db
from tests.conftest import settings_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STARTS_WITHIN, LIVES_AT_MOST = 120, 1200


@dataclass(frozen=True)
class Server:
    """A running installation: its address, its folder, and the links that it printed, by role."""

    url: str
    folder: Path
    links: dict[str, str]
    process: subprocess.Popen[str]

    @contextmanager
    def inside(self) -> Iterator[None]:
        """The same installation within this process, to do through services what need not be clicked."""
        with create_app(settings_in(self.folder)).app_context():
            yield
            db.session.remove()
            db.engine.dispose()


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """`priority run` in a folder of its own on a free port; it ends with the block, and by itself if that hangs."""
    port = _free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PRIORITY_", "DATABASE_"))}
    process = subprocess.Popen(
        [sys.executable, "-c", "import sys; from priority.cli import main; sys.exit(main(['run']))"],
        env=env | {"PORT": str(port), "PRIORITY_INSTANCE": str(folder), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    guard = threading.Timer(LIVES_AT_MOST, process.kill)
    guard.start()
    said: list[str] = []
    reader = threading.Thread(target=lambda: said.extend(process.stdout or ()), daemon=True)
    reader.start()
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/healthz", process, said)
        yield Server(url, folder, _links(said), process)
    finally:
        guard.cancel()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        reader.join(timeout=5)
        if process.stdout is not None:
            process.stdout.close()
    assert said[-1] == "Stopped.\n", "".join(said)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[str], said: list[str]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(url, timeout=STARTS_WITHIN) as answer:  # noqa: S310 - our own address
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("It did not start.\n" + "".join(said))


def _links(said: list[str]) -> dict[str, str]:
    """What stands before each link that signs in, without the name of a person: {"moderator": "http://..."}."""
    found = (re.fullmatch(r"  (.+?)\s{2,}(http\S+/in/\S+)\n", line) for line in said)
    return {
        match[1] if match[1].startswith("panelist") else match[1].split(":")[0]: match[2] for match in found if match
    }
