"""A server of before took in what no device takes in; its operator has it judged again one day."""

from datetime import date
from unittest.mock import patch
from uuid import UUID

from attrs import evolve

from manchengo import codec
from manchengo.application.replication import verdicts
from manchengo.commands import StartImport
from manchengo.domain.commit import Commit, Verdict
from manchengo.domain.ids import ImportId
from manchengo.domain.import_batch import ImportKind, ImportStarted
from manchengo.ports.ids import Ids
from tests.simulation.exchanging import exchange
from tests.simulation.faults import write_made
from tests.simulation.nodes import Device
from tests.simulation.poisons import commit_of
from tests.simulation.world import World
from tests.support.dairy import MONDAY


def take_in_wrongly(world: World, device: Device) -> None:
    """What that device signed does not belong together, and the server does not notice."""
    server = world.server
    if server.is_stopped:
        return
    write_made(world, device, _beside_the_event_of_another, "what does not belong together")
    with patch.object(verdicts, "_forged", lambda *_given, **_named: None):
        exchange(world, device)
    server.is_stopped = server.service.refused_entry() is not None
    if server.is_stopped:
        world.story.tell("server", "has an entry that stops every device")


def mend(world: World, _: Device | None = None) -> None:
    """Its operator types ``mend-log``. On which day an entry was taken in, the log does not say."""
    server = world.server
    found = server.service.refused_entry()
    assert found is not None, "asked for only where one stands"
    with server.disk.store.reading() as snapshot:
        days = {
            entry.commit.id: server.judged_on.get(entry.hash)
            for entry in snapshot.entries(after=found.place - 1)
        }
    with server.program.running():
        mended = server.service.mend(found.place)
    server.judges_again_from(found.place)
    with server.disk.store.reading() as snapshot:
        for entry in snapshot.entries(after=found.place - 1):
            day: date | None = days.get(entry.commit.id)
            if day is not None and entry.verdict is Verdict.ACCEPTED:
                server.judged_on[entry.hash] = day
    server.is_stopped = False
    server.dates_its_log()
    world.story.tell("server", f"judges entry {found.place} and {mended.judged - 1} behind again")


def _beside_the_event_of_another(_: UUID, ids: Ids) -> Commit:
    one, other = (_an_import(ids) for _ in range(2))
    started = ImportStarted(
        import_id=one.import_id,
        kind=one.kind,
        file_name=one.file_name,
        digest=one.digest,
        on=one.on,
    )
    name = codec.events.name(started)
    payload, version = codec.events.encode(started), codec.events.version(name)
    commit = commit_of(ids, one.import_id, other, name, payload, version=version)
    return evolve(commit, command_version=codec.commands.version(commit.command_type))


def _an_import(ids: Ids) -> StartImport:
    import_id = ImportId(ids.new())
    return StartImport(
        import_id=import_id,
        kind=ImportKind.LOTS,
        file_name="lots.csv",
        digest=import_id.hex,
        on=MONDAY,
    )
