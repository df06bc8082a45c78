"""What a person typed in forms and has not recorded: kept in the database of this device alone."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from manchengo.domain.ids import UserId
from manchengo.ports.store import Snapshot, Store

DRAFTS = "drafts."
"""The setting that keeps those of a person; their id follows."""

KEPT_FOR = timedelta(days=7)

Typed = Mapping[str, str]
"""By the name of a field, what is typed in it."""


def drafts(snapshot: Snapshot, user_id: UserId, now: datetime) -> dict[str, Typed]:
    """By form, what the person typed in it these last days."""
    return {form: each["typed"] for form, each in _kept(snapshot, user_id, now).items()}


def keep_drafts(store: Store, user_id: UserId, now: datetime, changed: Mapping[str, Typed]) -> None:
    """``changed``: by form, what is typed in it now; empty where nothing is any more. The others
    stay, those that are too old go.
    """
    with store.writing(durable=False) as transaction:
        kept = _kept(transaction, user_id, now)
        for form, typed in changed.items():
            kept.pop(form, None)
            if typed:
                kept[form] = {"at": now.isoformat(), "typed": dict(typed)}
        text = json.dumps(kept, ensure_ascii=False) if kept else ""
        transaction.set_setting(f"{DRAFTS}{user_id}", text)


def _kept(snapshot: Snapshot, user_id: UserId, now: datetime) -> dict[str, Any]:
    every: dict[str, Any] = json.loads(snapshot.setting(f"{DRAFTS}{user_id}") or "{}")
    return {
        form: each
        for form, each in every.items()
        if now - datetime.fromisoformat(each["at"]) <= KEPT_FOR
    }
