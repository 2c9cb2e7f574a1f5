"""The application for a WSGI server."""

from priority.app import create_app

app = create_app()
