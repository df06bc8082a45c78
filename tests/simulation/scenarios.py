"""Stories that chance tells too rarely, told by hand: each has cost somebody an afternoon once.

In each the world is calm, and what happens is what is written here. The promises are checked after
it as after any run.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from attrs import define

from manchengo import Refused
from manchengo.commands import ChangeClient, Command
from manchengo.domain.commit import Commit
from manchengo.domain.ids import CommitId, DeviceId
from manchengo_sync.settings import LOG_EPOCH
from tests.simulation.arriving import enrol, let_in, new_device, start_from_snapshot
from tests.simulation.disks import Died, become_a_copy
from tests.simulation.exchanging import exchange, has_nothing_left
from tests.simulation.faults import (
    begin_epoch,
    clone,
    look_at,
    put_back,
    put_server_back,
    write_poison,
)
from tests.simulation.files import answered, there_and_back, write
from tests.simulation.lives import calm
from tests.simulation.nodes import BOSS, Device, Ids
from tests.simulation.people import do
from tests.simulation.poisons import POISONS
from tests.simulation.postgres import Severed
from tests.simulation.world import QUEUE_DRAINS, VIEWS_FOLLOW, Broken, World
from tests.support.dairy import SHOP, kg, litres, made, received, written_off


@define
class FallingIds(Ids):
    """Of two events, the later has the smaller id."""

    left: int = 2**128

    def new(self) -> UUID:
        self.left -= 1
        return UUID(int=self.left, version=4)


SCENARIOS: dict[str, Callable[[], World]] = {}


def scenario(story: Callable[[], World]) -> Callable[[], World]:
    SCENARIOS[story.__name__.replace("_", " ")] = story
    return story


def does(device: Device, *commands: Command) -> None:
    for command in commands:
        device.keep(device.dairy(BOSS).execute(command))


def backup(device: Device) -> tuple[Any, dict[Any, Commit]]:
    return device.disk.picture(), dict(device.kept)


@scenario
def an_answer_is_lost_and_the_same_is_offered_again() -> World:
    world = calm(2)
    one, _ = world.devices
    does(one, received("L8", litres(8)))
    world.network.decided = ["unanswered"]
    exchange(world, one)
    exchange(world, one)
    return world


@scenario
def a_server_put_back_is_handed_what_it_had_signed_since() -> World:
    """Both had poured the same milk; the one that was refused would come first today."""
    world = calm(2)
    one, other = world.devices
    picture = world.server.disk.picture()
    does(one, written_off("L1", litres(70)))
    does(other, written_off("L1", litres(80)))
    exchange(world, one)
    exchange(world, other)
    put_server_back(world, picture, world.server.programs, is_copy=True, recovers=True)
    exchange(world, other)
    begin_epoch(world)
    return world


@scenario
def who_was_let_in_since_hands_back_what_nobody_else_holds() -> World:
    """And what it recorded since waits until the epoch begins."""
    world = calm(2)
    one, _ = world.devices
    picture = world.server.disk.picture()
    let_in(world)
    late = world.devices[-1]
    does(one, written_off("L1", litres(70)))
    does(late, written_off("L1", litres(80)))
    exchange(world, late)
    exchange(world, one)
    exchange(world, late)
    put_server_back(world, picture, world.server.programs, is_copy=True, recovers=True)
    does(late, received("L8", litres(8)))
    exchange(world, late)
    assert world.server.taken_back, "it was handed back"
    begin_epoch(world)
    exchange(world, late)
    return world


@scenario
def two_copies_of_one_database_go_on() -> World:
    world = calm(2)
    one, _ = world.devices
    clone(world, one)
    twin = world.devices[-1]
    does(one, received("L8", litres(8)), written_off("L8", litres(1)))
    does(twin, received("L9", litres(9)))
    exchange(world, one)
    exchange(world, twin)
    return world


@scenario
def the_number_of_a_lost_commit_was_given_again() -> World:
    """Server and author are put back; another device is the only one who still has the commit."""
    world = calm(2)
    author, witness = world.devices
    before, server = backup(author), world.server.disk.picture()
    does(author, received("L8", litres(8)), written_off("L8", litres(1)))
    exchange(world, author)
    exchange(world, witness)
    put_server_back(world, server, world.server.programs, is_copy=True)
    put_back(world, author, *before, is_copy=False)
    does(author, received("L9", litres(9)))
    exchange(world, author)
    exchange(world, witness)
    return world


@scenario
def a_lost_commit_of_another_comes_in_behind_what_its_witness_recorded_since() -> World:
    """Its number was given again. What stands behind it in the same file comes in before, and the
    answer is lost: the witness offers it last, under a name and a seal of its own.
    """
    world = calm(2)
    author, witness = world.devices
    before, server = backup(author), world.server.disk.picture()
    does(author, received("L8", litres(8)))
    exchange(world, author)
    exchange(world, witness)
    put_server_back(world, server, world.server.programs, is_copy=True)
    put_back(world, author, *before, is_copy=False)
    does(author, received("L9", litres(9)))
    exchange(world, author)
    does(witness, received("LA", litres(1)))
    there_and_back(world, witness)  # finds another log
    offered = write(world, witness)
    assert offered is not None
    answered(world, offered)
    world.bag.clear()  # the answer is lost
    there_and_back(world, witness)
    return world


@scenario
def one_file_brings_why_a_commit_is_sealed_again_and_then_the_commit_as_it_was() -> World:
    """The witness sealed it again behind what it offers last, and nobody else bears its name."""
    world = calm(2)
    author, witness = world.devices
    before, server = backup(author), world.server.disk.picture()
    does(author, received("L8", litres(8)))
    exchange(world, author)
    exchange(world, witness)
    put_server_back(world, server, world.server.programs, is_copy=True)
    put_back(world, author, *before, is_copy=False)
    does(author, received("L9", litres(9)))
    exchange(world, author)
    does(witness, received("LA", litres(1)))
    name = witness.id
    there_and_back(world, witness)  # finds another log
    there_and_back(world, witness)
    assert witness.id == name
    return world


@scenario
def the_commit_before_came_in_under_another_seal() -> World:
    """The author is put back as another device, with the first of two: nobody ever offers the
    number before the second, which a witness alone still has.
    """
    world = calm(2)
    author, witness = world.devices
    server = world.server.disk.picture()
    fresh = DeviceId(author.ids.new())
    become_a_copy(author.disk.store, fresh)
    author.restart(world.random)
    does(author, received("L8", litres(8)))
    before = backup(author)
    does(author, written_off("L8", litres(1)))
    exchange(world, author)
    exchange(world, witness)
    put_server_back(world, server, world.server.programs, is_copy=True)
    put_back(world, author, *before, is_copy=True)
    exchange(world, author)
    exchange(world, witness)
    return world


@scenario
def what_was_folded_before_a_rewind_is_asked_for_after_it() -> World:
    """The stream is as long as it was, and says otherwise."""
    world = calm(2)
    one, other = world.devices
    does(one, received("L8", litres(100)))
    exchange(world, one)
    exchange(world, other)
    exchange(world, one)
    does(other, written_off("L8", litres(80)))
    exchange(world, other)
    does(one, written_off("L8", litres(30)))
    exchange(world, one)
    do(world, one, BOSS, "write off too much", written_off("L8", litres(60)))
    look_at(world, one)
    return world


@scenario
def a_clock_years_ahead_changes_one_field_twice() -> World:
    """Both writings count from the moment they came in: the event's id decides."""
    world = calm(2)
    one, _ = world.devices
    one.clock.skew = timedelta(days=4_000)
    one.ids, one.session = FallingIds(Random(0)), None
    does(one, ChangeClient(client_id=SHOP, name="Premier"))
    does(one, ChangeClient(client_id=SHOP, name="Second"))
    exchange(world, one)
    return world


