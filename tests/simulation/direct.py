"""The shortest way to the server: its service is called with the bytes that would travel.

At its door stand the real tokens; everything else that is HTTP is left out (see ``http``).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from attrs import define, evolve, field

from manchengo.application.replication.server_log import Offered
from manchengo.domain.ids import DeviceId
from manchengo_server.errors import NoToken
from manchengo_server.service import Service
from manchengo_sync import wire
from manchengo_sync.link import LinkError, Unreachable
from manchengo_sync.signing import DEVICE_KEY, sign
from tests.simulation.altering import altered
from tests.simulation.lying import hidden, lie, signed_anew
from tests.simulation.network import Network
from tests.simulation.nodes import Device, Way, content
from tests.simulation.programs import SHIPPED
from tests.simulation.rewriting import rewritten

T = TypeVar("T")


@define
class Directly:
    """The server's end. Implements ``nodes.Ear``."""

    service: Service
    _noted: list[dict[str, Any]] = field(factory=list)

    def hear(self, received: bytes, *, by: str, whole: bool = True) -> bytes:
        """What is answered to a push, whose author showed a token before."""
        request = wire.decode(received, wire.PushRequest)
        pushed = self.service.pushed(request, by=request.replica_id)
        if pushed.why:
            self._noted.append({"why": pushed.why})
        return wire.encode(pushed.response)

    def noted(self) -> list[dict[str, Any]]:
        lines, self._noted = self._noted, []
        return lines

    def close(self) -> None:
        """Nothing is left open."""


HIDES, SIGNS = 0.2, 0.5
"""How often a server that lies holds something back, and how often it signs what it made up."""


@define
class Wire(Way):
    """A device's end."""

    network: Network
    device: Device

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        other = self.network.other
        if other is not None and other.device is self.device:
            with self._outside():
                return other.push(request)
        with self._outside():
            self._show_token(request.replica_id)
            self._perhaps_altered(request)
            self._perhaps_rewritten(request)
            answer = self.network.carry(self.device, wire.encode(request))
        try:
            return self._perhaps_a_lie(request, wire.decode(answer, wire.PushResponse))
        except wire.NotUnderstood as error:
            raise Unreachable(why="cut") from error

    def _perhaps_altered(self, request: wire.PushRequest) -> None:
        """Before what was recorded is sent, something that was not."""
        network = self.network
        if not (network.nature.forge and network.chance(network.nature.forge)):
            return
        forged = altered(self.device, request, network.random)
        if forged is not None:
            network.altered.add(forged.commits[-1].commit.hash)
            network.story.tell(self.device.name, "sends what its author did not sign")
            with suppress(LinkError):
                network.ask(self.device, wire.encode(forged))

    def _perhaps_rewritten(self, request: wire.PushRequest) -> None:
        """Before its program speaks, the device tells another history of itself."""
        network = self.network
        if not (network.nature.rewrite and network.chance(network.nature.rewrite)):
            return
        told = rewritten(self.device, request, network.random)
        if told is not None:
            network.story.tell(self.device.name, "tells another history of itself")
            network.retold |= {content(each.commit) for each in told.commits}
            with suppress(LinkError):
                network.ask(self.device, wire.encode(told))

    def _perhaps_a_lie(
        self, request: wire.PushRequest, answer: wire.PushResponse
    ) -> wire.PushResponse:
        network = self.network
        is_honest = not (network.nature.lie and answer.new)
        if is_honest or not network.chance(network.nature.lie):
            return answer
        key = network.server.service.plant.signing_key
        if network.random.random() < HIDES:
            network.story.tell("server", f"hides the end of its log from {self.device.name}")
            return hidden(network.random, answer, key)
        forged_entries = lie(network.random, request, answer, network.key_of)
        network.lies |= {each.hash for each in forged_entries} - {each.hash for each in answer.new}
        network.story.tell("server", f"lies to {self.device.name}")
        answer = evolve(answer, new=tuple(forged_entries))
        return signed_anew(answer, key) if network.random.random() < SIGNS else answer

    def let_in(self, device_id: DeviceId, enrolment: Offered | None = None) -> None:
        with self._outside():
            self._show_token(device_id, enrolment)

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

    def return_tail(self, request: wire.TailRequest) -> wire.TailResponse:
        service = self.network.server.service
        request = wire.decode(wire.encode(request), wire.TailRequest)
        with self._outside():
            self._show_token(request.replica_id)
            fate = self._fate()
            if fate in ("lost", "late", "cut on its way", "answered by somebody else"):
                raise Unreachable(why="lost")
            answer = self._arrive(lambda: service.take_back(request, by=request.replica_id))
            if fate in ("unanswered", "cut on its way back"):
                raise Unreachable(why="unanswered")
            if fate == "doubled":
                return self._arrive(lambda: service.take_back(request, by=request.replica_id))
            return answer

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
        if self.network.is_away(self.device):
            raise Unreachable(why="no network")
        with SHIPPED.running():
            yield

    def _fate(self) -> str:
        fate = self.network.fate(self.device, is_push=False)
        if fate:
            self.network.story.tell(self.device.name, f"its message is {fate}")
        return fate

    def _arrive(self, ask: Callable[[], T]) -> T:
        return self.network.arrive(ask)

    def _show_token(self, speaker: DeviceId, enrolment: Offered | None = None) -> None:
        """``Unauthorised`` unless the server still lets this device and its user in."""
        service, device = self.network.server.service, self.device
        try:
            bearer = self._arrive(lambda: service.admit(device.token))
            if bearer.device_id == speaker:
                return
        except LinkError as error:
            if not isinstance(error.__cause__, NoToken):
                raise
        device.token = self._arrive(lambda: self._new_token(speaker, enrolment))
        self._arrive(lambda: service.admit(device.token))

    def _new_token(self, speaker: DeviceId, enrolment: Offered | None) -> str:
        service, user = self.network.server.service, self.device.user
        with self.device.disk.store.reading() as snapshot:
            key = snapshot.setting(DEVICE_KEY) or ""
        nonce = service.challenge().nonce
        signature = sign(key, wire.token_message(nonce, speaker, user))
        request = wire.TokenRequest(
            device_id=speaker,
            user_id=user,
            nonce=nonce,
            signature=signature,
            enrolment=enrolment,
        )
        return service.token(request).token
