"""Recalls at this computer: what one reaches, and one that was practised."""

from collections.abc import Callable
from datetime import datetime

from attrs import frozen

from manchengo_desktop.compose.problems import problems
from manchengo_presenters.beginnings import Start
from manchengo_presenters.screens.recalls import Reached, Several, reach_of
from manchengo_workplace.recall_drills import RecallDrill
from manchengo_workplace.workplace import Workplace


@frozen
class DeviceRecalls:
    """``at_work``: whoever acts now; raises ``Problem`` where nobody does. Implements
    ``Recalls``.
    """

    _at_work: Callable[[], Workplace]

    def reach(self, asked: Start) -> Reached | Several:
        """What a recall would reach."""
        with problems():
            return reach_of(self._at_work().dairy, asked)

    def drilled(self, reached: Reached, began: datetime) -> int:
        """Note that it was practised."""
        with problems():
            drill = RecallDrill(begun_at=began)
            return drill.end(self._at_work(), reached.start, reached.report)
