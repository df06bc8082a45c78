"""The labels that can be bought: single ones on a roll, and sheets for an office printer."""

from enum import Enum

from attrs import frozen


@frozen(kw_only=True)
class LabelSize:
    """In millimetres. ``module``: the side of one square of the QR code, at least. ``margin``: what
    stays white on all sides, because no office printer reaches the edge of a sheet.
    """

    width: float
    height: float
    module: float
    margin: float = 0

    @property
    def is_small(self) -> bool:
        """Whether there is room for the most important lines only."""
        return self.height < 40


class RollSize(Enum):
    """Labels on a roll, for a label printer; the value names them at the command line."""

    SMALL = "50x30"
    LARGE = "100x50"

    @property
    def size(self) -> LabelSize:
        """The measures of one label, in millimetres."""
        return _ROLL[self]


_ROLL = {
    RollSize.SMALL: LabelSize(width=50, height=30, module=0.5),
    RollSize.LARGE: LabelSize(width=100, height=50, module=1),
}


@frozen(kw_only=True)
class SheetLayout:
    """A sheet of A4. ``left``, ``top``: where the first label begins, in millimetres."""

    size: LabelSize
    columns: int
    rows: int
    left: float
    top: float

    @property
    def count(self) -> int:
        """How many labels a sheet has."""
        return self.columns * self.rows


class SheetSize(Enum):
    """Sheets of A4; the value is how many labels a sheet has."""

    TEN = 10
    TWENTY_FOUR = 24
    FORTY = 40

    @property
    def layout(self) -> SheetLayout:
        """Where the labels are on the sheet."""
        return _SHEETS[self]


A4 = (210.0, 297.0)

_SHEETS = {
    SheetSize.TEN: SheetLayout(
        size=LabelSize(width=105, height=57, module=1, margin=3),
        columns=2,
        rows=5,
        left=0,
        top=6,
    ),
    SheetSize.TWENTY_FOUR: SheetLayout(
        size=LabelSize(width=70, height=37, module=0.5, margin=3),
        columns=3,
        rows=8,
        left=0,
        top=0.5,
    ),
    SheetSize.FORTY: SheetLayout(
        size=LabelSize(width=52.5, height=29.7, module=0.5, margin=2),
        columns=4,
        rows=10,
        left=0,
        top=0,
    ),
}