@scenario
def a_command_dies_at_every_write() -> World:
    world = calm(2)
    one, _ = world.devices
    for writes in range(1, 9):
        one.disk.store.fuse = writes
        try:
            does(one, received(f"M{writes}", litres(8)))
        except Died:
            one.disk.restart()
            one.restart(world.random)
        one.disk.store.fuse = None
        world.remembers(one)
    return world


@scenario
def an_answer_dies_at_every_write() -> World:
    """While it is taken in, with a guess of one's own to be made again."""
    world = calm(2)
    one, other = world.devices
    for writes in range(1, 25):
        does(other, written_off("L2", litres("0.1")))
        does(one, written_off("L2", litres("0.1")))
        exchange(world, other)
        one.disk.store.fuse = writes
        exchange(world, one)
        look_at(world, one)
        exchange(world, one)
    return world


@scenario
def the_database_is_cut_off_at_every_statement_of_a_push() -> World:
    """The server goes on, another hears what there is, and the first asks again; behind the last
    statement all was stored.
    """
    world = calm(2, "postgres", "http")
    one, other = world.devices
    store = world.server.disk.store
    assert isinstance(store, Severed), "it is kept in PostgreSQL"
    for statement in count(1):
        does(one, written_off("L2", litres("0.01")))
        store.scissors = statement
        exchange(world, one)
        if store.scissors is not None:
            break
        exchange(world, other)
        world.time.now += timedelta(seconds=1)
        exchange(world, one)
        if not has_nothing_left(world, one):
            raise Broken(QUEUE_DRAINS, f"not after a cut at statement {statement}")
    store.spare()
    return world


