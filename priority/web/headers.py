"""What every response says to the browser about how to treat it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

if TYPE_CHECKING:
    from flask import Flask, Response

POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "connect")),
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "require-trusted-types-for 'script'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # no-referrer would break the CSRF check over HTTPS
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
PUBLIC = frozenset({"public.home", "public.exercise", "results.public_list"})


def of_every_answer(*, secure: bool) -> dict[str, str]:
    """What pages, files and errors carry alike; where the site is `secure`, that browsers come by HTTPS only."""
    return HEADERS | ({"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if secure else {})


def set_up(app: Flask, *, secure: bool) -> None:
    """Every response of `app`, errors and exports too, carries the headers; pages are never kept by a cache."""
    always = of_every_answer(secure=secure)

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(always)
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
            response.headers["Vary"] = "Cookie"
        if request.endpoint not in PUBLIC:
            response.headers["X-Robots-Tag"] = "noindex"
        return response
