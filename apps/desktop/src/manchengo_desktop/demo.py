"""A filled dairy to look at, encrypted like any other, and thrown away at the end."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

from manchengo_desktop.compose import DeviceOffice
from manchengo_desktop.demo_days import fill
from manchengo_presenters.screens.office import NewDairy

PERSON = "amina"


@frozen(kw_only=True)
class Demo:
    """Where it is, and what opens it."""

    path: Path
    passphrase: str
    person: str
    secret: str


@contextmanager
def demo_dairy() -> Iterator[Demo]:
    """A filled dairy, as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="manchengo-") as folder:
        demo = Demo(
            path=Path(folder) / "atelier.db",
            passphrase=secrets.token_urlsafe(12),
            person=PERSON,
            secret=secrets.token_urlsafe(9),
        )
        office = DeviceOffice(demo.path)
        office.create(
            NewDairy(
                name="Fromagerie du Djurdjura",
                admin=PERSON,
                passphrase=demo.passphrase,
                secret=demo.secret,
            )
        )
        office.sign_in(PERSON, demo.secret, print)
        fill(office.dairy, office.today())
        office.close()
        yield demo
