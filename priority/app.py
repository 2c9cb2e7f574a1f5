"""The application factory: settings in, a Flask application out."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter
from whitenoise import WhiteNoise

from priority import models  # noqa: F401 - the tables must be known before the database is bound
from priority.config import ROOT, Settings
from priority.database import keep_private
from priority.extensions import babel, csrf, db, keys, migrate
from priority.web import context, errors, guests, headers, transaction
from priority.web.admin.views import bp as admin
from priority.web.answer.views import bp as answer
from priority.web.entry.views import bp as entry
from priority.web.moderate.views import bp as moderate
from priority.web.office.views import bp as office
from priority.web.open.views import bp as open_journey
from priority.web.propose.views import bp as propose
from priority.web.public.views import bp as public
from priority.web.results.views import bp as results
from priority.web.sessions import CookieSessions

if TYPE_CHECKING:
    from collections.abc import MutableMapping

BLUEPRINTS = (public, entry, propose, open_journey, answer, moderate, admin, results, office)
MAX_BYTES = 2_000_000


class PublicIdConverter(BaseConverter):
    """An opaque id in an address: `<id:exercise>`."""

    regex = "[0-9a-hjkmnp-tv-z]{26}"


def create_app(settings: Settings | None = None) -> Flask:
    """The application with these settings, or with those of the environment."""
    settings = settings or Settings.from_env()
    app = Flask("priority", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "priority" / "static"))
    _configure(app, settings)
    db.init_app(app)
    with app.app_context():
        keep_private(db.engine.url)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    babel.init_app(app, locale_selector=lambda: "en", timezone_selector=lambda: str(UTC))
    csrf.init_app(app)
    if settings.proxies:  # what the last of them say is believed, and only of the address and the scheme
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0, x_port=0, x_prefix=0
        )
    app.url_map.converters["id"] = PublicIdConverter
    headers.set_up(app, secure=settings.in_production)  # first, so that it sees even an answer of a failed commit
    transaction.set_up(app)
    errors.set_up(app)
    context.set_up(app)
    guests.set_up(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def answer_static_files(app: Flask) -> None:
    """Has the files of `priority/static` answered ahead of the application, with the same headers as its pages.

    Their names say nothing of their content, so a browser keeps them for ten minutes only.
    """
    always = headers.of_every_answer(secure=app.config["SETTINGS"].in_production)

    def protect(given: MutableMapping[str, str], _path: str, _url: str) -> None:
        for name, value in always.items():
            given[name] = value

    files = WhiteNoise(
        app.wsgi_app,
        root=app.static_folder,
        prefix="static/",
        max_age=600,
        allow_all_origins=False,
        autorefresh=app.config["SETTINGS"].in_development,
        add_headers_function=protect,
    )
    app.wsgi_app = files  # type: ignore[method-assign]


def _configure(app: Flask, settings: Settings) -> None:
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys.open(settings.keys or settings.instance / "keys")
    app.session_interface = CookieSessions(keys.session, secure=settings.in_production)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=keys.session.hex(),
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},  # people's words must not get into a log with an error
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=MAX_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # a form left open for a night must still be taken
        WTF_CSRF_SSL_STRICT=True,
        TEMPLATES_AUTO_RELOAD=settings.in_development,
        TESTING=settings.environment == "testing",
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
