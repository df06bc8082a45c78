"""The story of a run, as somebody would tell it who saw everything."""

from attrs import define, field


@define
class Story:
    step: int = 0
    lines: list[str] = field(factory=list)
    _last: dict[str, str] = field(factory=dict)

    def tell(self, who: str, what: str) -> None:
        """Nobody is told twice in a row the same of somebody."""
        if self._last.get(who) == what:
            return
        self._last[who] = what
        self.lines.append(f"{self.step:4}  {who:<7} {what}")

    def __str__(self) -> str:
        return "\n".join(self.lines)
