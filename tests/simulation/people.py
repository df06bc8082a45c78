"""What people do at the devices: a deed of ``work``, and how they go about it."""

from contextlib import suppress

from manchengo import Manchengo, codec
from manchengo.commands import AdmitOwnKey, Command, FinishImport
from manchengo.domain.errors import Refused
from manchengo.domain.ids import CommitId, UserId
from manchengo.ports.rows import UserRow
from tests.simulation.day import Day, Deed, Imported
from tests.simulation.nodes import BOSS, Device
from tests.simulation.work import something
from tests.simulation.world import World


def work(world: World, device: Device) -> None:
    world.deeds += 1
    user = somebody(world, device)
    with device.disk.store.reading() as snapshot:
        today = world.time.now.date()
        day = Day(world.random, snapshot, today, device.name, world.deeds)
        done = something(day)
    if done is None:
        return
    name, deed = done
    if isinstance(deed, Imported) or codec.commands.name(deed) not in device.program.lacks:
        world.on(device, lambda: do(world, device, user, name, deed))


def somebody(world: World, device: Device) -> UserId:
    """Mostly whoever sits at the screen already, mostly the one who may do anything."""
    if device.session is not None and world.random.random() < 0.8:
        return device.session[0]
    device.session = None
    with device.disk.store.reading() as snapshot:
        users = [row.id for row in snapshot.rows(UserRow)]
    return world.random.choice([BOSS, BOSS, BOSS, *users])


def do(world: World, device: Device, user: UserId, name: str, deed: Deed) -> None:
    if isinstance(deed, AdmitOwnKey):
        dairy, deed = device.beginning(deed)
    else:
        dairy = device.dairy(user)
    try:
        if isinstance(deed, Imported):
            import_(world, device, dairy, deed)
        elif world.random.random() < 0.05:
            twice(world, device, dairy, deed)
        else:
            device.keep(dairy.execute(deed))
        world.tell(device, name)
    except Refused as refusal:
        world.tell(device, f"{name}: refused, {type(refusal).__name__}")


def twice(world: World, device: Device, dairy: Manchengo, command: Command) -> None:
    """Somebody who got no answer says it again."""
    command_id = CommitId(device.ids.new())
    first = dairy.execute(command, command_id=command_id)
    device.keep(first)
    again = dairy.execute(command, command_id=command_id)
    assert again == first, "one command, one answer"


def import_(world: World, device: Device, dairy: Manchengo, deed: Imported) -> None:
    device.keep(dairy.execute(deed.start))
    done = []
    with dairy.batch(import_id=deed.start.import_id) as batch:
        for command, command_id in deed.rows:
            with suppress(Refused):
                done.append(batch.execute(command, command_id=command_id))
    for commit in done:
        device.keep(commit)
    finish = FinishImport(
        import_id=deed.start.import_id, accepted=len(done), unchanged=0, refused=0
    )
    device.keep(dairy.execute(finish))
