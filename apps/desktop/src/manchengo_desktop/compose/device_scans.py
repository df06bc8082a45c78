"""Codes that are scanned at this computer. Implements ``Scans`` over the workplace."""

from collections.abc import Callable

from manchengo_desktop.compose.problems import problems
from manchengo_presenters import refusal_text
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.scans import Looked
from manchengo_workplace.code_pictures import codes_in_picture
from manchengo_workplace.scan_reading import looked_at
from manchengo_workplace.scan_records import Task
from manchengo_workplace.scan_tasks import Outcome, ScanTask
from manchengo_workplace.workplace import Workplace


class DeviceScans:
    """``at_work``: the workplace of who has signed in; raises ``Problem`` where nobody has."""

    def __init__(self, at_work: Callable[[], Workplace]) -> None:
        self._at_work = at_work
        self._task: ScanTask | None = None

    def look(self, text: str) -> Looked | None:
        """What that code is, recorded."""
        workplace = self._at_work()
        if self._task is None or self._task.workplace is not workplace:
            self._task = ScanTask(workplace, Task.LOOK)
        with problems():
            result = self._task.scan(text)
            if result.refusal is not None:
                refused = result.refusal
                raise Problem(type(refused).__name__, refusal_text.sentence(refused)) from refused
            if result.outcome is Outcome.REPEATED:
                return None
            assert result.scanned is not None, "what was read is something"
            with workplace.dairy.reading() as snapshot:
                today = workplace.clock.today()
                return looked_at(snapshot, result.scanned, workplace.actor, today)

    def codes_in(self, picture: bytes, name: str) -> tuple[str, ...]:
        """The codes in a picture."""
        with problems():
            return codes_in_picture(picture, name)
