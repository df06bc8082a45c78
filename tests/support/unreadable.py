"""A database in which a program of before commands were checked whole stored what nobody can read.

``tests/golden/unreadable`` was made by the program of 28 November 2026, and cannot be made again:
the dairy of ``tests.cli.conftest``, encrypted under the phrase of ``tests.server.running``, then by
the library: the milk ``L-HEURE`` received on a ``datetime``, the milk ``L-BON`` as it should be,
the milk ``L-NON`` received with ``quarantined="non"`` and ten litres of it written off, the product
``CREME`` of the kind ``"RAW"``, and the client ``C3`` behind them.
"""

import shutil
from pathlib import Path

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "unreadable" / "0.1.0.db"

UNREADABLE = {
    "01a222c2-5230-7c13-b551-c96a4902f7d4": "lot.receive",
    "01a222c2-5233-7298-b578-70c2626bb019": "lot.receive",
    "01a222c2-5235-7112-8ffa-36961f373ba1": "product.register",
}
"""The commits that cannot be read."""

BUILT_ON_ONE = "lot.write_off"
"""What was recorded on what cannot be read, and waits with it."""


def copied(to: Path) -> Path:
    """A copy of the database with its key, under that name."""
    shutil.copy(GOLDEN.with_name(f"{GOLDEN.name}.key"), to.with_name(f"{to.name}.key"))
    return Path(shutil.copy(GOLDEN, to))
