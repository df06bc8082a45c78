"""The view tables in memory: rows by key, with an index for each column they are looked up by."""

from collections.abc import Iterable
from datetime import date

from attrs import define, field

from manchengo.ports.rows import VIEWS, Key, KeyValue, Row


@define
class Table:
    """The rows of one kind, with an index for each column they are looked up by."""

    rows: dict[Key, Row] = field(factory=dict)
    index: dict[str, dict[object, dict[Key, None]]] = field(factory=dict)

    def put(self, key: Key, row: Row | None) -> Row | None:
        """Replace the row with that key (None: remove it); returns the row that it replaces."""
        before = self.rows.pop(key, None)
        for column, entries in self.index.items():
            if before is not None:
                entries[getattr(before, column)].pop(key, None)
            if row is not None:
                entries.setdefault(getattr(row, column), {})[key] = None
        if row is not None:
            self.rows[key] = row
        return before

    def where(self, equal: dict[str, object]) -> list[Row]:
        """The rows whose columns equal these values, in the order of their keys."""
        keys: Iterable[Key] = self.rows
        for column, entries in self.index.items():
            if column in equal:
                keys = entries.get(equal[column], {})
                break
        found = [
            (key, self.rows[key])
            for key in keys
            if all(getattr(self.rows[key], column) == value for column, value in equal.items())
        ]
        return [row for _, row in sorted(found, key=lambda pair: _place(pair[0]))]


def _place(key: Key) -> tuple[KeyValue, ...]:
    """What sorts a key. A day as text: an older program may have recorded an instant as one."""
    return tuple([each.isoformat() if isinstance(each, date) else each for each in key])


def new_tables() -> dict[type[Row], Table]:
    """An empty table for each view."""
    return {
        kind: Table(index={column: {} for column in (*kind.LOOK_UPS, kind.KEY[0], kind.owned_by())})
        for kind in VIEWS
    }