@scenario
def answers_are_cut_on_their_way_back_and_somebody_else_answers() -> World:
    """Over HTTP, where a token may have to be asked for anew."""
    world = calm(2, "http")
    one, _ = world.devices
    for fate in ("cut on its way back", "answered by somebody else") * 20:
        does(one, written_off("L2", litres("0.1")))
        world.time.now += timedelta(minutes=6)
        world.network.decided = [fate]
        exchange(world, one)
    return world


@scenario
def every_poison_is_written_and_work_goes_on() -> World:
    world = calm(2)
    one, _ = world.devices
    # First of all what makes the judge stumble: what others spoil is not looked at so far.
    for number, kind in enumerate(["a command nested without end", *POISONS]):
        write_poison(world, one, kind)
        does(one, received(f"{number} after {kind}"[:30], litres(8)))
    exchange(world, one)
    return world


@scenario
def a_device_that_knows_nothing_but_the_name_of_the_log_meets_another_log() -> World:
    world = calm(2)
    server = world.server.disk.picture()
    new = new_device(world)
    enrol(world, new)
    with new.disk.store.writing() as transaction:
        with world.server.disk.store.reading() as log:
            epoch = (log.setting("server.epochs") or "").split()[-1].rpartition(":")[0]
        transaction.set_setting(LOG_EPOCH, epoch)
    put_server_back(world, server, world.server.programs, is_copy=True)
    return world


@scenario
def a_device_that_holds_nothing_and_names_another_log_starts_from_the_snapshot() -> World:
    world = calm(2)
    new = new_device(world)
    with new.disk.store.writing() as transaction:
        transaction.set_setting(LOG_EPOCH, str(UUID(int=7)))
    enrol(world, new)
    start_from_snapshot(world, new)
    if not has_nothing_left(world, new):
        raise Broken(QUEUE_DRAINS, "what was sent was not taken in")
    return world


@scenario
def the_backup_of_a_restored_backup_is_put_back() -> World:
    """With what the first of the three had recorded, and nobody had seen."""
    world = calm(2)
    one, _ = world.devices
    does(one, received("L8", litres(8)))
    for _ in range(2):
        put_back(world, one, *backup(one), is_copy=True)
        does(one, written_off("L8", litres(1)))
    return world


