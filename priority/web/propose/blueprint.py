"""The journey of whoever asks: from the first words to what became of them."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("propose", __name__)
