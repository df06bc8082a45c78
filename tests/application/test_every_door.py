"""Every command, every role, every door: who may not is refused, whichever way it comes in."""

from collections.abc import Callable
from random import Random

import pytest

from manchengo import Actor, MemoryStore, Refused, Role, codec
from manchengo.application.authorship import signed_by_author
from manchengo.application.hlc import tick
from manchengo.commands import COMMANDS, NEEDS, Command, RegisterUser, RequireSigning
from manchengo.domain.access import NotPermitted
from manchengo.domain.commit import NO_HASH, Commit
from manchengo.domain.ids import CommitId, DeviceId, ResolutionItemId
from manchengo.domain.resolution import ReportReusedId, ResolveItem, Way
from manchengo.memory import START_OF_MEMORY
from manchengo.ports.signer import Signer
from manchengo.ports.store import Pending
from tests.application.test_permissions import WHO_MAY
from tests.support.anything import Anything
from tests.support.dairy import an_id
from tests.support.given import open_dairy, somebody
from tests.support.plant import BOSS, Plant
from tests.support.signers import admitting, signer_of

Refuses = Callable[[Actor, Command], bool]
"""Whether somebody is told at a door that they may not."""

PHONE = DeviceId(an_id("phone"))
BOSSES_KEY, HIS_KEY = signer_of("boss"), signer_of("karim")

ANYTHING = Anything(Random(12))
EVERY: dict[str, Command] = {
    name: ANYTHING.of_class(schema.type) for name, schema in COMMANDS.items()
}
EVERY["resolution.resolve"] = ResolveItem(  # accepting would ask for more than its own permission
    item_id=ResolutionItemId(an_id("item")), way=Way.VOID, reason="?", on=START_OF_MEMORY.date()
)


def not_permitted(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except NotPermitted:
        return True
    except Refused:
        return False
    return False


def by_execute(actor: Actor, command: Command) -> bool:
    return not_permitted(lambda: open_dairy(actor=actor).execute(command))


def by_build_and_execute(actor: Actor, command: Command) -> bool:
    return not_permitted(lambda: open_dairy(actor=actor).build_and_execute(lambda _: command))


def in_a_batch(actor: Actor, command: Command) -> bool:
    with open_dairy(actor=actor).batch() as batch:
        return not_permitted(lambda: batch.execute(command, command_id=CommitId(an_id("c"))))


def rehearsed(actor: Actor, command: Command) -> bool:
    with open_dairy(actor=actor).batch(keep=False) as batch:
        return not_permitted(lambda: batch.execute(command, command_id=CommitId(an_id("c"))))


def pushed(actor: Actor, command: Command) -> bool:
    """By a device whose program asks nobody for rights."""
    plant = Plant()
    office = plant.device()
    boss = RegisterUser(user_id=BOSS, name="boss", roles=frozenset({Role.ADMIN}))
    him = RegisterUser(user_id=actor.user_id, name="karim", roles=actor.roles)
    office.does(boss, him)
    office.push()
    (entry,) = plant.receive([offered(actor, command)]).entered
    return entry.reason == "NotPermitted"


def pushed_where_everybody_signs(actor: Actor, command: Command) -> bool:
    """Likewise, under a key that the log admits, in a plant that believes no name."""
    plant = Plant()
    office = plant.device()
    office.does(
        RegisterUser(user_id=BOSS, name="boss", roles=frozenset({Role.ADMIN})),
        admitting(BOSS, office.id, BOSSES_KEY),
    )
    office.signer = BOSSES_KEY
    office.does(
        RequireSigning(),
        RegisterUser(user_id=actor.user_id, name="karim", roles=actor.roles),
        admitting(actor.user_id, PHONE, HIS_KEY),
    )
    office.push()
    (entry,) = plant.receive([offered(actor, command, signer=HIS_KEY)]).entered
    assert entry.reason not in ("NotSigned", "KeyNotAdmitted"), "it is his, and he signed it"
    return entry.reason == "NotPermitted"


def pushed_as_a_report(actor: Actor, command: Command) -> bool:
    """A device reports an id that was used before, in the name of whoever gave the command."""
    name = codec.commands.name(command)
    report = ReportReusedId(
        command_id=CommitId(an_id("used")),
        command_type=name,
        command_version=codec.commands.version(name),
        command=codec.commands.encode(command),
    )
    return pushed(actor, report)


def offered(actor: Actor, command: Command, *, signer: Signer | None = None) -> Pending:
    name = codec.commands.name(command)
    device_id = PHONE
    commit = Commit(
        id=CommitId(an_id("pushed")),
        device_id=device_id,
        user_id=actor.user_id,
        sequence=1,
        occurred_at=START_OF_MEMORY,
        hlc=tick("", START_OF_MEMORY, device_id),
        on=START_OF_MEMORY.date(),
        command_type=name,
        command_version=codec.commands.version(name),
        command=codec.commands.encode(command),
        import_id=None,
        events=(),
        previous=NO_HASH,
        hash=NO_HASH,
    )
    if signer is not None:
        with MemoryStore().writing() as transaction:
            commit = signed_by_author(transaction, commit, signer, plant_id=None)
    return Pending(commit=codec.sealed(commit), effective=None, seal=None, signature=b"")


DOORS: tuple[Refuses, ...] = (
    by_execute,
    by_build_and_execute,
    in_a_batch,
    rehearsed,
    pushed,
    pushed_where_everybody_signs,
    pushed_as_a_report,
)


PUSHES = (pushed, pushed_where_everybody_signs, pushed_as_a_report)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("refuses", DOORS, ids=lambda door: door.__name__)
def test_who_may_not_is_refused_at_every_door(refuses: Refuses, role: Role) -> None:
    names = {*EVERY}
    if refuses in PUSHES:  # a report asks for what it reports
        names.remove("resolution.report_reused_id")
    if refuses in (pushed, pushed_where_everybody_signs):
        names.remove("plant.found")  # who founds one is asked for a signature before any right
    refused = {name for name in names if refuses(somebody(role, device=7), EVERY[name])}
    assert refused == {name for name in names if role not in WHO_MAY[NEEDS[type(EVERY[name])]]}


def test_a_plant_without_users_asks_nobody() -> None:
    plant = Plant()
    (entry,) = plant.receive([offered(somebody(device=7), EVERY["supplier.register"])]).entered
    assert entry.reason != "NotPermitted"
