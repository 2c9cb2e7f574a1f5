"""The blueprint of this journey; `views` lists its pages."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("answer", __name__)
