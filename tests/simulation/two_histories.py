"""A server that shows one device another history: the plant as it was once, going on by itself.

Under both it signs with its one key, and what that device records it passes on into the log of all
others: nobody misses anything. The device must find out when it is shown the others' log again, and
the others where they read what it saw.
"""

from contextlib import suppress
from random import Random

from attrs import define, evolve

from manchengo.domain.commit import LogEntry
from manchengo.domain.device import LiftQuota
from manchengo.ports.settings import LOG_EPOCH
from manchengo_server.errors import TurnedDown
from manchengo_server.service import Service
from manchengo_sync import wire
from manchengo_sync.outcome import Exchanged
from manchengo_sync.problems import error_of
from tests.simulation.disks import Disk
from tests.simulation.nodes import Device, Ids, Server
from tests.simulation.programs import SHIPPED

FOUND_OUT = "19 two histories are found out"


@define
class OtherHistory:
    """``service`` answers ``device`` in the place of ``server``."""

    device: Device
    server: Server
    disk: Disk
    service: Service

    @classmethod
    def shown_to(cls, device: Device, server: Server, random: Random) -> "OtherHistory":
        """From now on; they part at once, since something happens in this one alone."""
        disk = server.disk.blank()
        disk.put_back(server.disk.picture())
        with SHIPPED.running():
            service = Service.open(
                disk.store,
                clock=server.clock,
                ids=Ids(Random(random.random())),
                random_bytes=Random(random.random()).randbytes,
            )
            with suppress(TurnedDown):
                service.allow(LiftQuota(device_id=device.id))
        return cls(device, server, disk, service)

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        """As the server's. What is offered is passed on; whoever reads it there misses nothing."""
        request = wire.decode(wire.encode(request), wire.PushRequest)
        try:
            answer = self.service.push(request, by=request.replica_id)
        except TurnedDown as no:
            raise error_of(no.status, no.problem()) from no
        if request.commits:
            passed_on = evolve(request, log_epoch="", cursor=0, limit=1)
            with suppress(TurnedDown):
                self.server.service.push(passed_on, by=request.replica_id)
        return wire.decode(wire.encode(answer), wire.PushResponse)


def is_on_another_log(device: Device, server: Server) -> bool:
    """Whether the device holds something that the server's log does not."""
    with device.disk.store.reading() as own, server.disk.store.reading() as log:
        place = own.cursor()
        there = next(log.entries(after=place - 1, limit=1), None) if place else None
        return bool(place) and (there is None or there.hash != own.log_hash())


def seen_otherwise(device: Device, *, after: int) -> set[int]:
    """The places of the entries behind that one whose authors saw another log, each looked at by
    itself.
    """
    with device.disk.store.reading() as snapshot:
        entries = list(snapshot.entries())
        epoch = snapshot.setting(LOG_EPOCH)
    return {each.global_seq for each in entries[after:] if _saw_another(each, entries, epoch)}


def _saw_another(entry: LogEntry, entries: list[LogEntry], epoch: str | None) -> bool:
    part = entry.commit.authorship
    if part is None or not part.seen.global_seq or part.seen.log_epoch != epoch:
        return False
    place = part.seen.global_seq
    return place >= entry.global_seq or entries[place - 1].hash != part.seen.log_hash


def not_told(device: Device, done: Exchanged, *, held: int, was_on_another: bool) -> str:
    """What nobody at the device was told in that exchange. ``held``: up to where it held the log
    before.
    """
    if done.log_reset or done.broken_off is not None:
        return ""
    if was_on_another:
        return f"{device.name} does not notice that it was shown another log"
    reported = {each.entry for each in done.applied.divergences}
    missed = seen_otherwise(device, after=held) - reported
    return f"{device.name} is not told of entries {sorted(missed)}" if missed else ""
