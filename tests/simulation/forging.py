"""A device in other hands: somebody who is not there records on it."""

from collections.abc import Callable
from contextlib import suppress
from unittest.mock import patch

from manchengo import Actor, Manchengo, Role, codec
from manchengo.application import committing
from manchengo.application.authorship import family_of
from manchengo.commands import AdmitOwnKey, ChangeRoles, Command, RequireSigning
from manchengo.domain.errors import Refused
from manchengo.domain.ids import DeviceId
from manchengo.ports.rows import UserRow
from manchengo.ports.signer import Signer
from manchengo.ports.store import Snapshot
from tests.simulation.day import Day, Imported
from tests.simulation.nodes import BOSS, NADIA, Device, content
from tests.simulation.work import something
from tests.simulation.world import World
from tests.support.signers import admitting, admitting_own, signer_of


def require_signing(world: World, tell: Callable[[Device, Command], None]) -> None:
    """The boss has a key at every device, and from there on everybody signs."""
    first = world.devices[0]
    for device in world.devices:
        with device.disk.store.reading() as snapshot:
            family = DeviceId(family_of(snapshot, device.id))
        tell(first, admitting(BOSS, family, signer_of(device.name, BOSS)))
    tell(first, RequireSigning())


def record_as_the_boss(world: World, device: Device) -> None:
    """The program of the device asks nobody for a proof; the boss is not there."""
    with device.disk.store.reading() as snapshot:
        at_hand = _key_at_hand(world, device, snapshot)
        actor = Actor(user_id=BOSS, device_id=device.id, roles=frozenset({Role.ADMIN}))
        forged = _something(world, device, snapshot, at_hand)
    if forged is None or codec.commands.name(forged) in device.program.lacks:
        return

    def record() -> None:
        with patch.object(committing, "check_author", lambda *_: None):
            dairy = Manchengo(
                device.disk.store,
                clock=device.clock,
                ids=device.ids,
                actor=actor,
                signer=at_hand,
            )
            with suppress(Refused):
                commit = dairy.execute(forged)
                device.keep(commit)
                world.network.forged[content(commit)] = at_hand is not None
                world.tell(device, f"writes {commit.command_type} in the name of the boss")

    world.on(device, record)
    device.session = None


def _key_at_hand(world: World, device: Device, snapshot: Snapshot) -> Signer | None:
    """None, to sign nothing, only where the boss has a key at that device: without one, what its
    own person does not sign may count.
    """
    is_known = snapshot.get(UserRow, BOSS) is not None
    if is_known and device.signer(BOSS) is not None and world.random.random() < 0.5:
        return None
    return signer_of("nobody's", device.name)


def _something(
    world: World, device: Device, snapshot: Snapshot, at_hand: Signer | None
) -> Command | None:
    if world.random.random() < 0.3:
        return ChangeRoles(user_id=NADIA, roles=frozenset({Role.ADMIN}))
    world.deeds += 1
    day = Day(world.random, snapshot, world.time.now.date(), device.name, world.deeds)
    done = something(day)
    if done is None or isinstance(done[1], Imported):
        return None
    deed = done[1]
    if isinstance(deed, AdmitOwnKey):  # what is not proved is no server's to store
        new = signer_of(device.name, deed.user_id)
        return admitting_own(deed.user_id, deed.family_id, new, by=at_hand)
    return deed


def is_let_in(world: World, device: Device) -> None:
    """An administrator gave a code for its person, whose word counts there until their first key:
    what is there unsigned is taken for theirs.
    """
    with device.disk.store.reading() as snapshot:
        waiting = [content(each.commit) for each in snapshot.pending()]
    for key in waiting:
        if not world.network.forged.get(key, True):
            del world.network.forged[key]
