"""The blueprint of this journey; `views` and `heard` hold its pages."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("moderate", __name__)
