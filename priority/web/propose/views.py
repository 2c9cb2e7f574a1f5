"""Routes of this journey."""

from flask import Blueprint

bp = Blueprint("propose", __name__)
