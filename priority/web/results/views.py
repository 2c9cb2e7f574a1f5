"""Routes of this journey."""

from flask import Blueprint

bp = Blueprint("results", __name__)
