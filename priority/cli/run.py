"""`priority run`: the whole application on this computer, with the demo, from one command."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING

from priority.cli.installation import installation

if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from flask import Flask

HOST = "127.0.0.1"
THREADS = 6
SWEEP_EVERY = 3600.0
log = logging.getLogger("priority.sweep")


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser("run", help="serve on this computer, with the demo on first start (PORT=8000)")
    parser.set_defaults(act=run)


def run(_typed: Namespace) -> int:
    """Serves until it is stopped; 1 in production, where the port is no port, or is in use."""
    if os.environ.get("PRIORITY_ENV", "development") == "production":
        return _refuse("`priority run` is for trying things out. In production a server runs wsgi:app.")
    port = os.environ.get("PORT", "8000")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return _refuse(f"PORT must be a number from 1 to 65535, not {port!r}.")
    try:
        door = socket.create_server((HOST, int(port)))
    except OSError as error:
        why = os.strerror(error.errno or 0).lower()
        return _refuse(f"Port {port} cannot be used ({why}). PORT=8001 make run would take another.")
    for stop in (signal.SIGINT, signal.SIGTERM):  # both end it alike, also where a shell has it ignore Ctrl-C
        signal.signal(stop, signal.default_int_handler)
    try:
        _serve(door)
    except KeyboardInterrupt:
        pass
    finally:
        door.close()
    print("Stopped.")
    return 0


def _serve(door: socket.socket) -> None:
    """Says the ways in, then answers requests until somebody stops it."""
    from waitress import create_server

    from priority.app import answer_static_files

    with installation() as app:
        _prepare(app)
    answer_static_files(app)
    stopped = threading.Event()
    sweeper = threading.Thread(target=_sweep_hourly, args=(app, stopped), daemon=True)
    sweeper.start()
    server = create_server(app, sockets=[door], threads=THREADS, ident=None)
    try:
        server.run()
    finally:
        stopped.set()
        server.close()
        sweeper.join(timeout=5)


def _prepare(app: Flask) -> None:
    """The demo on first start, one sweep, and the links: to the terminal, never to a log."""
    from priority import database
    from priority.cli import doors
    from priority.cli.demo import load_first
    from priority.services import sweeping

    url = app.config["SETTINGS"].url
    load_first()
    sweeping.sweep()
    said = list(doors.lines(url))
    database.commit()
    print(f"\nPriority is at {url} (Ctrl-C stops it)\n", *said, "", sep="\n", flush=True)


def _sweep_hourly(app: Flask, stopped: threading.Event) -> None:
    """Sweeps at fixed hours until it is told to stop; what another process held up is done the next hour."""
    from sqlalchemy.exc import OperationalError

    from priority.extensions import db
    from priority.services import sweeping

    while not stopped.wait(SWEEP_EVERY):
        with app.app_context():
            try:
                sweeping.sweep()
            except OperationalError as error:
                db.session.rollback()
                log.warning("the sweep waits for the next hour: %s", error.orig)


def _refuse(words: str) -> int:
    print(words, file=sys.stderr)
    return 1
