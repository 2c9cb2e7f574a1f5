"""Routes of this journey."""

from flask import Blueprint

bp = Blueprint("public", __name__)
