"""Why somebody cannot act at this device: nobody has proved who they are."""

from manchengo.commands import AdmitKey
from manchengo_presenters.language import N_
from manchengo_workplace.admission_request import written_request
from manchengo_workplace.failures import Failure, Origin


def which_person(names: list[str]) -> Failure:
    """The failure where several people work at a device and none has said who they are."""
    return Failure(
        "WhichPerson",
        N_("Who are you? On this device these have a passphrase of their own: {names}."),
        {"people": names},
        values={"names": ", ".join(names) or "—"},
        origin=Origin.REQUEST,
    )


def sign_in_needed(name: str) -> Failure:
    """The failure of a name that nothing proves."""
    return Failure(
        "SignInNeeded",
        N_("A name proves nothing: {user} has to identify themselves before anything is done."),
        {"user": name},
        origin=Origin.RULE,
    )


def nobody_signed_in() -> Failure:
    """The failure where nobody has identified themselves and a right is asked for."""
    return Failure(
        "NobodySignedIn",
        N_("This takes a right, and nobody has identified themselves here."),
        {},
        origin=Origin.RULE,
    )


def admission_needed(name: str, admission: AdmitKey) -> Failure:
    """The failure of a person whose key nobody has admitted yet."""
    return Failure(
        "AdmissionNeeded",
        N_(
            "An administrator has yet to admit the key of {user} on this device. Hand them this: "
            "{request}"
        ),
        {"user": name, "request": written_request(admission)},
        origin=Origin.RULE,
    )


def key_withdrawn(name: str) -> Failure:
    """The failure of a person whose key on this device was withdrawn: it never counts again."""
    return Failure(
        "KeyWithdrawn",
        N_(
            "The key of {user} on this device was withdrawn. An administrator invites {user} with "
            "a code, and {user} begins another key with it."
        ),
        {"user": name},
        origin=Origin.RULE,
    )
