"""What a device has instead of a network: real bytes, lost, late, doubled, cut, or out of time.

Beyond it stands the server's own service, and at its door the real tokens.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import TypeVar

from attrs import define, field

from manchengo.domain.ids import DeviceId
from manchengo_server.errors import NoToken, TurnedDown
from manchengo_sync import wire
from manchengo_sync.link import LinkError, Unreachable
from manchengo_sync.problems import error_of
from manchengo_sync.signing import DEVICE_KEY, sign
from tests.simulation.disks import Died
from tests.simulation.nature import Nature
from tests.simulation.nodes import Device, Server
from tests.simulation.programs import SHIPPED
from tests.simulation.story import Story

T = TypeVar("T")


@define
class Network:
    """``late``: requests on their way, by whom. ``is_well``: nothing goes wrong any more, but what
    is ``decided``: the fates of the next messages.
    """

    server: Server
    nature: Nature
    random: Random
    story: Story
    is_well: bool = False
    late: list[tuple[Device, bytes]] = field(factory=list)
    decided: list[str] = field(factory=list)

    def chance(self, likely: float) -> bool:
        return not self.is_well and self.random.random() < likely

    def fate(self, device: Device) -> str:
        """What becomes of a message."""
        nature = self.nature
        if self.decided:
            return self.decided.pop(0)
        if self.chance(nature.lose):
            return self.random.choice(("lost", "late", "unanswered", "doubled"))
        if self.chance(nature.cut):
            return self.random.choice(("cut on its way", "cut on its way back"))
        if device.heard and self.chance(nature.stale):
            return "answered with what was said before"
        return ""

    def arrive(self, ask: Callable[[], T]) -> T:
        """At the server, which runs its own program and may die over it."""
        server = self.server
        if self.chance(self.nature.die):
            server.disk.store.fuse = self.random.randrange(1, 60)
        try:
            with server.program.running():
                return ask()
        except TurnedDown as no:
            raise error_of(no.status, no.problem()) from no
        except wire.NotUnderstood as garbled:
            raise Unreachable(why="cut") from garbled
        except Died:
            server.disk.restart()
            server.start()
            self.story.tell("server", "dies over it, and begins again")
            raise Unreachable(why="the server died") from None
        finally:
            server.disk.store.fuse = None

    def deliver_late(self) -> None:
        """One of the messages that were on their way arrives, whoever still waits for an answer."""
        device, said = self.late.pop(self.random.randrange(len(self.late)))
        self.story.tell(device.name, "a late message of its arrives")
        try:
            device.heard.append(self.arrive(lambda: self.answer(said)))
        except LinkError:
            return

    def answer(self, said: bytes) -> bytes:
        request = wire.decode(said, wire.PushRequest)
        pushed = self.server.service.pushed(request, by=request.replica_id)
        if pushed.why:
            self.story.tell("server", f"takes no more than that: {pushed.why}")
        return wire.encode(pushed.response)


@define
class Wire:
    """One device's way to the server. Implements ``manchengo_sync.link.Link``."""

    network: Network
    device: Device
    step: int

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        device, random = self.device, self.network.random
        said = wire.encode(request)
        with self._outside():
            self._show_token(request.replica_id)
            match self._fate():
                case "lost":
                    raise Unreachable(why="lost")
                case "late":
                    self.network.late.append((device, said))
                    raise Unreachable(why="late")
                case "unanswered":
                    self._ask(said)
                    raise Unreachable(why="unanswered")
                case "doubled":
                    self._ask(said)
                    answer = self._ask(said)
                case "cut on its way":
                    answer = self._ask(said[: random.randrange(len(said))])
                case "cut on its way back":
                    answer = self._ask(said)
                    answer = answer[: random.randrange(len(answer))]
                case "answered with what was said before":
                    self._ask(said)
                    answer = random.choice(device.heard)
                case _:
                    answer = self._ask(said)
                    device.heard.append(answer)
        try:
            return wire.decode(answer, wire.PushResponse)
        except wire.NotUnderstood as error:
            raise Unreachable(why="cut") from error

    def renew(self, request: wire.RenewRequest) -> wire.EnrolResponse:
        service = self.network.server.service
        with self._outside():
            self._show_token(request.former_id)
            match self._fate():
                case "" | "doubled":
                    pass
                case "unanswered" | "cut on its way back":
                    self._arrive(lambda: service.renew(request, by=request.former_id))
                    raise Unreachable(why="unanswered")
                case _:
                    raise Unreachable(why="lost")
            return self._arrive(lambda: service.renew(request, by=request.former_id))

    def enrol(self, request: wire.EnrolRequest) -> wire.EnrolResponse:
        with self._outside():
            if self._fate():
                raise Unreachable(why="lost")
            return self._arrive(lambda: self.network.server.service.enrol(request))

    @contextmanager
    def snapshot(self) -> Iterator[Iterator[bytes]]:
        with self._outside():
            self._show_token(self.device.id)
            pieces = self._arrive(lambda: list(self.network.server.service.snapshot()))
            if self._fate():
                whole = b"".join(pieces)
                pieces = [whole[: self.network.random.randrange(len(whole))]]
        yield iter(pieces)

    # ------------------------------------------------------------------------------ on the way

    @contextmanager
    def _outside(self) -> Iterator[None]:
        """Out of the device, whose program stays behind; where there is a way at all."""
        if self.device.away_until > self.step:
            raise Unreachable(why="no network")
        with SHIPPED.running():
            yield

    def _fate(self) -> str:
        fate = self.network.fate(self.device)
        if fate:
            self.network.story.tell(self.device.name, f"its message is {fate}")
        return fate

    def _ask(self, said: bytes) -> bytes:
        return self._arrive(lambda: self.network.answer(said))

    def _arrive(self, ask: Callable[[], T]) -> T:
        return self.network.arrive(ask)

    def _show_token(self, speaker: DeviceId) -> None:
        """``Unauthorised`` unless the server still lets this device and its user in."""
        service, device = self.network.server.service, self.device
        try:
            bearer = self._arrive(lambda: service.admit(device.token))
            if bearer.device_id == speaker:
                return
        except LinkError as error:
            if not isinstance(error.__cause__, NoToken):
                raise
        device.token = self._arrive(lambda: self._new_token(speaker))
        self._arrive(lambda: service.admit(device.token))

    def _new_token(self, speaker: DeviceId) -> str:
        service, user = self.network.server.service, self.device.user
        with self.device.disk.store.reading() as snapshot:
            key = snapshot.setting(DEVICE_KEY) or ""
        nonce = service.challenge().nonce
        signature = sign(key, wire.token_message(nonce, speaker, user))
        request = wire.TokenRequest(
            device_id=speaker, user_id=user, nonce=nonce, signature=signature
        )
        return service.token(request).token
