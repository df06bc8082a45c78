"""A column is known by any of its names, French or English, however it is typed.

``Date de réception``, ``date_reception`` and ``RECEPTION DATE`` are one column, ``N° lot`` and
``Numéro de lot`` too. Names are compared without accents, case, spaces, punctuation and small
words. What stands in brackets behind a name is never dropped: a column may say its unit
(``Quantité (kg)``), its currency or how its days are written, and a column of grams must never be
read as kilograms.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property

from attrs import define, frozen

from manchengo.domain.values import Unit
from manchengo_files.conventions import DayOrder
from manchengo_files.error_file import ADDED_COLUMNS, WRITTEN_AS
from manchengo_files.rows import SourceRow
from manchengo_presenters.language import _
from manchengo_presenters.parsing import Rule, Unreadable
from manchengo_presenters.spelling import fold, unaccented


@frozen
class Hint:
    """What a header says of its column in brackets; nothing, where it is only a currency."""

    unit: Unit | None = None
    day_order: DayOrder | None = None


@frozen
class Field:
    """One thing a kind of file tells: its name in the code, and the names people give it.

    ``hint`` reads what its header may have in brackets; None: that is not known.
    """

    name: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    hint: Callable[[str], Hint | None] = lambda _text: None


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
    hints: Mapping[str, Hint]
    resembling: Mapping[str, str]
    written_as: int | None = None
    """In an error file of ours, where it says how a row is written.

    ``hints``: what a header says of its field. ``resembling``: for a missing field, the column that
    nobody claims and whose name is nearest.
    """

    @property
    def faults(self) -> tuple[str, ...]:
        """Sentences, one for each thing that keeps the file from being read."""
        missing = [self._missing(name) for name in self.missing]
        twice = [
            _('The columns {columns} mean the same thing ("{field}"): keep one.').format(
                columns=", ".join(_("“{name}”").format(name=name) for name in claim.columns),
                field=claim.field,
            )
            for claim in self.claimed_twice
        ]
        return (*missing, *twice)

    def _missing(self, name: str) -> str:
        sentence = _('The column "{column}" is missing.').format(column=name)
        near = self.resembling.get(name)
        if near is None:
            return sentence
        return f"{sentence} " + _('Is it "{found}"? Then call it "{column}".').format(
            found=near, column=name
        )

    @property
    def found(self) -> str:
        """The names that the file has, as one sentence."""
        names = ", ".join(_("“{name}”").format(name=name) for name in self.header if name)
        return _("The columns found are {names}.").format(names=names)

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
        added -= {name for name in folded if key_of(name) in owners}
    found: dict[str, list[int]] = {}
    hints: dict[str, Hint] = {}
    unknown = []
    table = {field.name: field for field in fields}
    for position, name in enumerate(header):
        if not folded[position] or folded[position] in added:
            continue
        owner, hint = _owner(name, owners, table)
        if owner is None:
            unknown.append(name)
            continue
        found.setdefault(owner, []).append(position)
        if hint:
            hints[owner] = hint
    missing = tuple(field.name for field in fields if field.required and field.name not in found)
    return Columns(
        header=tuple(header),
        positions={field: places[0] for field, places in found.items()},
        fields=tuple(field.name for field in fields),
        missing=missing,
        unknown=tuple(unknown),
        claimed_twice=tuple(
            ClaimedTwice(field, tuple(header[place] for place in places))
            for field, places in found.items()
            if len(places) > 1
        ),
        hints=hints,
        resembling=_resembling(missing, unknown, owners),
        written_as=folded.index(WRITTEN_AS) if is_error_file and WRITTEN_AS in folded else None,
    )


@frozen
class KnownHeadings:
    """The table of a kind of file, as what looks for a header asks it. See ``Headings``.

    ``least``: how many of its columns a table must have, the required ones included.
    """

    fields: Sequence[Field]
    least: int = 1

    def known(self, cells: Sequence[str]) -> int:
        """How many fields these cells name."""
        owners, table = self._owners
        return len({_owner(cell, owners, table)[0] for cell in cells if cell} - {None})

    def suffice(self, cells: Sequence[str]) -> bool:
        """Whether these cells name enough fields, with all that are required."""
        owners, table = self._owners
        named = {_owner(cell, owners, table)[0] for cell in cells if cell}
        enough = len(named - {None}) >= self.least
        return enough and all(field.name in named for field in self.fields if field.required)

    @cached_property
    def _owners(self) -> tuple[dict[str, str], dict[str, Field]]:
        return _owners(self.fields), {field.name: field for field in self.fields}


BRACKETS = re.compile(r"(.*?)\s*[(\[]\s*([^()\[\]]+?)\s*[)\]]\s*", re.DOTALL)


def _owner(
    name: str, owners: Mapping[str, str], fields: Mapping[str, Field]
) -> tuple[str | None, Hint | None]:
    """The field that a header names, and what it says of it in brackets."""
    found = BRACKETS.fullmatch(name)
    if found is None:
        return owners.get(key_of(name)), None
    owner = owners.get(key_of(found[1]))
    hint = fields[owner].hint(found[2]) if owner else None
    return (owner, hint) if hint else (None, None)


def _resembling(
    missing: Sequence[str], unknown: Sequence[str], owners: Mapping[str, str]
) -> dict[str, str]:
    near: dict[str, str] = {}
    for name in unknown:
        base = BRACKETS.fullmatch(name)
        key = key_of(base[1] if base else name)
        for known in get_close_matches(key, owners, n=3, cutoff=0.7):
            if owners[known] in missing:
                near.setdefault(owners[known], name)
                break
    return near


NUMBER = re.compile(r"\bn(?:°|o|um|r)?(?=[\W_]|$)")
SMALL_WORDS = frozenset({"de", "des", "du", "la", "le", "les", "the"})
ELIDED = re.compile(r"\b[ld]['’]")


def key_of(name: str) -> str:
    """``N° de lot`` and ``numero_lot`` give ``numerolot``: what is compared of a column's name."""
    words = re.split(r"[\W_]+", NUMBER.sub(" numero ", ELIDED.sub("", unaccented(name))))
    kept = [word for word in words if word and word not in SMALL_WORDS]
    return "".join(kept or words)


def _owners(fields: Sequence[Field]) -> dict[str, str]:
    owners: dict[str, str] = {}
    for field in fields:
        for name in (field.name, *field.synonyms):
            owner = owners.setdefault(key_of(name), field.name)
            assert owner == field.name, f"{name!r} names both {owner} and {field.name}"
    return owners
