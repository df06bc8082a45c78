"""What a new device is given to join a server: an address and a code, typed or in a QR code."""

from urllib.parse import parse_qs, urlencode

from attrs import frozen

from manchengo_presenters.language import _
from manchengo_presenters.screens.problem import Problem

BEGINNING = "manchengo:join?"

JOIN_BESIDE = {
    "BadAddress": "address",
    "NotEncrypted": "address",
    "NotAPlantId": "code",
    "WrongCode": "code",
    "WrongKey": "passphrase",
}
"""By the name of a problem of joining, the field beside which it is shown."""


@frozen
class JoinCode:
    """``server``: its address; ``code``: whole, with the invitation and the plant."""

    server: str
    code: str


def written_join_code(code: JoinCode) -> str:
    """What the QR code says: whoever reads it knows where to go, and with what."""
    return BEGINNING + urlencode({"server": code.server, "code": code.code})


def read_join_code(text: str) -> JoinCode:
    """What the QR code of an administrator says. Raises ``Problem``."""
    beginning, asked = text[: len(BEGINNING)], parse_qs(text[len(BEGINNING) :])
    if beginning != BEGINNING or not {"server", "code"} <= set(asked):
        raise Problem(
            "NotAJoinCode",
            _(
                "This code lets no computer join a server. Take a picture of the one that an "
                "administrator has made for it."
            ),
        )
    return JoinCode(server=asked["server"][0], code=asked["code"][0])
