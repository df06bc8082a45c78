"""The size of a page: halved after a page was lost, doubled after one got through.

The size is kept in the database, because on a bad line a program often ends before the line is
known. Nothing is written where no page is ever lost.
"""

from attrs import define

from manchengo.ports.store import Store
from manchengo_sync import wire

PAGE_SIZE = "server.page_size"
"""The setting that keeps the size after a page was lost; absent or empty: the largest."""


@define
class PageSize:
    """``now``: how many commits a page offers and how many entries it asks for, at most."""

    store: Store
    largest: int
    now: int

    @classmethod
    def of(cls, store: Store, largest: int = wire.MOST_COMMITS) -> "PageSize":
        """The size that got through last time, in commits; ``largest`` where none is known."""
        with store.reading() as snapshot:
            kept = snapshot.setting(PAGE_SIZE) or ""
        return cls(store, largest, min(largest, int(kept)) if kept.isdigit() else largest)

    def lost(self) -> None:
        """The page was sent, and no whole answer came."""
        self._becomes(max(1, self.now // 2))

    def passed(self) -> None:
        """A page of this size got through: doubles the size, up to the largest."""
        self._becomes(min(self.largest, self.now * 2))

    def _becomes(self, size: int) -> None:
        if size != self.now:
            self.now = size
            with self.store.writing(durable=False) as transaction:
                transaction.set_setting(PAGE_SIZE, "" if size == self.largest else str(size))
