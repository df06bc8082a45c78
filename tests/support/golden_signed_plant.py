"""One device's database of a founded plant, of every release: signed, exchanged, and verified.

    python -m tests.support.golden_signed_plant

adds the database of this release to ``tests/golden/signed``, with the sealed keys of its people and
its answers beside it, if it has none yet. It never touches a file that is there. The key of the
database and the passphrase of its people are published here. It holds the fortnight of
``tests.support.story``, signed by the founder, and what can happen to people, keys and devices.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from manchengo import Actor, Manchengo, MemoryStore, Role
from manchengo.commands import (
    AllowRenewal,
    InvitePerson,
    ReplaceServerKey,
    ResolveItem,
    WithdrawDevice,
    WithdrawInvitation,
    WithdrawKey,
)
from manchengo.domain.ids import DeviceId, InvitationId, UserId
from manchengo.domain.resolution import Way, item_id_of
from manchengo.memory import CountingIds, SteppingClock
from manchengo.ports.rows import DeviceRow, ResolutionItemRow
from manchengo.ports.settings import DEVICE
from manchengo.ports.signer import Signer
from manchengo.ports.store import Store
from manchengo_sqlite import SqliteStore
from manchengo_workplace.people_file import people_file
from manchengo_workplace.sealed_keys import SealedKeys, UnlockedKey
from tests.support.cheap_keys import cheap_keys
from tests.support.dairy import an_id, day, litres, written_off
from tests.support.founding import a_genesis
from tests.support.golden_database import PUBLISHED_KEY, answers
from tests.support.server import BOSS, Device, Server, a_server, register
from tests.support.signers import admitting, admitting_own, signer_of
from tests.support.story import A_FORTNIGHT

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "signed"
PUBLISHED_PASSPHRASE = "trois fromages et un chat"

FOUNDER: UnlockedKey = signer_of("the founder, at the office")
KARIM = UserId(an_id("Karim, of the signed plant"))
IN_THE_VAN = signer_of("Karim, in the van")
LOST = "perdu au marché"


def a_signed_plant(store: Store) -> Device:
    """The office of a plant that its founder began, in that store; all is exchanged but the last
    of it.
    """
    stores = iter([MemoryStore(), store])
    server = a_server(lambda: next(stores, None) or MemoryStore())
    office = server.device()
    office.signer = FOUNDER
    office.does(
        a_genesis(office.id, founder_id=BOSS, signer=FOUNDER),
        A_FORTNIGHT,
        register(KARIM, "Karim", Role.PRODUCTION),
        *_invitations(),
    )
    server.service.enrol(office.enrolment(server.service.first_code().code, "bureau"))
    office.syncs()
    _the_van(server, office)
    office.does(
        ReplaceServerKey(
            former_key=server.service.plant.public_signing_key,
            public_key=server.service.next_signing_key(),
        )
    )
    office.syncs()
    office.does(written_off("L2", litres(1), on=day(9)))
    return office


def _invitations() -> Iterator[Any]:
    for number in (1, 2):
        yield InvitePerson(
            user_id=KARIM,
            invitation_id=InvitationId(an_id(f"invitation {number}")),
            public_key=signer_of("invitation", number).key.hex(),
            expires_on=day(300),
        )
    yield WithdrawInvitation(
        user_id=KARIM, invitation_id=InvitationId(an_id("invitation 2")), reason="perdue"
    )


def _the_van(server: Server, office: Device) -> None:
    """Karim begins there by his invitation, and changes his key; what he signed comes in after the
    van was withdrawn with it, is refused, and is accepted.
    """
    van = server.another_device("camion", user_id=KARIM)
    van.roles = frozenset({Role.PRODUCTION})
    first = signer_of("Karim, in the van, at first")
    van.signer = signer_of("invitation", 1)
    van.does(admitting_own(KARIM, van.id, first, by=van.signer))
    van.signer = first
    van.does(admitting_own(KARIM, van.id, IN_THE_VAN, by=first))
    van.signer = IN_THE_VAN
    van.syncs()
    office.syncs()
    office.does(
        admitting(KARIM, office.id, signer_of("Karim, at the office")),
        WithdrawKey(
            user_id=KARIM, public_key=signer_of("Karim, at the office").key.hex(), reason="ancienne"
        ),
        AllowRenewal(device_id=van.id),
    )
    (late,) = van.does(written_off("L2", litres(2), on=day(9)))
    office.does(WithdrawDevice(device_id=van.id, reason=LOST))
    office.syncs()
    server.let_in_again(van, "camion")
    van.syncs()
    office.syncs()
    item = item_id_of(late.id)
    office.does(ResolveItem(item_id=item, way=Way.ACCEPT, reason="retrouvé", on=day(10)))
    office.syncs()


def signed_answers(dairy: Manchengo) -> dict[str, Any]:
    """What ``answers`` has, and what is known of people, keys, devices and verdicts."""
    with dairy.store.reading() as snapshot:
        log = [
            [entry.verdict.value, entry.reason, entry.hash.hex()] for entry in snapshot.entries()
        ]
        devices = {row.name: [row.mark, row.withdrawn] for row in snapshot.rows(DeviceRow)}
        items = {str(row.id): row.status for row in snapshot.rows(ResolutionItemRow)}
    keys = [[line.user, line.public_key, line.reason] for line in dairy.keys(None)]
    return answers(dairy) | {"log": log, "devices": devices, "items": items, "keys": keys}


def office_of(store: Store, signer: Signer | None = FOUNDER) -> Manchengo:
    """Its founder at work there."""
    with store.reading() as snapshot:
        device_id = DeviceId(UUID(snapshot.setting(DEVICE) or ""))
        ids = CountingIds(7_000_000 + snapshot.head())
    actor = Actor(user_id=BOSS, device_id=device_id, roles=frozenset({Role.ADMIN}))
    return Manchengo(store, clock=SteppingClock(), ids=ids, actor=actor, signer=signer)


def main(folder: Path = FOLDER, release: str = version("manchengo")) -> int:
    database, expected = folder / f"{release}.db", folder / f"{release}.json"
    if database.exists():
        print(f"{database.name} is there already")
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch:
        made = Path(scratch) / "new.db"
        with SqliteStore.open(made, key=PUBLISHED_KEY, create=True) as store, cheap_keys():
            a_signed_plant(store)
            SealedKeys(made).seal(BOSS, PUBLISHED_PASSPHRASE, FOUNDER)
            text = json.dumps(
                signed_answers(office_of(store)), indent=1, ensure_ascii=False, sort_keys=True
            )
            expected.write_text(text + "\n", encoding="utf-8", newline="\n")
        shutil.copyfile(made, database)
        shutil.copyfile(people_file(made), people_file(database))
    print(f"+ {database.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
