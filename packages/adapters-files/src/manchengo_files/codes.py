"""From the codes in a file to what is recorded under them, each looked up once."""

from collections import defaultdict
from uuid import UUID

from manchengo.application.coded_rows import CODED_ROWS
from manchengo.application.spellings import rows_of_code
from manchengo.domain.ids import ProductId
from manchengo.domain.names import comparison_key
from manchengo.ports.rows import (
    ProductRow,
    RecipeRow,
    Row,
)
from manchengo.ports.store import Snapshot

REGISTERS = frozenset({"supplier", "client", "price_list", "product"})
"""Few enough to be held whole, so that a code can be known however it is typed."""

KEPT = 10_000
"""How many codes are remembered: a dairy's products and parties all are, its orders need not be."""


class Codes:
    """What the codes of one import stand for, as ``snapshot`` sees it.

    What was found stays found in the next snapshot; what was not is looked for again.
    """

    def __init__(self) -> None:
        self.snapshot: Snapshot
        self._found: dict[tuple[str, str], Row] = {}
        self._spellings: dict[str, dict[str, list[str]]] = {}

    def find(self, thing: str, code: str) -> Row | None:
        """The row of that code among the things of that kind, one of ``CODED_ROWS``."""
        known = self._found.get((thing, code))
        if known is not None:
            return known
        for row in rows_of_code(self.snapshot, code, *CODED_ROWS[thing]):
            if row.code == code:
                return self._keep(thing, code, row)
        return None

    def other_spelling(self, thing: str, code: str) -> str | None:
        """The spelling of what is recorded under that code, where it is another."""
        if thing in REGISTERS:
            known = self._spellings_of(thing).get(comparison_key(code), [])
        else:
            known = [row.code for row in rows_of_code(self.snapshot, code, *CODED_ROWS[thing])]
        return None if code in known else next(iter(known), None)

    def came_in(self, thing: str, code: str) -> None:
        """A code that this import has put into a register."""
        if thing in REGISTERS:
            self._spellings_of(thing)[comparison_key(code)].append(code)

    def _spellings_of(self, thing: str) -> dict[str, list[str]]:
        """By key: one spelling, or several in databases from before that was refused."""
        if thing not in self._spellings:
            known = self._spellings[thing] = defaultdict(list)
            for table in CODED_ROWS[thing]:
                for row in self.snapshot.rows(table):
                    known[row.code_key].append(row.code)
        return self._spellings[thing]

    def id(self, thing: str, code: str) -> UUID:
        """The identifier behind a code that is known to exist."""
        row = self.find(thing, code)
        assert row is not None, f"the {thing} {code} was looked for before the command was made"
        identifier = row.key()[0]
        assert isinstance(identifier, UUID), "what has a code has an identifier"
        return identifier

    def product(self, code: str) -> ProductRow:
        """The product of that code, which was found before."""
        row = self.find("product", code)
        assert isinstance(row, ProductRow), "looked for before the command was made"
        return row

    def recipe(self, product_id: ProductId) -> RecipeRow | None:
        """As it is now: an import of recipes changes it."""
        return next(self.snapshot.rows(RecipeRow, product_id=product_id, limit=1), None)

    def _keep(self, thing: str, code: str, row: Row) -> Row:
        if len(self._found) >= KEPT:
            self._found.clear()
        self._found[thing, code] = row
        return row
