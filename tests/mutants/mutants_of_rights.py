"""Who may do what: a right that is not asked for, or that moves to other work, is noticed."""

from tests.mutants.mutant import Mutant

DOORS = "tests/application/test_every_door.py::test_who_may_not_is_refused_at_every_door"
DECISIONS = "tests/application/test_resolution.py"
TABLE = "tests/application/test_permissions.py::test_every_command_asks_for_its_own_permission"

OF_RIGHTS: tuple[Mutant, ...] = (
    Mutant(
        name="The server asks nobody for rights",
        where="judge.judge",
        was="_permitted(work, commit, asked_for)",
        becomes="None",
        killed_by=f"{DOORS}[pushed-livreur]",
    ),
    Mutant(
        name="What one may not do is done by deciding on a conflict",
        where="permissions._done_by",
        was="yield from _done_by(work, recorded, seen)",
        becomes="pass",
        killed_by=f"{DECISIONS}::test_a_decision_asks_for_the_right_of_what_it_has_done",
    ),
    Mutant(
        name="A device does not ask for the right of what a decision has done",
        where="Committer.execute",
        was="permit_all(work, self.actor, admitted.command)",
        becomes="",
        killed_by=f"{DECISIONS}::test_a_decision_asks_for_the_right_of_what_it_has_done",
    ),
    Mutant(
        name="The server does not ask for the right of what a decision has done",
        where="judge._permitted",
        was="permit_all(work, actor, command)",
        becomes="actor.may(COMMANDS[commit.command_type].permission)",
        killed_by=f"{DECISIONS}::test_the_server_asks_so_too",
    ),
    Mutant(
        name="What one may not do is undone by undoing an import",
        where="permissions._done_by",
        was="yield from _recorded_by(work, commit, seen)",
        becomes="yield from ()",
        killed_by=(
            "tests/application/test_imports.py::test_undoing_asks_for_the_right_of_what_is_undone"
        ),
    ),
    Mutant(
        name="Everybody is offered every way out",
        where="ways_out._is_possible",
        was="permit_all(work, by, command)",
        becomes="pass",
        killed_by=(
            "tests/application/test_ways_out.py"
            "::test_nobody_is_offered_what_their_roles_do_not_allow"
        ),
    ),
    *(
        Mutant(
            name=f"{command} is other work",
            where="commands.COMMANDS",
            was=f"{command}, Permission.{permission}",
            becomes=f"{command}, Permission.{other}",
            killed_by=TABLE,
        )
        for command, permission, other in (
            ("ReleaseLot", "RELEASE_LOTS", "BLOCK_LOTS"),
            ("CountLot", "COUNT_STOCK", "WRITE_OFF"),
            ("IssueCreditNote", "CREDIT_OR_VOID", "ISSUE_INVOICES"),
            ("ReceivePayment", "COLLECT", "ISSUE_INVOICES"),
            ("UndoImport", "UNDO_IMPORTS", "IMPORT"),
            ("EnrolDevice", "MANAGE_DEVICES", "MANAGE_PEOPLE"),
        )
    ),
)
