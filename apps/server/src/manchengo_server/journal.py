"""The server's own log: one line of JSON for each request, for machines to read.

It names devices by their ids and refusals by their codes. No address, no name, nothing that a
person recorded.
"""

import sys
import traceback
from typing import Any, TextIO

import structlog
from attrs import define, field
from structlog.typing import FilteringBoundLogger

from manchengo_server.errors import Recovering


def journal(to: TextIO | None = None) -> FilteringBoundLogger:
    """``to``: standard error by default."""
    logger: FilteringBoundLogger = structlog.wrap_logger(
        structlog.WriteLogger(to or sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        cache_logger_on_first_use=True,
    )
    return logger


@define
class Line:
    """What is known of a request once it is over. ``waited``: seconds spent waiting for news."""

    method: str
    route: str
    status: int = 0
    waited: float = 0.0
    facts: dict[str, Any] = field(factory=dict)

    def write(self, to: FilteringBoundLogger, seconds: float) -> None:
        """Write the line at the level that its status calls for. ``seconds``: how long the answer
        took.
        """
        is_fault = self.status >= 500 and self.facts.get("code") != Recovering.code
        is_well = self.status < 400 and "two_histories" not in self.facts
        say = to.info if is_well else to.error if is_fault else to.warning
        say(
            "request",
            method=self.method,
            route=self.route,
            status=self.status,
            milliseconds=round(seconds * 1000, 1),
            **({"waited": round(self.waited * 1000, 1)} if self.waited else {}),
            **self.facts,
        )


def where(error: BaseException) -> dict[str, Any]:
    """What broke and where, without what it was about."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames]
    return {"error": type(error).__name__, "places": places[-8:]}
