"""Routes of this journey."""

from flask import Blueprint

bp = Blueprint("answer", __name__)
