"""Routes of this journey."""

from flask import Blueprint

bp = Blueprint("admin", __name__)
