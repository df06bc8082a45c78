"""A screen about one thing, read whole."""

from typing import Generic, TypeVar

from manchengo_presenters.screens.view_model import ScreenModel

D = TypeVar("D")


class DetailPage(ScreenModel, Generic[D]):
    """``detail``: what is shown; None until it is there."""

    detail: D | None = None

    async def load(self) -> None:
        """Read it anew; what was shown and typed stays until then."""
        found = await self.attempt_again(self._read, self.detail)
        if found is not None:
            self.detail = found
            self.changed()

    def _read(self) -> D:
        """Beside the loop, in one reading of the database. Raises ``Problem``."""
        raise NotImplementedError
