"""A column is known by any of its names, French or English, however it is typed.

``Date de réception``, ``date_reception`` and ``RECEPTION DATE`` are one column. Names are compared
without accents, case, spaces and punctuation; a unit in brackets is not dropped, because a column
of grams must never be read as kilograms.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cached_property

from attrs import define, frozen

from manchengo_cli.importing.error_file import ADDED_COLUMNS, WRITTEN_AS
from manchengo_cli.importing.parsing import Rule, Unreadable
from manchengo_cli.importing.rows import SourceRow
from manchengo_presenters.language import _


@frozen
class Field:
    """One thing a kind of file tells: its name in the code, and the names people give it."""

    name: str
    synonyms: tuple[str, ...] = ()
    required: bool = False


@frozen
class ClaimedTwice:
    """Two columns of the file are both names of one field."""

    field: str
    columns: tuple[str, ...]


@define
class Columns:
    """Where each field stands in one file, and what of its header fits nowhere.

    ``missing`` and ``claimed_twice`` keep the file from being read, ``unknown`` only deserves a
    warning. The columns that our own error files add are none of these.
    """

    header: tuple[str, ...]
    positions: Mapping[str, int]
    fields: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    claimed_twice: tuple[ClaimedTwice, ...]
    written_as: int | None = None
    """In an error file of ours, where it says how a row is written."""

    @property
    def faults(self) -> tuple[str, ...]:
        """Sentences, one for each thing that keeps the file from being read."""
        missing = [
            _('The column "{column}" is missing.').format(column=name) for name in self.missing
        ]
        twice = [
            _('The columns {columns} mean the same thing ("{field}"): keep one.').format(
                columns=", ".join(f'"{name}"' for name in claim.columns), field=claim.field
            )
            for claim in self.claimed_twice
        ]
        return (*missing, *twice)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences, one for each column that is left aside."""
        return tuple(
            _('The column "{column}" is not known here: it is ignored.').format(column=name)
            for name in self.unknown
        )

    def heading(self, field: str) -> str:
        """What the file calls a field; the field's own name where the file does not have it."""
        position = self.positions.get(field)
        return field if position is None else self.header[position]

    def cells(self, row: SourceRow) -> dict[str, str]:
        """The text of every field of the table, ``""`` for a column that the file does not have.

        Raises ``Unreadable`` (``too_many_cells``) for a row wider than the header: some separator
        stands inside a value, so no cell of that row can be trusted.
        """
        beyond = row.cells[len(self.header) :]
        if beyond:
            raise Unreadable(Rule.TOO_MANY_CELLS, " | ".join(beyond))
        return {
            field: "" if position is None else row.cells[position]
            for field, position in self._places
        }

    @cached_property
    def _places(self) -> tuple[tuple[str, int | None], ...]:
        return tuple((field, self.positions.get(field)) for field in self.fields)


def match_header(header: Sequence[str], fields: Sequence[Field]) -> Columns:
    """Find each field's column. Two fields that share a name are a fault of their table."""
    owners = _owners(fields)
    folded = [fold(name) for name in header]
    added = {fold(name) for name in ADDED_COLUMNS}
    is_error_file = fold(ADDED_COLUMNS[0]) in folded
    if not is_error_file:  # a field may bear such a name
        added -= owners.keys()
    found: dict[str, list[int]] = {}
    unknown = []
    for position, name in enumerate(folded):
        if not name or name in added:
            continue
        if name in owners:
            found.setdefault(owners[name], []).append(position)
        else:
            unknown.append(header[position])
    return Columns(
        header=tuple(header),
        positions={field: places[0] for field, places in found.items()},
        fields=tuple(field.name for field in fields),
        missing=tuple(field.name for field in fields if field.required and field.name not in found),
        unknown=tuple(unknown),
        claimed_twice=tuple(
            ClaimedTwice(field, tuple(header[place] for place in places))
            for field, places in found.items()
            if len(places) > 1
        ),
        written_as=folded.index(WRITTEN_AS) if is_error_file and WRITTEN_AS in folded else None,
    )


def fold(name: str) -> str:
    """``Date d'entrée`` gives ``datedentree``: no accents, case, spaces or punctuation."""
    spelt = unicodedata.normalize("NFKD", name.casefold()).replace("œ", "oe").replace("æ", "ae")
    return "".join(letter for letter in spelt if letter.isalnum())


def _owners(fields: Sequence[Field]) -> dict[str, str]:
    owners: dict[str, str] = {}
    for field in fields:
        for name in (field.name, *field.synonyms):
            owner = owners.setdefault(fold(name), field.name)
            assert owner == field.name, f"{name!r} names both {owner} and {field.name}"
    return owners
