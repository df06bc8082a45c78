"""What goes wrong beside the rules of the dairy: what happened, why, and what to do about it.

The sentences here name no command and no button. An app that can name its own way out gives its own
sentence for the same ``key``: ``failure.worded(own)``.
"""

from collections.abc import Mapping
from enum import StrEnum

from manchengo_presenters.language import N_, _
from manchengo_presenters.system_errors import reason


class Origin(StrEnum):
    """Whose doing it is."""

    RULE = "rule"
    """A rule of the plant refused: a right, a code, a withdrawn device."""

    REQUEST = "request"
    """What was asked for cannot be done as it was asked."""

    MACHINE = "machine"
    """A file, a key, a disk, a network."""


class Failure(Exception):
    """Something that a person must hear of. Nothing recorded is lost by it.

    ``name``: stable, for programs. ``template``: the English sentence, as the catalogue knows it;
    ``facts`` fill it in, ``values`` before them where the sentence says a fact otherwise. ``key``:
    under which an app may have a sentence of its own; the name, when left out.
    """

    def __init__(
        self,
        name: str,
        template: str,
        facts: Mapping[str, object],
        *,
        values: Mapping[str, object] | None = None,
        key: str | None = None,
        origin: Origin = Origin.MACHINE,
    ) -> None:
        super().__init__(name)
        self.name = name
        self.key = key or name
        self.facts = facts
        self.origin = origin
        self._template = template
        self._values = {**facts, **(values or {})}

    @classmethod
    def saying(
        cls,
        name: str,
        sentence: str,
        facts: Mapping[str, object],
        *,
        origin: Origin = Origin.MACHINE,
    ) -> "Failure":
        """With a sentence that is worded already."""
        return cls(name, "{sentence}", facts, values={"sentence": sentence}, origin=origin)

    @property
    def values(self) -> Mapping[str, object]:
        """What fills in the sentence."""
        return self._values

    @property
    def sentence(self) -> str:
        """The sentence that suits every app, in the reader's language."""
        return self.worded({})

    def worded(self, own: Mapping[str, str]) -> str:
        """The sentence, an app's ``own`` first: English templates by key."""
        template = own.get(self.key, self._template)
        return _(template).format(**self._values)


DAMAGED = {"BrokenHistory", "Garbled", "GarbledCommit", "Damaged", "UnknownEvent"}
"""What the core raises when the log or a view cannot be read."""


def failure_of(error: BaseException) -> Failure:
    """The failure that any error but a ``Refused`` is: damage, the computer, or our own fault."""
    name = type(error).__name__
    if isinstance(error, Failure):
        return error
    if name in DAMAGED:
        return Failure(
            name,
            N_(
                "What is stored cannot be read: it was changed since, or a newer program wrote it. "
                "Verify the database: that says where."
            ),
            {},
            key="Damaged",
        )
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return Failure(
            name,
            N_("The computer refused: {what}{where}."),
            {"path": error.filename},
            values={"what": reason(error), "where": where},
            key="OSError",
        )
    return Failure(
        name,
        N_(
            "This is a fault of Manchengo, not yours: {name}. Try again; if it stays, tell whoever "
            "looks after the program what you did and what it says here."
        ),
        {},
        values={"name": f"{name}: {error}"},
        key="Fault",
    )
