"""A driver who has a key at the computer of a test, and signs in there."""

from manchengo import Role
from manchengo.commands import RegisterUser
from manchengo.domain.ids import UserId
from manchengo_desktop.compose import DeviceOffice

SECRET = "remorque lanterne savon orge"


def let_a_driver_work(office: DeviceOffice) -> None:
    """Whoever acts, an administrator, lets him in; he acts from here on."""
    done = office.record(
        lambda choices: RegisterUser(
            user_id=UserId(choices.id("user_id")), name="karim", roles=frozenset({Role.DRIVER})
        ),
        lambda _snapshot, _command: "",
    )
    assert isinstance(done.command, RegisterUser)
    office.admissions.give_secret(done.command.user_id, SECRET)
    office.sign_in("karim", SECRET, print)