@scenario
def a_device_put_back_from_a_backup_has_its_audit_back() -> World:
    """It was refused something since, and signed for it."""
    world = calm(2, "ahead")
    one, _ = world.devices
    before = backup(one)
    with suppress(Refused):
        does(one, written_off("L1", litres(1_000)))
    exchange(world, one)
    noted = audit_of(one)
    put_back(world, one, *before, is_copy=True)
    with suppress(Refused):
        does(one, written_off("L1", litres(2_000)))
    exchange(world, one)
    if not noted or audit_of(one)[: len(noted)] != noted or len(audit_of(one)) == len(noted):
        raise Broken(VIEWS_FOLLOW, f"of {noted}, {audit_of(one)} came back")
    return world


def audit_of(device: Device) -> list[bytes]:
    with device.disk.store.reading() as snapshot:
        return [each.hash for each in snapshot.audit_records()]


@scenario
def a_device_renamed_and_withdrawn_is_let_in_again() -> World:
    world = calm(2)
    one, _ = world.devices
    put_back(world, one, *backup(one), is_copy=True)
    does(one, received("L8", litres(8)))
    world.network.decided = ["", "unanswered"]
    exchange(world, one)
    withdraw(world, one)
    return world


def withdraw(world: World, device: Device) -> None:
    with world.server.program.running():
        world.server.service.withdraw(device.id, "perdu", by=None)


@scenario
def a_copy_of_a_withdrawn_device_is_let_in_while_its_link_is_open() -> World:
    """It has another key from then on, and the link was made with the one before."""
    world = calm(2, "http")
    one, _ = world.devices
    withdraw(world, one)
    put_back(world, one, *backup(one), is_copy=True)
    does(one, received("L8", litres(8)))
    exchange(world, one)
    return world


@scenario
def of_two_equal_copies_of_a_withdrawn_device_each_is_let_in() -> World:
    """The first has another key under the id of both when the second comes."""
    world = calm(2)
    one, _ = world.devices
    withdraw(world, one)
    put_back(world, one, *backup(one), is_copy=True)
    clone(world, one)
    twin = world.devices[-1]
    does(one, received("L8", litres(8)))
    does(twin, received("L9", litres(9)))
    return world


@scenario
def a_device_let_in_again_is_copied_while_its_twin_stays_withdrawn() -> World:
    """Its key is good for itself alone: the server lets no new id in under it."""
    world = calm(2)
    one, _ = world.devices
    clone(world, one)
    twin = world.devices[-1]
    put_back(world, twin, *backup(twin), is_copy=True)
    exchange(world, twin)
    withdraw(world, one)
    enrol(world, one)
    put_back(world, one, *backup(one), is_copy=True)
    does(one, received("L8", litres(8)))
    does(twin, received("L9", litres(9)))
    return world


@scenario
def the_server_is_put_back_twice() -> World:
    """A device slept through both: what it holds of the first log is not what the third has."""
    world = calm(3)
    one, other, sleeper = world.devices
    first = world.server.disk.picture()
    does(one, received("L6", litres(6)), received("L7", litres(7)))
    exchange(world, one)
    exchange(world, sleeper)
    put_server_back(world, first, world.server.programs, is_copy=True)
    does(other, received("L8", litres(8)), received("L9", litres(9)))
    exchange(world, other)
    second = world.server.disk.picture()
    does(other, written_off("L9", litres(1)))
    exchange(world, other)
    put_server_back(world, second, world.server.programs, is_copy=True)
    return world


@scenario
def a_server_put_back_file_by_file_goes_on_as_if_nothing_had_happened() -> World:
    world = calm(3)
    one, other, _ = world.devices
    before = world.server.disk.picture()
    does(one, received("L8", litres(8)), written_off("L8", litres(1)))
    exchange(world, one)
    put_server_back(world, before, world.server.programs, is_copy=False)
    does(other, received("L9", litres(9)), written_off("L9", litres(1)), received("LA", litres(1)))
    exchange(world, other)
    let_in(world)
    return world


