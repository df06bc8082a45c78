"""What an administrator gives to somebody who joins: a one-time code, and for which plant it is."""

from uuid import UUID

from attrs import frozen

OF_PLANT = "@"


@frozen
class NotAPlantId(Exception):
    """What follows the code is no id of a plant."""


@frozen
class EnrolmentCode:
    """``code``: however it was typed. ``plant_id``: None where only the code was given."""

    code: str
    plant_id: UUID | None = None

    def __str__(self) -> str:
        return self.code if self.plant_id is None else f"{self.code}{OF_PLANT}{self.plant_id}"

    @classmethod
    def read(cls, text: str) -> "EnrolmentCode":
        """Raises ``NotAPlantId``."""
        code, separator, plant = text.partition(OF_PLANT)
        try:
            return cls(code.strip(), UUID(plant.strip()) if separator else None)
        except ValueError:
            raise NotAPlantId from None
