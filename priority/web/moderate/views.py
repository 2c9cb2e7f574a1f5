"""Routes of this journey."""

from flask import Blueprint

bp = Blueprint("moderate", __name__)
