"""What befalls devices and server: each fault by name, to be met by chance or on purpose."""

from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from attrs import evolve

from manchengo import codec
from manchengo.application import integrity
from manchengo.application.hlc import tick
from manchengo.commands import WithdrawDevice
from manchengo.domain.commit import Commit
from manchengo.domain.ids import DeviceId
from manchengo.ports.rows import RawLotRow
from manchengo_server.errors import TurnedDown
from tests.simulation.arriving import MOST_DEVICES, enrol, let_in, new_device
from tests.simulation.disks import become_a_copy
from tests.simulation.nodes import BOSS, Device, Ids, Key
from tests.simulation.people import do
from tests.simulation.poisons import POISONS, Made
from tests.simulation.programs import Program
from tests.simulation.two_histories import OtherHistory
from tests.simulation.world import VIEWS_FOLLOW, Broken, World


def part(world: World, device: Device) -> None:
    device.away_until = world.story.step + world.random.randrange(5, 40)
    world.tell(device, f"is out of reach until {device.away_until}")


def take_picture(world: World, device: Device) -> None:
    if world.nature.restore and world.random.random() < 0.5:
        device.pictures.append((device.disk.picture(), dict(device.kept)))
        world.tell(device, "is backed up")
    elif world.nature.restore_server:
        server = world.server
        server.pictures.append((server.disk.picture(), list(server.programs)))
        world.story.tell("server", "is backed up")


def restore(world: World, device: Device) -> None:
    if not device.pictures:
        return
    put_back(
        world, device, *world.random.choice(device.pictures), is_copy=world.random.random() < 0.5
    )


def put_back(
    world: World, device: Device, picture: Any, kept: dict[Key, Commit], *, is_copy: bool
) -> None:
    device.disk.put_back(picture)
    device.kept = dict(kept)
    device.restart(world.random)
    if is_copy:
        become_a_copy(device.disk.store, DeviceId(device.ids.new()))
        world.tell(device, "is put back from a backup: another device")
    else:
        world.tell(device, "is put back from a copy of its files")
    device.upgrade(device.program, world.random)


def restore_server(world: World, _: Device) -> None:
    """As a backup, which is known for a copy; or as it was once, which nobody is told."""
    server = world.server
    if not server.pictures:
        return
    picture, programs = world.random.choice(server.pictures)
    is_copy = world.random.random() < 0.67
    recovers = is_copy and world.random.random() < 0.67
    put_server_back(world, picture, programs, is_copy=is_copy, recovers=recovers)


def put_server_back(
    world: World,
    picture: Any,
    programs: list[tuple[int, Program]],
    *,
    is_copy: bool,
    recovers: bool = False,
) -> None:
    """``recovers``: the operator leaves the devices time to hand back what it lacks."""
    server = world.server
    server.loses_its_log()
    server.disk.put_back(picture)
    server.programs = list(programs)
    if is_copy and server.disk.knows_a_copy:
        become_a_copy(server.disk.store, DeviceId(Ids(world.random).new()))
    server.start()
    if is_copy and not server.disk.knows_a_copy:
        server.service.open_recovery()
    if is_copy and not recovers:
        begin_epoch(world)
    how = "from a backup" if is_copy else "from a copy of its files"
    with server.disk.store.reading() as snapshot:
        world.story.tell("server", f"is put back {how}, of {snapshot.cursor()} entries")


def begin_epoch(world: World, _: Device | None = None) -> None:
    """Its operator says that the devices have come."""
    with world.server.program.running():
        count = world.server.service.begin_new_epoch()
    world.story.tell("server", f"begins another epoch: it took back {count} entries")


def show_another_history(world: World, device: Device) -> None:
    """To that device, or to nobody any more."""
    if world.network.other is not None:
        show_one_history(world)
        return
    world.network.other = OtherHistory.shown_to(device, world.server, world.random)
    world.story.tell("server", f"shows {device.name} another history from now on")


def show_one_history(world: World) -> None:
    other = world.network.other
    if other is not None:
        world.network.other = None
        other.disk.close()
        world.story.tell("server", f"shows {other.device.name} what it shows to all")


def clone(world: World, device: Device) -> None:
    if len(world.devices) >= MOST_DEVICES:
        return
    twin = new_device(world)
    twin.disk.close()
    twin.disk = device.disk.blank()
    twin.disk.put_back(device.disk.picture())
    twin.kept = dict(device.kept)
    twin.program, twin.user = device.program, device.user
    world.tell(device, f"is copied to {twin.name}, id and all")


def one_more(world: World, _: Device) -> None:
    if len(world.devices) < MOST_DEVICES:
        let_in(world)


def poison(world: World, device: Device) -> None:
    """A program with a fault, or one of next year, writes what nobody here makes sense of."""
    write_poison(world, device, world.random.choice([*POISONS]))


def write_poison(world: World, device: Device, kind: str) -> None:
    write_made(world, device, POISONS[kind], f"poison: {kind}")


def write_made(world: World, device: Device, make: Made, what: str) -> None:
    """Puts a commit among those that wait on the device, as no program of today records it."""
    me, chance, store = device.id, world.random, device.disk.store.inner
    with store.writing() as transaction:
        lots = [row.id for row in transaction.rows(RawLotRow)]
        subject = chance.choice([UUID(int=chance.getrandbits(128)), *lots[-3:]])
        tip, now = transaction.tip(me), device.clock.now()
        stamp = tick(tip.hlc, now, me)
        commit = codec.sealed(
            evolve(
                make(subject, device.ids),
                device_id=me,
                sequence=tip.sequence + 1,
                previous=tip.hash,
                occurred_at=now,
                hlc=f"{stamp[:15]}-zzzzzz-{stamp[23:]}" if "stamp" in what else stamp,
            )
        )
        transaction.append(commit)
        transaction.roll_back(commit.id)
    device.keep(commit)
    world.tell(device, f"writes {what}")


def lock_out(world: World, device: Device) -> None:
    """An administrator withdraws it, from another device or at the server; or lets it in."""
    other = world.random.choice(world.devices)
    me = device.id
    if world.random.random() < 0.3:
        enrol(world, device)
    elif world.random.random() < 0.5:
        with suppress(TurnedDown), world.server.program.running():
            world.server.service.withdraw(me, "perdu", by=None)
            world.tell(device, "is withdrawn at the server")
    else:
        command = WithdrawDevice(device_id=me, reason="perdu")
        world.on(other, lambda: do(world, other, BOSS, f"withdraw {device.name}", command))


def jump(world: World, device: Device) -> None:
    days = world.random.choice((-4_000, -30, -1, 0, 1, 30, 4_000))
    device.clock.skew = timedelta(days=days)
    world.tell(device, f"its clock is {days} days off")


def upgrade(world: World, device: Device) -> None:
    assert world.nature.upgrade is not None, "asked for only where there is one"
    newer = world.nature.upgrade[1]
    if world.random.random() < 0.3:
        upgrade_server(world, newer)
    elif device.program != newer:
        device.upgrade(newer, world.random)
        world.tell(device, f"is upgraded: {newer.name}")


def upgrade_server(world: World, newer: Program) -> None:
    server = world.server
    if server.program != newer:
        server.program = newer
        server.start()
        world.story.tell("server", f"is upgraded: {newer.name}")


def look_at(world: World, device: Device) -> None:
    """At any time, views are what the log makes of them, and the chains are whole."""
    with device.program.running(), device.disk.store.reading() as snapshot:
        verdict = integrity.verify(snapshot)
    if not verdict.sound:
        raise Broken(VIEWS_FOLLOW, f"{device.name}: {verdict.tampered or 'other rows'}")
