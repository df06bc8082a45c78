"""The shortest way to the server: its service is called with the bytes that would travel.

At its door stand the real tokens; everything else that is HTTP is left out (see ``http``).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from attrs import define

from manchengo.domain.ids import DeviceId
from manchengo_server.errors import NoToken
from manchengo_sync import wire
from manchengo_sync.link import LinkError, Unreachable
from manchengo_sync.signing import DEVICE_KEY, sign
from tests.simulation.network import Network
from tests.simulation.nodes import Device
from tests.simulation.programs import SHIPPED

T = TypeVar("T")


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
