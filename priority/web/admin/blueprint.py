"""The blueprint of this journey, apart from its pages, so that each module of pages can add its own."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("admin", __name__)
