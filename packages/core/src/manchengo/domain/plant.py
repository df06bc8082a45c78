"""The plant itself: what it asks of everybody who records."""

from typing import assert_never
from uuid import UUID, uuid5

from attrs import frozen

PLANT_ID = uuid5(UUID(int=0), "manchengo plant")
"""The one plant of a log is an aggregate under this id."""


@frozen(kw_only=True)
class RequireSigning:
    """From here on in the log, whoever records must sign with a key of their own.

    What is not signed still counts from the person for whom its device was enrolled, as long as
    they never had a key. Given again, it changes nothing, and nothing takes it back.
    """


@frozen(kw_only=True)
class SigningRequired:
    """From here on a command counts only with its author's signature."""


PlantCommand = RequireSigning
PlantEvent = SigningRequired


@frozen(kw_only=True)
class Plant:
    """``must_sign``: whether whoever records must sign."""

    must_sign: bool


def decide(plant: Plant | None, command: PlantCommand) -> tuple[PlantEvent, ...]:
    """What the command makes happen to the plant; raises the refusals that its class names."""
    match command:
        case RequireSigning():
            return () if plant is not None and plant.must_sign else (SigningRequired(),)
        case _:
            assert_never(command)


def evolve(_plant: Plant | None, event: PlantEvent) -> Plant:
    """The plant after the event."""
    match event:
        case SigningRequired():
            return Plant(must_sign=True)
        case _:
            assert_never(event)
