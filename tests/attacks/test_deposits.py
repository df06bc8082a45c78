"""What a withdrawn person recorded is not lost: it is deposited, refused with its signatures, and
accepted in order as far as an administrator says.
"""

from collections.abc import Callable
from uuid import UUID

import pytest

from manchengo import Actor, Commit, Manchengo, Role
from manchengo.commands import AdmitKey, ResolveItem, WithdrawDevice
from manchengo.domain.commit import Verdict
from manchengo.domain.ids import UserId
from manchengo.domain.resolution import Way, item_id_of
from manchengo.ports.rows import RawLotRow, ResolutionItemRow
from manchengo_server import bundles
from manchengo_sync.joining import join
from manchengo_sync.link import Unauthorised
from manchengo_sync.wire import CodeRequest
from tests.attacks.lying import Plant, a_plant_that_signs
from tests.support.dairy import A_DAIRY, day, litres, lot_id, received, written_off
from tests.support.server import BOSS, register
from tests.support.signers import signer_of

pytestmark = pytest.mark.usefixtures("on_each_database")

KARIM = UserId(UUID(int=300))
HIS = signer_of("Karim, in the van")


def by_network(plant: Plant) -> None:
    plant.reader.syncs()


def by_file(plant: Plant) -> None:
    """The first answer says what is in the log by now."""
    for _ in range(2):
        request = plant.reader.asks_by_file()
        plant.reader.reads_file(bundles.answer(plant.server.service, request).sealed)


Way_in = Callable[[Plant], None]


@pytest.fixture
def withdrawn() -> tuple[Plant, list[Commit]]:
    """Karim signed three losses in the van; then the van was withdrawn, and his key with it."""
    karim = register(KARIM, "Karim", Role.PRODUCTION)
    plant = a_plant_that_signs(*A_DAIRY, received("L1", litres(100)), karim)
    van, key = plant.reader.id, HIS.key.hex()
    plant.office.does(AdmitKey(user_id=KARIM, family_id=van, public_key=key))
    plant.office.syncs()
    plant.reader.syncs()
    actor = Actor(user_id=KARIM, device_id=van, roles=frozenset({Role.PRODUCTION}))
    how = {"clock": plant.reader.clock, "ids": plant.reader.ids}
    dairy = Manchengo(plant.reader.store, actor=actor, signer=HIS, **how)  # type: ignore[arg-type]
    commits = [dairy.execute(written_off("L1", litres(each))) for each in (10, 20, 30)]
    plant.office.does(WithdrawDevice(device_id=van, reason="volé"))
    plant.office.syncs()
    return plant, commits


@pytest.mark.parametrize("way_in", [by_network, by_file])
def test_it_is_deposited_refused_as_it_was_signed_and_accepted_up_to_one(
    withdrawn: tuple[Plant, list[Commit]], way_in: Way_in
) -> None:
    plant, commits = withdrawn
    with pytest.raises(Unauthorised) as refused:
        way_in(plant)
    assert refused.value.code == "device_withdrawn"
    code = plant.server.service.new_code(CodeRequest(user_id=BOSS), by=None).code
    join(plant.reader.store, plant.reader.link, url="https://m.test", code=code, name="camion")
    way_in(plant)
    entries = [entry for entry in plant.log() if entry.commit.user_id == KARIM]
    assert [(each.verdict, each.reason) for each in entries] == [
        (Verdict.REJECTED, "KeyNotAdmitted")
    ] * 3
    assert [each.commit.authorship for each in entries] == [each.authorship for each in commits]
    assert all(each.signature for each in entries)
    plant.office.syncs()
    for commit in commits[:2]:
        item = item_id_of(commit.id)
        plant.office.does(ResolveItem(item_id=item, way=Way.ACCEPT, reason="retrouvé", on=day(0)))
    plant.office.syncs()
    with plant.store.reading() as log:
        lot = log.get(RawLotRow, lot_id("L1"))
        waiting = [each.commit_id for each in log.rows(ResolutionItemRow, status="open")]
    assert lot is not None
    assert lot.quantity_remaining == 70_000
    assert waiting == [commits[2].id]
    assert plant.reader.syncs().broken_off is None
    assert plant.reader.verify().sound
