"""The preferences of a computer, in a small file beside its database.

They are no facts of the dairy, and count before the database is open; so they lie beside it, and a
backup has none. A file that is missing, damaged or of another program is as if nobody had chosen.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from manchengo.system import replaced_private_file
from manchengo_presenters.language import LANGUAGES
from manchengo_presenters.screens.label_file import LabelPaper
from manchengo_presenters.screens.preferences import Preferences, Theme
from manchengo_workplace.inactivity import LONGEST_LIMIT, USUAL_LIMIT

SHORTEST_LIMIT = 60
"""Seconds: a computer that locks sooner cannot be worked at."""


def beside(database: Path) -> Path:
    """The file of that database."""
    return database.with_name(f"{database.name}.preferences.json")


def read(path: Path) -> Preferences:
    """What was chosen; of what was not, or cannot be read, the usual."""
    found: Any = {}
    with suppress(OSError, ValueError):
        found = json.loads(path.read_text("utf-8"))
    kept: dict[str, Any] = found if isinstance(found, dict) else {}
    folder, spoken = kept.get("label_folder"), kept.get("language")
    return Preferences(
        locks_after=_limit(kept.get("locks_after")),
        theme=_named(Theme, kept.get("theme"), Theme.SYSTEM),
        language=spoken if spoken in LANGUAGES else "",
        label_paper=_named(LabelPaper, kept.get("label_paper"), LabelPaper.LARGE),
        label_folder=Path(folder) if isinstance(folder, str) and folder else None,
    )


def write(path: Path, preferences: Preferences) -> None:
    """Replace the file in one step, for its owner alone. Raises ``OSError``."""
    kept = {
        "locks_after": preferences.locks_after,
        "theme": preferences.theme.name.lower(),
        "language": preferences.language,
        "label_paper": preferences.label_paper.name.lower(),
        "label_folder": str(preferences.label_folder or ""),
    }
    with replaced_private_file(path) as file:
        file.write(json.dumps(kept, indent=2, ensure_ascii=False).encode())


def _limit(found: Any) -> int:
    if isinstance(found, bool) or not isinstance(found, int):
        return USUAL_LIMIT
    return min(max(found, SHORTEST_LIMIT), LONGEST_LIMIT)


def _named(kind: Any, found: Any, usual: Any) -> Any:
    """The member of that name, in small letters."""
    return next((each for each in kind if each.name.lower() == found), usual)
