"""The particulars of the plant, as labels and papers name it: what the law asks of a seller.

They say nothing about who may do what, so they are an aggregate of their own, beside the plant.
"""

from uuid import UUID, uuid5

from attrs import field, frozen

from manchengo.domain.details import SENSITIVE, changes, with_changes
from manchengo.domain.errors import name_given

PLANT_DETAILS_ID = uuid5(UUID(int=0), "manchengo plant details")
"""The particulars of the one plant of a log are an aggregate under this id."""


@frozen(kw_only=True)
class ChangePlantDetails:
    """Changes only the given particulars of the plant; devices merge them one by one.

    ``name``: under which it sells. ``address``: on one line, with the town. ``nif``, ``nis``,
    ``rc``, ``ai``: its four registrations, as text. ``approval``: the number of its sanitary
    approval, as labels bear it.

    Refused: ``NameMissing``.
    """

    name: str | None = None
    legal_form: str | None = None
    activity: str | None = None
    capital: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    nif: str | None = None
    nis: str | None = None
    rc: str | None = None
    ai: str | None = None
    approval: str | None = None


@frozen(kw_only=True)
class PlantDetailsChanged:
    """Particulars of the plant changed; None: this one did not."""

    name: str | None = field(metadata=SENSITIVE)
    legal_form: str | None
    activity: str | None
    capital: str | None
    address: str | None = field(metadata=SENSITIVE)
    phone: str | None
    email: str | None
    nif: str | None = field(metadata=SENSITIVE)
    nis: str | None = field(metadata=SENSITIVE)
    rc: str | None = field(metadata=SENSITIVE)
    ai: str | None = field(metadata=SENSITIVE)
    approval: str | None = field(metadata=SENSITIVE)


@frozen(kw_only=True)
class PlantDetails:
    """What is known of the plant; "" where nothing was recorded."""

    name: str = ""
    legal_form: str = ""
    activity: str = ""
    capital: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    nif: str = ""
    nis: str = ""
    rc: str = ""
    ai: str = ""
    approval: str = ""


NOTHING_KNOWN = PlantDetails()


def decide(
    known: PlantDetails | None, command: ChangePlantDetails
) -> tuple[PlantDetailsChanged, ...]:
    """What the command changes; raises the refusals that its class names."""
    if command.name is not None:
        name_given(command.name, "plant")
    return changes(known or NOTHING_KNOWN, command, PlantDetailsChanged)


def evolve(known: PlantDetails | None, event: PlantDetailsChanged) -> PlantDetails:
    """The particulars after the event."""
    return with_changes(known or NOTHING_KNOWN, event)
