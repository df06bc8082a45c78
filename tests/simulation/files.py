"""Files carried between devices and server, where there is no network: lost, late, twice, astray.

A request is written on a device, carried to the server, answered there, and the answer is carried
back. Whoever carries them may forget them in a drawer, copy them, or take them to the wrong desk.
"""

from contextlib import suppress
from datetime import timedelta

from attrs import evolve

from manchengo_server.bundles import answer
from manchengo_sync import sealing
from manchengo_sync.bundle import (
    Question,
    UnknownSender,
    export_bundle,
    import_answer,
    seal_request,
)
from manchengo_sync.link import LinkError, Unauthorised
from manchengo_sync.outgoing import empty_page
from manchengo_sync.sealing import BundleError, NotForUs
from manchengo_sync.settings import BUNDLE_KEY, SERVER_KEY, NotJoined, required
from manchengo_sync.signing import DEVICE_KEY, public_key
from tests.simulation.arriving import enrol, is_helped
from tests.simulation.nodes import Carried, Device
from tests.simulation.world import WORD, Broken, World

FILES_OF_ONE_KEY = 7
"""The operator replaces the key of files when the end of the log is a multiple of it."""

A_MONTH = timedelta(days=30)


def carry_something(world: World, device: Device) -> None:
    """One leg of one way; where nothing is on its way, somebody writes a request."""
    if world.random.random() < 0.03:
        forge(world, device)
    if not world.bag or world.random.random() < 0.3:
        write(world, device)
        return
    carried = world.random.choice(world.bag)
    chance = world.random.random()
    if chance < 0.15:
        world.bag.remove(carried)
        world.tell(carried.device, f"{carried} is lost")
    elif chance < 0.25:
        damaged(world, carried)
    else:
        if chance < 0.7:
            world.bag.remove(carried)  # else it is left where it was, and carried once more
        arrive(world, carried)


def there_and_back(world: World, device: Device) -> None:
    """A request, and its answer at once. Raises ``NotForUs`` where the server does not read it."""
    carried = write(world, device)
    while carried is not None:
        world.bag.remove(carried)
        carried = arrive(world, carried) if carried.is_answer else answered(world, carried)


def write(world: World, device: Device) -> Carried | None:
    try:
        sealed = world.on(
            device,
            lambda: export_bundle(
                device.disk.store,
                clock=device.clock,
                state_cache=device.state_cache,
                limit=world.page,
            ),
        )
    except NotJoined:
        if world.network.is_well:
            enrol(world, device)
        return None
    if sealed is None:
        return None
    world.tell(device, "writes a file for the server")
    world.bag.append(Carried(device, sealed))
    return world.bag[-1]


def arrive(world: World, carried: Carried) -> Carried | None:
    """Where it was to go, or at another desk; the answer that it brings on its way, if any."""
    if not carried.is_answer:
        with suppress(NotForUs):
            return answered(world, carried)
        return None
    reader = carried.device
    if world.network.chance(0.15):
        reader = world.random.choice(world.devices)
    read(world, carried, reader)
    return None


def answered(world: World, carried: Carried) -> Carried | None:
    """The answer on its way; None where there is none. Raises ``NotForUs``."""
    service = world.server.service
    if service.head() % FILES_OF_ONE_KEY == 0:
        service.replace_bundle_key(accepted_for=A_MONTH)
        world.tell(carried.device, "brings its file while the server takes another key for files")
    try:
        made = world.network.arrive(lambda: answer(service, carried.sealed))
    except NotForUs:
        world.tell(carried.device, "its file is sealed for a key that the server reads no more")
        raise
    except UnknownSender as error:
        world.tell(carried.device, f"its file is turned down: {error!r}")
        if world.network.is_well:
            enrol(world, carried.device)
        return None
    except LinkError:
        return None
    world.tell(carried.device, f"its file is answered: {made.code or 'taken in'}")
    world.bag.append(Carried(carried.device, made.sealed, is_answer=True))
    return world.bag[-1]


def read(world: World, carried: Carried, reader: Device) -> None:
    try:
        world.on(reader, lambda: apply_bundle(world, carried, reader))
    except (BundleError, NotJoined) as error:
        world.tell(reader, f"cannot read the answer to {carried.device.name}: {error!r}")


def apply_bundle(world: World, carried: Carried, reader: Device) -> None:
    try:
        done = import_answer(
            reader.disk.store,
            carried.sealed,
            clock=reader.clock,
            ids=reader.ids,
            state_cache=reader.state_cache,
            user_id=reader.user,
        )
    except Unauthorised as error:
        world.tell(reader, f"reads that it is turned away: {error.code}")
        is_helped(world, reader, error.code)
        return
    except LinkError as error:
        world.tell(reader, f"reads that it was not answered: {error!r}")
        return
    if bundle_key(reader) != bundle_key(carried.device):
        raise Broken(WORD, f"{reader.name} reads what was answered to {carried.device.name}")
    world.heard(reader, done)


def damaged(world: World, carried: Carried) -> None:
    """Cut, or with a byte of it changed: nobody makes anything of it."""
    place = world.random.randrange(len(carried.sealed))
    kept = bytearray(carried.sealed)
    if world.random.random() < 0.5:
        del kept[place:]
    else:
        kept[place] ^= 1 + world.random.randrange(255)
    world.tell(carried.device, f"{carried} is damaged")
    broken = Carried(carried.device, bytes(kept), is_answer=carried.is_answer)
    try:
        if broken.is_answer:
            with carried.device.program.running():
                apply_bundle(world, broken, carried.device)
        else:
            answer(world.server.service, broken.sealed)
    except BundleError:
        return
    raise Broken(WORD, f"{carried} was damaged, and taken in")


def forge(world: World, device: Device) -> None:
    """A request in the name of another, signed with one's own key."""
    other = world.random.choice(world.devices)
    store = device.disk.store
    with store.reading() as snapshot:
        server_key = snapshot.setting(SERVER_KEY)
    private_key = key_of(device)
    if server_key is None or key_of(other) == private_key:
        return
    question = Question(
        device_id=other.id,
        known_as=other.id,
        user_id=other.user,
        public_key=public_key(private_key),
        answer_key=sealing.public_key(bundle_key(device)),
        requests=(evolve(empty_page(store), device_id=other.id).request(limit=world.page),),
    )
    sealed = seal_request(question, private_key=private_key, server_key=server_key)
    world.tell(device, f"writes a file in the name of {other.name}")
    try:
        answer(world.server.service, sealed)
    except BundleError:
        return
    raise Broken(WORD, f"the server answers {device.name} in the name of {other.name}")


def bundle_key(device: Device) -> str:
    with device.disk.store.reading() as snapshot:
        return required(snapshot, BUNDLE_KEY)


def key_of(device: Device) -> str:
    with device.disk.store.reading() as snapshot:
        return required(snapshot, DEVICE_KEY)
