"""The application for a WSGI server, which is in production unless it is told otherwise."""

from priority.app import create_app
from priority.config import Settings

app = create_app(Settings.from_env(unset="production"))
