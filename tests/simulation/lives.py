"""The life of a world: its morning, whatever chance has in store for it, and its healing."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from random import Random

from attrs import evolve

from manchengo import Role
from manchengo.commands import Command, RegisterUser
from manchengo_server.service import Service
from tests.simulation import faults, files, forging, mending
from tests.simulation.arriving import join, let_in, new_device
from tests.simulation.direct import Directly
from tests.simulation.disks import Disk, MemoryDisk, SqliteDisk
from tests.simulation.exchanging import exchange, exchange_until_quiet
from tests.simulation.http import HttpServer
from tests.simulation.nature import GIVEN, Nature
from tests.simulation.network import Network
from tests.simulation.nodes import BOSS, NADIA, Clock, Device, Ear, Server, Time
from tests.simulation.people import work
from tests.simulation.postgres import PostgresDisk
from tests.simulation.programs import SHIPPED
from tests.simulation.story import Story
from tests.simulation.world import World
from tests.support.dairy import (
    A_DAIRY,
    RENNET,
    kg,
    litres,
    made,
    millilitres,
    planned,
    received,
    sold,
    started,
)
from tests.support.founding import a_genesis
from tests.support.given import one_by_one
from tests.support.signers import admitting, signer_of

THE_MORNING = (
    A_DAIRY,
    received("L1", litres(100)),
    received("L2", litres(90)),
    received("R1", millilitres(400), of=RENNET),
    made("T1", kg(5)),
    sold("S1", kg(2)),
    planned("O1", kg(3)),
    started("O1"),
)
"""Milk for a few makes, a cheese of which some is promised, and a vat that is being filled."""


def by_chance(seed: int, *, given: Sequence[str] = ()) -> World:
    """A dairy with its morning's milk, that most devices have heard of. ``given``: what is not left
    to chance, of ``nature.GIVEN``.
    """
    random = Random(seed)
    return begun(random, with_given(Nature.of(random), given), seed)


def calm(devices: int, *given: str) -> World:
    """To be told by hand: every device has heard of the morning, and nothing happens alone."""
    world = begun(Random(0), with_given(Nature.calm(devices), given), 0)
    exchange_until_quiet(world)
    for device in world.devices:
        device.clock.skew, device.user = timedelta(), BOSS
    return world


def with_given(nature: Nature, given: Sequence[str]) -> Nature:
    for each in given:
        nature = evolve(nature, **GIVEN[each])
    return nature


# ---------------------------------------------------------------- the morning


def begun(random: Random, nature: Nature, seed: int) -> World:
    time, story = Time(), Story()
    program = nature.upgrade[0] if nature.upgrade else SHIPPED
    disk = disk_of(nature)
    server = Server(
        disk, Clock(time), program, Random(random.random()), ear_of(nature, time, disk.faults)
    )
    network = Network(server, nature, random, story, is_well=True)
    world = World(seed, random, nature, server, network, time, story)
    network.devices = world.devices
    morning(world)
    network.is_well = False
    return world


def disk_of(nature: Nature) -> Disk:
    """The server's."""
    if nature.postgres:
        return PostgresDisk()
    return SqliteDisk() if nature.on_files else MemoryDisk()


def ear_of(
    nature: Nature, time: Time, faults: tuple[type[Exception], ...]
) -> Callable[[Service], Ear]:
    if nature.http:
        return partial(HttpServer, time=time, storage_faults=faults, strict=nature.strict)
    return Directly


def morning(world: World) -> None:
    world.server.found()
    first = new_device(world)
    if world.nature.is_founded:
        signer = signer_of(first.name, BOSS)
        tell(first, a_genesis(first.id, founder_id=BOSS, signer=signer, founder="Patron"))
    join(world, first, world.server.service.first_code().code)
    for name, user, roles in (
        *([] if world.nature.is_founded else [("Patron", BOSS, {Role.ADMIN})]),
        ("Nadia", NADIA, {Role.SALES, Role.PRODUCTION}),
    ):
        tell(first, RegisterUser(user_id=user, name=name, roles=frozenset(roles)))
    if world.nature.lie:
        tell(first, admitting(BOSS, first.id, signer_of(first.name, BOSS)))
    for command in one_by_one(THE_MORNING):
        tell(first, command)
    exchange_until_quiet(world)
    for _ in range(1, world.nature.devices):
        let_in(world)
    if world.nature.everybody_signs:
        forging.require_signing(world, tell)
        exchange_until_quiet(world)
    elif world.random.random() < 0.9:
        exchange_until_quiet(world)
    world.story.lines.clear()


def tell(device: Device, command: Command) -> None:
    with device.program.running():
        device.keep(device.dairy(BOSS).execute(command))


# ---------------------------------------------------------------- the days


def live(world: World) -> None:
    for step in range(1, world.nature.steps + 1):
        world.story.step = step
        world.time.now += timedelta(seconds=world.random.choice((1, 5, 60, 600, 3_600)))
        something_happens(world)
    heal(world)


def something_happens(world: World) -> None:
    chance = world.random.random
    device = world.random.choice(world.devices)
    for likely, befall in what_may_befall(world):
        if chance() < likely:
            befall(world, device)
            return
    if world.network.late and chance() < 0.3:
        world.network.deliver_late()
    elif chance() < world.nature.work:
        work(world, device)
    else:
        exchange(world, device)
    if chance() < 0.1:
        faults.take_picture(world, device)
    if chance() < 0.02:
        faults.look_at(world, device)


def what_may_befall(world: World) -> list[tuple[float, Callable[[World, Device], None]]]:
    nature = world.nature
    return [
        (nature.part, faults.part),
        (nature.restore, faults.restore),
        (nature.restore_server, faults.restore_server),
        (nature.clone, faults.clone),
        (nature.poison, faults.poison),
        (nature.lock_out, faults.lock_out),
        (nature.join, faults.one_more),
        (nature.jump, faults.jump),
        (nature.files, files.carry_something),
        (0.04 if nature.upgrade else 0.0, faults.upgrade),
        *([(nature.forge, forging.record_as_the_boss)] if nature.forge else []),
        *([(nature.two_histories, faults.show_another_history)] if nature.two_histories else []),
        *([(nature.mend, mending.take_in_wrongly)] if nature.mend else []),
        *([(0.05, mending.mend)] if world.server.is_stopped else []),
        *([(0.02, faults.begin_epoch)] if world.server.service.is_recovering() else []),
    ]


# ---------------------------------------------------------------- the end


def heal(world: World) -> None:
    """The network is back, everybody is up to date and let in."""
    world.network.is_well = True
    world.story.tell("world", "all is well again")
    newer = world.nature.upgrade[1] if world.nature.upgrade else SHIPPED
    faults.upgrade_server(world, newer)
    if world.server.service.is_recovering():
        faults.begin_epoch(world)
    if world.server.is_stopped:
        mending.mend(world)
    faults.show_one_history(world)
    while world.network.late:
        world.network.deliver_late()
    while world.bag:
        files.arrive(world, world.bag.pop())
    for device in world.devices:
        device.away_until = 0
        if device.program != newer:
            device.upgrade(newer, world.random)
        if device.user != BOSS:
            device.user, device.token, device.link = BOSS, "", None
        world.remembers(device)
