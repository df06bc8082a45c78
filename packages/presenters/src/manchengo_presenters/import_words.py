"""What an import did, in words."""

from collections.abc import Iterator

from attrs import frozen

from manchengo_presenters.formatting import number
from manchengo_presenters.language import N_, ngettext

KINDS = {
    "suppliers": N_("suppliers"),
    "clients": N_("clients"),
    "products": N_("products"),
    "prices": N_("prices of price lists"),
    "recipes": N_("recipes"),
    "opening-stock": N_("opening stock"),
    "lots": N_("lots"),
    "production": N_("production orders"),
    "sales": N_("sales orders"),
    "deliveries": N_("deliveries"),
    "payments": N_("payments"),
}
"""What the rows of a file are about, in the plural."""


@frozen(kw_only=True)
class RowCounts:
    """Counted in rows. ``changed``: of those accepted, the ones that changed what was recorded."""

    rows: int = 0
    accepted: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


def counted(rows: int | None) -> str:
    """How many rows, in the list of imports; nothing for one that was not read to its end."""
    return "" if rows is None else number(rows)


def counts(of: RowCounts, *, is_update: bool) -> str:
    """How many rows were read, and what became of them. ``is_update``: what was recorded already
    may change.
    """
    return " ".join(_counts(of, is_update=is_update))


def _counts(of: RowCounts, *, is_update: bool) -> Iterator[str]:
    yield ngettext("{count} row read:", "{count} rows read:", of.rows).format(count=number(of.rows))
    unchanged = ngettext("{count} row unchanged", "{count} rows unchanged", of.unchanged)
    refused = ngettext("{count} row refused", "{count} rows refused", of.refused)
    accepted = ngettext("{count} row accepted", "{count} rows accepted", of.accepted)
    fates = [(accepted, of.accepted), (unchanged, of.unchanged), (refused, of.refused)]
    if is_update:
        new, changed = of.accepted - of.changed, of.changed
        fates[:1] = [
            (ngettext("{count} new row", "{count} new rows", new), new),
            (ngettext("{count} row changed", "{count} rows changed", changed), changed),
        ]
    yield ", ".join(wording.format(count=number(count)) for wording, count in fates) + "."
