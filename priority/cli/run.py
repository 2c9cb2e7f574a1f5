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
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # both ways of stopping end alike
    try:
        with socket.create_server((HOST, int(port))) as door:
            serve(door)
    except OSError as error:
        return _refuse(f"Port {port} cannot be used: {os.strerror(error.errno or 0)}. PORT=8001 would take another.")
    except KeyboardInterrupt:
        print("Stopped.")
    return 0
