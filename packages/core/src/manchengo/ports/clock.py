"""What time it is, for those who may ask: never the domain."""

from datetime import date, datetime
from typing import Protocol


class Clock(Protocol):
    """The machine's clock. It may be wrong by years and go back; nothing is refused for that."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""

    def today(self) -> date:
        """The business date, in the plant's time zone."""
