"""A clock and identifiers that are the same in every run, for tests and simulations."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from attrs import define

START_OF_MEMORY = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


@define
class SteppingClock:
    """A clock that moves only when it is read, a second at a time: the same run, the same log.

    ``at``: the instant last read, aware, in UTC.
    """

    at: datetime = START_OF_MEMORY

    def now(self) -> datetime:
        """The next instant: a second later than the last."""
        self.at += timedelta(seconds=1)
        return self.at

    def today(self) -> date:
        """The day of the instant last read."""
        return self.at.date()


@define
class CountingIds:
    """Identifiers of version 7 in a fixed order: the same run, the same log.

    ``given``: how many were given before.
    """

    given: int = 0

    def new(self) -> UUID:
        """The next identifier, greater than those before."""
        self.given += 1
        return UUID(int=self.given << 80 | 7 << 76 | 2 << 62 | self.given)
