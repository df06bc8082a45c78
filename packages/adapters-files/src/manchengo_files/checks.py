"""What is wrong with some rows before anything is asked of the dairy.

A cell alone may be right and its row wrong: its order is dated otherwise further up, its product is
recorded under another spelling, its quantity is in another unit.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from attrs import frozen

from manchengo.domain.errors import Refused, Unknown
from manchengo.domain.gtin import gtin_given
from manchengo.domain.values import COUNTED, Quantity, Unit
from manchengo_files.codes import Codes
from manchengo_files.error_file import Fault
from manchengo_files.fault_location import rule_of
from manchengo_files.kinds.line import Line, heading_of
from manchengo_files.reading import Reader, ReadRow
from manchengo_presenters import parsing
from manchengo_presenters.language import _
from manchengo_presenters.refusal_text import sentence

L = TypeVar("L", bound=Line)

DIFFERS, WITH_THE_OTHERS = "differs_in_group", "with_the_others"
OTHER_UNIT = "other_unit_than_the_column"
SPELT_OTHERWISE = "spelt_otherwise"
"""The rules that are neither a cell's nor the dairy's."""


@frozen
class Checks(Generic[L]):
    """Of the rows that make one thing."""

    reader: Reader[L]
    codes: Codes

    def faults(self, entry: Sequence[ReadRow[L]]) -> list[list[Fault]]:
        """For each row: cells that cannot be read, disagreements, and codes of nothing."""
        first = next((row.line for row in entry if row.line), None)
        conflicting = self._first_two_values(entry)
        return [
            self.reader.in_order(
                [
                    *row.faults,
                    *self._disagreements(row, first),
                    *self._contradictions(row, conflicting),
                    *self._unknown_codes(row),
                    *self._other_units(row),
                    *self._parts_of_pieces(row),
                    *self._code_spelt_otherwise(row),
                    *self._wrong_barcode(row),
                ]
            )
            for row in entry
        ]

    def _disagreements(self, row: ReadRow[L], first: L | None) -> Iterator[Fault]:
        if row.line is None or first is None:
            return
        agree = () if self.reader.kind.complete else self.reader.kind.agree
        for name in (*self.reader.kind.group, *agree):
            if getattr(row.line, name) != getattr(first, name):
                message = _("The rows that go together must say the same here.")
                yield self.reader.fault(row, name, DIFFERS, message)

    def _first_two_values(self, entry: Sequence[ReadRow[L]]) -> Mapping[str, Sequence[ReadRow[L]]]:
        """Of an update, for each field with two values: the first two rows that differ."""
        conflicting: dict[str, list[ReadRow[L]]] = {}
        for row in entry if self.reader.kind.complete and len(entry) > 1 else ():
            for name in self.reader.kind.agree:
                value = getattr(row.line, name, None)
                first = conflicting.setdefault(name, [])
                if value is None or len(first) > 1:
                    continue
                if not first or getattr(first[0].line, name) != value:
                    first.append(row)
        return {name: rows for name, rows in conflicting.items() if len(rows) > 1}

    def _contradictions(
        self, row: ReadRow[L], conflicting: Mapping[str, Sequence[ReadRow[L]]]
    ) -> Iterator[Fault]:
        for name, (first, otherwise) in conflicting.items():
            value = getattr(row.line, name, None)
            if value is None:
                continue
            other = otherwise if value == getattr(first.line, name) else first
            message = _("Row {row} says something else of the same code: keep one of them.")
            number = other.source.number
            yield self.reader.fault(row, name, DIFFERS, message.format(row=number))

    def _unknown_codes(self, row: ReadRow[L]) -> Iterator[Fault]:
        """Of a row that cannot be read whole too, so that its first fault is really the first."""
        for name, thing in self.reader.kind.references.items():
            code = getattr(row.line, name) if row.line else self._code(row, name)
            if code is None or self.codes.find(thing, code) is not None:
                continue
            unknown = Unknown(kind=thing, reference=code)
            spelling = self.codes.other_spelling(thing, code)
            if spelling is None:
                yield self.reader.fault(row, name, rule_of(unknown), sentence(unknown))
            else:
                yield self._spelt_otherwise(row, name, spelling)

    def _spelt_otherwise(self, row: ReadRow[L], name: str, spelling: str) -> Fault:
        message = _("It is recorded as “{code}”: write it so.").format(code=spelling)
        return self.reader.fault(row, name, SPELT_OTHERWISE, message)

    def _code_spelt_otherwise(self, row: ReadRow[L]) -> Iterator[Fault]:
        """Of a line that enters a register: a code that differs in case or spaces only from one
        that is there.
        """
        if row.line is None or not self.reader.kind.registers:
            return
        code = getattr(row.line, "code", "")
        spelling = self.codes.other_spelling(self.reader.kind.registers, code)
        if spelling:
            yield self._spelt_otherwise(row, "code", spelling)

    def _wrong_barcode(self, row: ReadRow[L]) -> Iterator[Fault]:
        try:
            gtin_given((row.line.value("gtin") if row.line else None) or "")
        except Refused as refusal:
            yield self.reader.fault(row, "gtin", rule_of(refusal), sentence(refusal))

    def _parts_of_pieces(self, row: ReadRow[L]) -> Iterator[Fault]:
        if row.line is None:
            return
        for name in self.reader.kind.whole:
            product = self.codes.find("product", row.line.value(self.reader.kind.measured_in[name]))
            unit = row.line.value("unit") or getattr(product, "unit", None)
            amount = row.line.value(name)
            if amount is None or unit not in COUNTED:
                continue
            try:
                Quantity(amount, Unit(unit)).in_whole_pieces()
            except Refused as refusal:
                yield self.reader.fault(row, name, rule_of(refusal), sentence(refusal))

    def _other_units(self, row: ReadRow[L]) -> Iterator[Fault]:
        """Of a header that says another unit than the one in which the row's product is kept."""
        if not self.reader.columns.hints and not row.units:
            return
        for name, reference in self.reader.kind.measured_in.items():
            units = self.reader.stated_units(row, name)
            if not units:
                continue
            code = self._code(row, reference)
            product = self.codes.find("product", code) if code else None
            of_the_row = row.line.value("unit") if row.line else None
            kept_in = of_the_row or getattr(product, "unit", None)
            if kept_in is None:
                continue
            other = [unit for unit in units if unit != kept_in]
            if other:
                message = _("This is in {said}, and {product} is in {kept_in} here.").format(
                    said=other[0], product=code, kept_in=kept_in
                )
                yield self.reader.fault(row, name, OTHER_UNIT, message)

    def _code(self, row: ReadRow[L], name: str) -> str | None:
        try:
            return parsing.code(row.cells.get(heading_of(self.reader.kind.line, name), ""))
        except parsing.Unreadable:  # its fault is reported already
            return None

    def with_the_others(self, row: ReadRow[L]) -> Fault:
        """The fault of a good row whose command has a refused one."""
        message = _("Another row that goes with this one is refused: they go in together.")
        return self.reader.fault(row, self.reader.kind.group[0], WITH_THE_OTHERS, message)
