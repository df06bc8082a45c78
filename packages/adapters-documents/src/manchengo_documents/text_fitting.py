"""Text made to fit a place: smaller first, and cut only where nothing else helps."""

from bisect import bisect_left

from attrs import evolve, frozen

from manchengo_documents.paper import Paper

LINE_HEIGHT = 1.25
"""Of the size of its letters, from one line to the next."""

ELLIPSIS = "…"
_STEP = 0.5


@frozen
class Fitted:
    """``lines``: what to write, at this many ``points``."""

    lines: tuple[str, ...]
    points: float


@frozen(kw_only=True)
class Place:
    """``width``: in the units of the paper. ``height``: in points; and at most so many ``lines``.
    ``largest``, ``smallest``: points; from ``largest`` down to ``one_line``, one line is better
    than several of larger letters.
    """

    width: float
    largest: float
    smallest: float
    height: float = float("inf")
    lines: int = 1
    one_line: float = float("inf")

    def lines_at(self, points: float) -> int:
        """How many lines of this size there is room for: one at least."""
        return max(1, int(min(self.lines, self.height / (points * LINE_HEIGHT))))


def fit(paper: Paper, text: str, place: Place, style: str = "") -> Fitted:
    """The text in the largest letters in which it fits; at the smallest, the end may be missing."""
    if place.lines > 1 and place.one_line < place.largest:
        alone = fit(paper, text, evolve(place, lines=1, smallest=place.one_line), style)
        if alone.lines == (text,):
            return alone
    points = place.largest
    while True:
        lines = _wrapped(paper, text, place, points, style)
        if all(paper.width_of(line, points, style) <= place.width for line in lines):
            return Fitted(lines, points)
        if points <= place.smallest:
            break
        points = max(place.smallest, points - _STEP)
    cut = tuple(_cut(paper, line, place.width, points, style) for line in lines)
    return Fitted(cut, points)


def _wrapped(paper: Paper, text: str, place: Place, points: float, style: str) -> tuple[str, ...]:
    """Broken at plain spaces only; a word that is too long stands alone, and is too long. The last
    line that there is room for has all that is left, and may be too long.
    """
    room = place.lines_at(points)
    lines: list[str] = []
    words = [word for word in text.split(" ") if word]
    for index, word in enumerate(words):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and paper.width_of(longer, points, style) <= place.width:
            lines[-1] = longer
        elif len(lines) < room:
            lines.append(word)
        else:
            lines[-1] = " ".join([lines[-1], *words[index:]])
            break
    return tuple(lines)


def _cut(paper: Paper, line: str, width: float, points: float, style: str) -> str:
    """As many of its letters as fit with an ellipsis behind them."""
    if paper.width_of(line, points, style) <= width:
        return line

    def is_too_wide(letters: int) -> bool:
        return letters > 0 and paper.width_of(line[:letters] + ELLIPSIS, points, style) > width

    kept = bisect_left(range(len(line) + 1), True, key=is_too_wide) - 1
    return line[:kept].rstrip() + ELLIPSIS
