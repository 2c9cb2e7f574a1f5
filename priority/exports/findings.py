"""The findings of each closed round in `results.json`: what was signed, what changed, who is unheard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from priority.queries.between import Asked, Between
    from priority.queries.report_voices import Decision, Findings

Body = dict[str, Any]


def findings(found: Findings) -> Body:
    """One closed round; each snapshot under its kind, as it was stored."""
    return {
        "round": found.n,
        "decision": None if found.decision is None else _decision(found.decision),
        "alternatives": found.alternatives,
        "list_changed": None if found.changed is None else _changed(found.changed),
        **found.snapshots,
    }


def _decision(decision: Decision) -> Body:
    return {
        "signed_at": decision.at.isoformat(),
        "digest": decision.digest,
        "body": decision.body,
        "looks": decision.looks,
    }


def _changed(changed: Between) -> Body:
    return {
        "kept": [_asked(one) for one in changed.kept],
        "reworded": [
            {"from": _asked(one.before), "to": _asked(one.now), "why": one.reason} for one in changed.reworded
        ],
        "new": [_asked(one) | {"suggested": one.suggested} for one in changed.new],
        "again": [_asked(one) for one in changed.again],
        "gone": [
            _asked(one.question) | {"why": str(one.why), "into": None if one.into is None else _asked(one.into)}
            for one in changed.gone
        ],
    }


def _asked(one: Asked) -> Body:
    return {"number": one.number, "key": one.key, "text": one.text}
