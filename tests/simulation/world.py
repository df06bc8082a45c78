"""One seed, one plant: devices, a server, a network, clocks, disks, and all that befalls them.

Production code runs; clocks, ids, network, disks and the moment of death are handed to it. The same
seed tells the same story, to the letter.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from attrs import define, evolve, field

from manchengo import Manchengo, Role, codec
from manchengo.application import integrity
from manchengo.application.hlc import tick
from manchengo.commands import Command, FinishImport, RegisterUser, WithdrawDevice
from manchengo.domain.errors import Refused
from manchengo.domain.ids import CommitId, DeviceId, UserId
from manchengo.ports.rows import RawLotRow, UserRow
from manchengo_server.errors import TurnedDown
from manchengo_sync import snapshot as starting
from manchengo_sync.exchange import exchange
from manchengo_sync.joining import join
from manchengo_sync.link import LinkError, Unauthorised
from manchengo_sync.signing import DEVICE_KEY
from manchengo_sync.wire import CodeRequest
from tests.simulation.disks import DEVICE, Died, Disk, MemoryDisk, SqliteDisk, become_a_copy
from tests.simulation.nature import Nature
from tests.simulation.network import Network, Wire
from tests.simulation.nodes import BOSS, NADIA, Clock, Device, Ids, Key, Server, Time
from tests.simulation.poisons import POISONS
from tests.simulation.programs import SHIPPED, Program
from tests.simulation.story import Story
from tests.simulation.work import Day, Deed, Imported, something
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
from tests.support.given import one_by_one

T = TypeVar("T")

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

MOST_DEVICES = 6
NEEDS_A_CODE = ("device_unknown", "device_withdrawn")
PATIENCE = 8
"""So many rounds without any change, and nothing ever will."""


KEPT = "3 nothing acknowledged is lost"
VIEWS_FOLLOW = "8 views are what a rebuild makes"


@define
class Broken(AssertionError):
    """A promise was not kept."""

    promise: str
    how: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.how}"


@define
class World:
    """``told``: how many things people did, so that no two of them think of one code."""

    seed: int
    random: Random
    nature: Nature
    server: Server
    network: Network
    time: Time
    story: Story
    devices: list[Device] = field(factory=list)
    told: int = 0

    @classmethod
    def of(cls, seed: int) -> "World":
        """A dairy with its morning's milk, that most devices have heard of."""
        random = Random(seed)
        return cls.by(random, Nature.of(random), seed)

    @classmethod
    def calm(cls, devices: int) -> "World":
        """To be told by hand: every device has heard of the morning, and nothing happens alone."""
        world = cls.by(Random(0), Nature.calm(devices), 0)
        world.exchange_until_quiet()
        for device in world.devices:
            device.clock.skew, device.user = timedelta(), BOSS
        return world

    @classmethod
    def by(cls, random: Random, nature: Nature, seed: int) -> "World":
        time, story = Time(), Story()
        program = nature.upgrade[0] if nature.upgrade else SHIPPED
        disk: Disk = SqliteDisk() if nature.on_files else MemoryDisk()
        server = Server(disk, Clock(time), program, Random(random.random()))
        network = Network(server, nature, random, story, is_well=True)
        world = cls(seed, random, nature, server, network, time, story)
        world.begin()
        network.is_well = False
        return world

    def begin(self) -> None:
        self.server.found()
        first = self.new_device()
        self.join(first, self.server.service.first_code().code)
        for name, user, roles in (
            ("Patron", BOSS, {Role.ADMIN}),
            ("Nadia", NADIA, {Role.SALES, Role.PRODUCTION}),
        ):
            self.tell_first(RegisterUser(user_id=user, name=name, roles=frozenset(roles)))
        for command in one_by_one(THE_MORNING):
            self.tell_first(command)
        self.exchange_until_quiet()
        for _ in range(1, self.nature.devices):
            self.let_in()
        if self.random.random() < 0.9:
            self.exchange_until_quiet()
        self.story.lines.clear()

    def tell_first(self, command: Command) -> None:
        first = self.devices[0]
        with first.program.running():
            first.keep(first.dairy(BOSS).execute(command))

    def close(self) -> None:
        for disk in (self.server.disk, *(device.disk for device in self.devices)):
            disk.close()

    # ------------------------------------------------------------------------------ devices come

    def new_device(self) -> Device:
        number = len(self.devices) + 1
        disk: Disk = SqliteDisk() if number < self.nature.on_files else MemoryDisk()
        skew = self.random.choice((0, 0, 1, -1, 7_000_000, -300_000_000, 150_000_000))
        made = Device(
            f"D{number}",
            disk,
            Clock(self.time, timedelta(seconds=skew)),
            self.random.choice(self.nature.upgrade or (SHIPPED,)),
            Ids(Random(self.random.random())),
            self.random.choice((BOSS, BOSS, NADIA)) if number > 1 else BOSS,
        )
        with disk.store.writing() as transaction:
            transaction.set_setting(DEVICE, str(made.ids.new()))
            transaction.set_setting(DEVICE_KEY, self.random.randbytes(32).hex())
        self.devices.append(made)
        return made

    def let_in(self) -> None:
        """One more device, with a code; it may start from the server's snapshot."""
        device = self.new_device()
        if not self.enrol(device):
            return
        if self.random.random() < 0.5:
            self.on(device, lambda: self.start_from_snapshot(device))

    def enrol(self, device: Device) -> bool:
        """Whether it worked. An administrator gives a code, and somebody types it in."""
        service = self.server.service
        try:
            with self.server.program.running():
                if service.devices():
                    request = CodeRequest(user_id=device.user)
                    code = service.new_code(request, by=None).code
                else:
                    code = service.first_code().code
        except TurnedDown as no:
            self.tell(device, f"nobody gives it a code: {no.code}")
            return False
        return bool(self.on(device, lambda: self.join(device, code)))

    def join(self, device: Device, code: str) -> bool:
        try:
            link = self.link(device)
            join(
                device.disk.store,
                link,
                url="simulated",
                code=code,
                name=device.name,
                user_id=device.user,
            )
        except LinkError as error:
            self.tell(device, f"is not let in: {error!r}")
            return False
        self.tell(device, "is let in")
        return True

    def start_from_snapshot(self, device: Device) -> None:
        started = starting.start(
            device.disk.store,
            self.link(device),
            clock=device.clock,
            ids=device.ids,
            memo=device.memo,
            user_id=device.user,
        )
        whole = "whole" if started.whole else started.why
        self.tell(device, f"starts from a snapshot of {started.taken.received} entries: {whole}")

    # ------------------------------------------------------------------------------ telling

    def tell(self, who: Device, what: str) -> None:
        self.story.tell(who.name, what)

    def link(self, device: Device) -> Wire:
        return Wire(self.network, device, self.story.step)

    def in_its_program(self, device: Device, what: Callable[[], T]) -> T:
        with device.program.running():
            return what()

    def on(self, device: Device, what: Callable[[], T]) -> T | None:
        """Run it on the device, which may die on the way."""
        if self.network.chance(self.nature.die):
            device.disk.store.fuse = self.random.randrange(1, 60)
        try:
            return self.in_its_program(device, what)
        except Died:
            self.tell(device, "dies over it")
            device.disk.restart()
            device.restart(self.random)
            self.remembers(device)
            return None
        finally:
            device.disk.store.fuse = None

    def remembers(self, device: Device) -> None:
        forgotten = device.forgotten()
        if forgotten:
            raise Broken(KEPT, f"{device.name} lost {forgotten}")

    # ------------------------------------------------------------------------------ time goes by

    def run(self) -> None:
        for step in range(1, self.nature.steps + 1):
            self.story.step = step
            self.time.now += timedelta(seconds=self.random.choice((1, 5, 60, 600, 3_600)))
            self.something()
        self.heal()

    def something(self) -> None:
        nature, chance = self.nature, self.random.random
        device = self.random.choice(self.devices)
        for likely, fault in self.faults():
            if chance() < likely:
                fault(device)
                return
        if self.network.late and chance() < 0.3:
            self.network.deliver_late()
        elif chance() < nature.work:
            self.work(device)
        else:
            self.exchange(device)
        if chance() < 0.1:
            self.take_picture(device)
        if chance() < 0.02:
            self.look_at(device)

    def faults(self) -> list[tuple[float, Callable[[Device], None]]]:
        nature = self.nature
        return [
            (nature.part, self.part),
            (nature.restore, self.restore),
            (nature.restore_server, self.restore_server),
            (nature.clone, self.clone),
            (nature.poison, self.poison),
            (nature.lock_out, self.lock_out),
            (nature.join, self.one_more),
            (nature.jump, self.jump),
            (0.04 if nature.upgrade else 0.0, self.upgrade),
        ]

    # ------------------------------------------------------------------------------ what people do

    def work(self, device: Device) -> None:
        self.told += 1
        user = self.somebody(device)
        with device.disk.store.reading() as snapshot:
            today = self.time.now.date()
            day = Day(self.random, snapshot, today, device.name, self.told)
            done = something(day)
        if done is None:
            return
        name, deed = done
        if isinstance(deed, Imported) or codec.commands.name(deed) not in device.program.lacks:
            self.on(device, lambda: self.do(device, user, name, deed))

    def somebody(self, device: Device) -> UserId:
        """Mostly whoever sits at the screen already, mostly the one who may do anything."""
        if device.session is not None and self.random.random() < 0.8:
            return device.session[0]
        device.session = None
        with device.disk.store.reading() as snapshot:
            users = [row.id for row in snapshot.rows(UserRow)]
        return self.random.choice([BOSS, BOSS, BOSS, *users])

    def do(self, device: Device, user: UserId, name: str, deed: Deed) -> None:
        dairy = device.dairy(user)
        try:
            if isinstance(deed, Imported):
                self.import_(device, dairy, deed)
            elif self.random.random() < 0.05:
                self.twice(device, dairy, deed)
            else:
                device.keep(dairy.execute(deed))
            self.tell(device, name)
        except Refused as refusal:
            self.tell(device, f"{name}: refused, {type(refusal).__name__}")

    def twice(self, device: Device, dairy: Manchengo, command: Command) -> None:
        """Somebody who got no answer says it again."""
        command_id = CommitId(device.ids.new())
        first = dairy.execute(command, command_id=command_id)
        device.keep(first)
        again = dairy.execute(command, command_id=command_id)
        assert again == first, "one command, one answer"

    def import_(self, device: Device, dairy: Manchengo, deed: Imported) -> None:
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

    # ------------------------------------------------------------------------------ exchanging

    def exchange(self, device: Device) -> None:
        self.on(device, lambda: self.talk(device))

    def talk(self, device: Device) -> None:
        try:
            done = exchange(
                device.disk.store,
                self.link(device),
                clock=device.clock,
                ids=device.ids,
                memo=device.memo,
                user_id=device.user,
                limit=self.page,
            )
        except Unauthorised as error:
            self.tell(device, f"is turned away: {error.code}")
            if self.network.is_well and error.code in NEEDS_A_CODE:
                self.enrol(device)
            return
        except LinkError as error:
            self.tell(device, f"is not answered: {error!r}")
            return
        said = [f"sent {done.sent}", f"took {done.taken.received}", f"keeps {done.pending}"]
        said += [f"withheld {each.code}" for each in done.withheld]
        if done.log_reset:
            said.append("found another log")
        if done.device_id is not None:
            said.append(f"calls itself {done.device_id}")
            if self.random.random() < 0.5:
                device.session = None
        if done.is_worth_telling:
            self.tell(device, ", ".join(said))

    def exchange_until_quiet(self) -> int:
        """Until nobody has anything to say or to hear, or nothing comes of it for long; how many
        rounds that may take at most.
        """
        standing, idle = self.standing(), 0
        size = sum(cursor + pending for cursor, pending, _ in standing)
        rounds = 12 + 3 * size // self.page
        for _ in range(rounds):
            if self.is_quiet() or idle == PATIENCE:
                break
            self.story.step += 1
            self.time.now += timedelta(seconds=1)
            for device in self.devices:
                if not self.has_nothing_left(device):
                    self.exchange(device)
            before, standing = standing, self.standing()
            idle = idle + 1 if before == standing else 0
        return rounds

    @property
    def page(self) -> int:
        """How much an answer holds; in the end less patience is asked of whoever waits for it."""
        return max(self.nature.page, 10) if self.network.is_well else self.nature.page

    def has_nothing_left(self, device: Device) -> bool:
        server, own = self.server.disk.store, device.disk.store
        with server.reading() as log, own.reading() as snapshot:
            return not snapshot.count_pending() and snapshot.log_hash() == log.log_hash()

    def standing(self) -> list[tuple[int, int, str]]:
        """Where each node's log ends, what waits there, and how the node is called."""
        found = []
        for disk in (self.server.disk, *(device.disk for device in self.devices)):
            with disk.store.reading() as snapshot:
                name = snapshot.setting(DEVICE) or ""
                found.append((snapshot.cursor(), snapshot.count_pending(), name))
        return found

    def is_quiet(self) -> bool:
        return all(self.has_nothing_left(device) for device in self.devices)

    # ------------------------------------------------------------------------------ what befalls

    def part(self, device: Device) -> None:
        device.away_until = self.story.step + self.random.randrange(5, 40)
        self.tell(device, f"is out of reach until {device.away_until}")

    def take_picture(self, device: Device) -> None:
        if self.nature.restore and self.random.random() < 0.5:
            device.pictures.append((device.disk.picture(), dict(device.kept)))
            self.tell(device, "is backed up")
        elif self.nature.restore_server:
            server = self.server
            server.pictures.append((server.disk.picture(), list(server.programs)))
            self.story.tell("server", "is backed up")

    def restore(self, device: Device) -> None:
        if not device.pictures:
            return
        self.put_back(
            device, *self.random.choice(device.pictures), is_copy=self.random.random() < 0.5
        )

    def put_back(
        self, device: Device, picture: Any, kept: dict[Key, str], *, is_copy: bool
    ) -> None:
        device.disk.put_back(picture)
        device.kept = dict(kept)
        device.restart(self.random)
        if is_copy:
            become_a_copy(device.disk.store, DeviceId(device.ids.new()))
            self.tell(device, "is put back from a backup: another device")
        else:
            self.tell(device, "is put back from a copy of its files")
        device.upgrade(device.program, self.random)

    def restore_server(self, _: Device) -> None:
        """As a backup, which is known for a copy; or file by file, which nobody is told."""
        server = self.server
        if not server.pictures:
            return
        self.put_server_back(
            *self.random.choice(server.pictures), is_copy=self.random.random() < 0.67
        )

    def put_server_back(
        self, picture: Any, programs: list[tuple[int, Program]], *, is_copy: bool
    ) -> None:
        server = self.server
        server.disk.put_back(picture)
        server.programs = list(programs)
        if is_copy:
            become_a_copy(server.disk.store, DeviceId(Ids(self.random).new()))
        server.start()
        how = "from a backup" if is_copy else "from a copy of its files"
        with server.disk.store.reading() as snapshot:
            self.story.tell("server", f"is put back {how}, of {snapshot.cursor()} entries")

    def clone(self, device: Device) -> None:
        if len(self.devices) >= MOST_DEVICES:
            return
        twin = self.new_device()
        twin.disk.close()
        twin.disk = device.disk.blank()
        twin.disk.put_back(device.disk.picture())
        twin.kept = dict(device.kept)
        twin.program, twin.user = device.program, device.user
        self.tell(device, f"is copied to {twin.name}, id and all")

    def one_more(self, _: Device) -> None:
        if len(self.devices) < MOST_DEVICES:
            self.let_in()

    def poison(self, device: Device) -> None:
        """A program with a fault, or one of next year, writes what nobody here makes sense of."""
        self.write_poison(device, self.random.choice([*POISONS]))

    def write_poison(self, device: Device, kind: str) -> None:
        me, chance, store = device.id, self.random, device.disk.store.inner
        with store.writing() as transaction:
            lots = [row.id for row in transaction.rows(RawLotRow)]
            subject = chance.choice([UUID(int=chance.getrandbits(128)), *lots[-3:]])
            tip, now = transaction.tip(me), device.clock.now()
            stamp = tick(tip.hlc, now, me)
            commit = codec.sealed(
                evolve(
                    POISONS[kind](subject, device.ids),
                    device_id=me,
                    sequence=tip.sequence + 1,
                    previous=tip.hash,
                    occurred_at=now,
                    hlc=f"{stamp[:15]}-zzzzzz-{stamp[23:]}" if "stamp" in kind else stamp,
                )
            )
            transaction.append(commit)
            transaction.take_back(commit.id)
        device.keep(commit)
        self.tell(device, f"writes poison: {kind}")

    def lock_out(self, device: Device) -> None:
        """An administrator withdraws it, from another device or at the server; or lets it in."""
        other = self.random.choice(self.devices)
        me = device.id
        if self.random.random() < 0.3:
            self.enrol(device)
        elif self.random.random() < 0.5:
            with suppress(TurnedDown), self.server.program.running():
                self.server.service.withdraw(me, "perdu", by=None)
                self.tell(device, "is withdrawn at the server")
        else:
            command = WithdrawDevice(device_id=me, reason="perdu")
            self.on(other, lambda: self.do(other, BOSS, f"withdraw {device.name}", command))

    def jump(self, device: Device) -> None:
        days = self.random.choice((-4_000, -30, -1, 0, 1, 30, 4_000))
        device.clock.skew = timedelta(days=days)
        self.tell(device, f"its clock is {days} days off")

    def upgrade(self, device: Device) -> None:
        assert self.nature.upgrade is not None, "asked for only where there is one"
        newer = self.nature.upgrade[1]
        if self.random.random() < 0.3:
            self.upgrade_server(newer)
        elif device.program != newer:
            device.upgrade(newer, self.random)
            self.tell(device, f"is upgraded: {newer.name}")

    def upgrade_server(self, newer: Program) -> None:
        server = self.server
        if server.program != newer:
            server.program = newer
            server.start()
            self.story.tell("server", f"is upgraded: {newer.name}")

    def look_at(self, device: Device) -> None:
        """At any time, views are what the log makes of them, and the chains are whole."""
        with device.program.running(), device.disk.store.reading() as snapshot:
            verdict = integrity.verify(snapshot)
        if not verdict.sound:
            raise Broken(VIEWS_FOLLOW, f"{device.name}: {verdict.tampered or 'other rows'}")

    # ------------------------------------------------------------------------------ the end

    def heal(self) -> None:
        """The network is back, everybody is up to date and let in."""
        self.network.is_well = True
        self.story.tell("world", "all is well again")
        newer = self.nature.upgrade[1] if self.nature.upgrade else SHIPPED
        self.upgrade_server(newer)
        while self.network.late:
            self.network.deliver_late()
        for device in self.devices:
            device.away_until = 0
            if device.program != newer:
                device.upgrade(newer, self.random)
            device.user, device.token = BOSS, ""
            self.remembers(device)
