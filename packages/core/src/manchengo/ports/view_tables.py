"""Which view tables of a database are no longer as the row classes say; the same for every one.

A database keeps the fingerprints of its view tables in one setting. Where they are those of this
program, nothing is to be done. Where they are not, the tables that differ are made anew.
"""

from collections.abc import Collection, Mapping
from hashlib import sha256

from attrs import frozen

from manchengo.ports.rows import Row

VIEW_TABLES = "view_tables"
"""The setting that holds the fingerprints of the view tables, as ``fingerprints`` writes them."""

FORMER_TABLES = ("production_consumptions",)
"""View tables that programs before this one made, and nothing reads any more: each is dropped."""

DIGITS = 16


@frozen
class ViewTable:
    """The statements by which one database makes the table of a view."""

    kind: type[Row]
    table: str
    indexes: tuple[str, ...]

    @property
    def rows_fingerprint(self) -> str:
        """Changes where the rows of the table must be written anew."""
        return _digest(self.table, str(self.kind.EDITION))

    @property
    def indexes_fingerprint(self) -> str:
        """Changes where the indexes of the table must be made anew."""
        return _digest(*self.indexes)


@frozen
class Outdated:
    """What is not as this program has it. ``rows``: tables to be made anew and filled from the log.
    ``indexes``: tables that keep their rows, whose indexes are to be made anew.
    """

    rows: tuple[ViewTable, ...]
    indexes: tuple[ViewTable, ...]


def fingerprints(tables: Collection[ViewTable]) -> str:
    """The value of ``VIEW_TABLES`` in a database that has exactly these."""
    return " ".join(
        f"{each.kind.TABLE}:{each.rows_fingerprint}:{each.indexes_fingerprint}" for each in tables
    )


def outdated(stored: str | None, tables: Collection[ViewTable]) -> Outdated:
    """What of ``tables`` the database does not have like this. ``stored``: its ``VIEW_TABLES``;
    None where it has no view table made by this program or one before it.
    """
    found = _parsed(stored or "")
    rows, indexes = [], []
    for each in tables:
        known = found.get(each.kind.TABLE)
        if known is None or known[0] != each.rows_fingerprint:
            rows.append(each)
        elif known[1] != each.indexes_fingerprint:
            indexes.append(each)
    return Outdated(tuple(rows), tuple(indexes))


def _parsed(stored: str) -> Mapping[str, tuple[str, str]]:
    """What somebody changed to something else counts as unknown: its table is made anew."""
    parts = (entry.split(":") for entry in stored.split())
    return {part[0]: (part[1], part[2]) for part in parts if len(part) == 3}


def _digest(*statements: str) -> str:
    return sha256("\n".join(statements).encode()).hexdigest()[:DIGITS]
