"""One worker process of the real application, for proofs that need several. It ends with the process that made it."""

from __future__ import annotations

import os
import sys
import threading
import time

from waitress.server import create_server

from priority.app import create_app
from priority.config import Settings

LONGEST = 300  # seconds


def main(instance: str) -> None:
    """Prints its port and serves."""
    env = os.environ | {"PRIORITY_ENV": "testing", "PRIORITY_INSTANCE": instance}
    server = create_server(create_app(Settings.from_env(env)), host="127.0.0.1", port=0, threads=8)
    print(server.effective_port, flush=True)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    server.run()


def _end_with_parent() -> None:
    parent, end = os.getppid(), time.monotonic() + LONGEST
    while os.getppid() == parent and time.monotonic() < end:
        time.sleep(0.5)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
