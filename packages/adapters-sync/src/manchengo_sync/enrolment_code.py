"""What an administrator gives to somebody who joins with a new device: ``CODE+INVITATION@PLANT``.

The server takes the code, and lets the device in. The invitation never leaves the device: with it,
its person begins to sign there, and a server that knew it could do so in their place.
"""

from uuid import UUID

from attrs import frozen

OF_PLANT, OF_PERSON = "@", "+"


def invitation_in(typed: str) -> str:
    """The code of the invitation in what was typed: all of it, where no other code is before it."""
    codes, _, _plant = typed.partition(OF_PLANT)
    code, separator, invitation = codes.partition(OF_PERSON)
    return invitation if separator else code


@frozen
class NotAPlantId(Exception):
    """What follows the code is no id of a plant."""


@frozen
class EnrolmentCode:
    """``code``: however it was typed. ``plant_id``: None where the code was given without it;
    ``invitation``: the code of one, "" where none came with it.
    """

    code: str
    plant_id: UUID | None = None
    invitation: str = ""

    @property
    def without_plant(self) -> str:
        """What is typed where the plant need not be named."""
        return self.code + (self.invitation and f"{OF_PERSON}{self.invitation}")

    def __str__(self) -> str:
        plant = "" if self.plant_id is None else f"{OF_PLANT}{self.plant_id}"
        return self.without_plant + plant

    @classmethod
    def read(cls, text: str) -> "EnrolmentCode":
        """Raises ``NotAPlantId``."""
        codes, separator, plant = text.partition(OF_PLANT)
        code, _, invitation = codes.partition(OF_PERSON)
        try:
            plant_id = UUID(plant.strip()) if separator else None
            return cls(code.strip(), plant_id, invitation.strip())
        except ValueError:
            raise NotAPlantId from None
