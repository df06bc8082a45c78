"""Who may do what: a right that is not asked for, or that moves to other work, is noticed."""

from tests.mutants.mutant import Mutant

DOORS = "tests/application/test_every_door.py::test_who_may_not_is_refused_at_every_door"
TABLE = "tests/application/test_permissions.py::test_every_command_asks_for_its_own_permission"

OF_RIGHTS: tuple[Mutant, ...] = (
    Mutant(
        name="The server asks nobody for rights",
        where="judge.judge",
        was="_permitted(work, commit, asked_for)",
        becomes="None",
        killed_by=f"{DOORS}[pushed-livreur]",
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
