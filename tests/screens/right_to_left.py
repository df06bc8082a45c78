"""``manchengo-desktop`` laid out from right to left: what a page in Arabic would look like."""

import sys

from manchengo_desktop import app
from manchengo_desktop.main import main


class Mirrored(app.Window):
    """The window, from right to left."""

    async def open(self) -> None:
        """Draw it so."""
        self.page.rtl = True
        await super().open()


if __name__ == "__main__":
    app.Window = Mirrored  # type: ignore[misc]  # the program takes its window from there
    sys.exit(main())