@scenario
def two_copies_hold_a_row_that_somebody_else_imported_first() -> World:
    """Both must give it up for the same other id, though one has sealed it anew meanwhile."""
    world = calm(2)
    one, other = world.devices
    row = CommitId(UUID(int=7))
    for device in (other, one):
        command = received("X1", litres(8))
        device.keep(device.dairy(BOSS).execute(command, command_id=row))
    clone(world, one)
    twin = world.devices[-1]
    become_a_copy(twin.disk.store, DeviceId(twin.ids.new()))
    does(twin, received("X2", litres(8)))
    for device in (other, one, twin):
        exchange(world, device)
    return world


def under_one_id(command_id: int, *recorded: tuple[Device, Command]) -> None:
    for device, command in recorded:
        dairy = device.dairy(BOSS)
        device.keep(dairy.execute(command, command_id=CommitId(UUID(int=command_id))))


@scenario
def one_command_id_is_used_on_two_devices_for_the_same() -> World:
    """And once more on each, and for what had other lots poured."""
    world = calm(2)
    one, other = world.devices
    spilt = written_off("L2", litres(1))
    under_one_id(7, (one, spilt), (other, spilt), (one, spilt), (other, spilt))
    does(one, received("L0", litres(90), on=one.clock.today() - timedelta(days=2)))
    make = made("T7", kg(1))
    under_one_id(8, (other, make), (one, make))
    for device in (other, one, other):
        exchange(world, device)
    return world


@scenario
def one_command_id_is_used_on_three_devices_for_other_things() -> World:
    world = calm(3)
    one, other, third = world.devices
    under_one_id(
        7,
        (one, written_off("L2", litres(1))),
        (other, written_off("L2", litres(2))),
        (third, received("L8", litres(8))),
    )
    does(third, written_off("L8", litres(1)))
    for device in (other, one, third):
        exchange(world, device)
    return world


@scenario
def a_whole_form_is_sent_and_one_field_of_it_was_changed() -> World:
    """What its author left as it was is not his to write."""
    world = calm(2)
    one, other = world.devices
    does(other, ChangeClient(client_id=SHOP, minimum_shelf_life_days=8))
    exchange(world, other)
    world.time.now = world.time.now.replace(hour=20)
    does(one, ChangeClient(client_id=SHOP, name="Autre", minimum_shelf_life_days=0))
    exchange(world, one)
    return world


@scenario
def a_writing_that_lost_one_field_keeps_its_place_for_the_other() -> World:
    """Three at one moment: the second loses the name to the first, and is told under another id,
    which must not decide between it and the third.
    """
    world = calm(2)
    one, _ = world.devices
    one.clock.skew = timedelta(days=4_000)
    one.ids, one.session = FallingIds(Random(0)), None
    does(one, ChangeClient(client_id=SHOP, name="Premier"))
    for name, days in (("Second", 2**5), ("Troisième", 2**6)):
        does(one, ChangeClient(client_id=SHOP, name=name, minimum_shelf_life_days=days))
    exchange(world, one)
    return world


@scenario
def the_later_of_two_who_write_the_same_leaves_its_stamp() -> World:
    """A third writing, of a moment between the two, comes in last."""
    world = calm(3)
    first, second, late = world.devices
    hours = [device_hour(world, hour) for hour in (9, 10, 11)]
    hours[0](first, ChangeClient(client_id=SHOP, name="Même"))
    hours[1](late, ChangeClient(client_id=SHOP, name="Entre"))
    hours[2](second, ChangeClient(client_id=SHOP, name="Même"))
    for device in (first, second, late):
        exchange(world, device)
    return world


def device_hour(world: World, hour: int) -> Callable[[Device, Command], None]:
    def at_that_hour(device: Device, command: Command) -> None:
        world.time.now = world.time.now.replace(hour=hour)
        does(device, command)

    return at_that_hour
