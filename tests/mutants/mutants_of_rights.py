"""Who may do what: a right that is not asked for, or that moves to other work, is noticed."""

from tests.mutants.mutant import Mutant

DOORS = "tests/application/test_every_door.py::test_who_may_not_is_refused_at_every_door"
DECISIONS = "tests/application/test_resolution.py"
READING = "tests/application/test_reading.py"
WINDOW = (
    "tests/desktop/test_admissions.py::test_who_loses_a_right_goes_on_in_no_window_that_is_open"
)
TABLE = "tests/application/test_permissions.py::test_every_command_asks_for_its_own_permission"

OF_RIGHTS: tuple[Mutant, ...] = (
    Mutant(
        name="The server asks nobody for rights",
        where="judge.judge",
        was="permit_or_printed(work, commit, asked_for)",
        becomes="None",
        killed_by=f"{DOORS}[pushed-livreur]",
    ),
    Mutant(
        name="What one may not do is done by deciding on a conflict",
        where="permissions._needed_by",
        was="yield from _needed_by(work, actor, recorded, seen)",
        becomes="pass",
        killed_by=f"{DECISIONS}::test_a_decision_asks_for_the_right_of_what_it_has_done",
    ),
    Mutant(
        name="Whoever decides on conflicts makes the word of a key count",
        where="permissions._needed_by",
        was="yield Permission.MANAGE_KEYS",
        becomes="pass",
        killed_by="tests/cli/test_accepting.py::test_who_may_admit_no_key_accepts_nothing",
    ),
    Mutant(
        name="What nobody signed is accepted as its author's word",
        where="handlers.resolution.resolve",
        was="command.way is Way.ACCEPT and _about(work, item).authorship is None",
        becomes="False",
        killed_by=(f"{DECISIONS}::test_what_its_author_might_not_do_is_not_done_by_proxy[accept]"),
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
        where="permissions.permit_author",
        was="permit_all(work, actor, command)",
        becomes="actor.may(COMMANDS[commit.command_type].permission)",
        killed_by=f"{DECISIONS}::test_the_server_asks_so_too",
    ),
    Mutant(
        name="What one may not do is undone by undoing an import",
        where="permissions._needed_by",
        was="yield from _needed_to_undo(work, actor, commit, seen)",
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
    Mutant(
        name="A telephone of a client is everybody's",
        where="reading.COLUMNS",
        was="{SupplierRow: _CONTACTS, ClientRow: _CONTACTS}",
        becomes="{SupplierRow: _CONTACTS}",
        killed_by=f"{READING}::test_every_column_that_takes_a_permission_is_there",
    ),
    Mutant(
        name="What is withheld is read all the same",
        where="Manchengo.reading",
        was="yield permitted(snapshot, self._committer.actor)",
        becomes="yield snapshot",
        killed_by=f"{READING}::test_a_driver_is_refused_and_an_administrator_is_not",
    ),
    Mutant(
        name="Who builds a command reads everything",
        where="Manchengo.build_and_execute",
        was="build(permitted(transaction, self._committer.actor))",
        becomes="build(transaction)",
        killed_by=f"{READING}::test_who_builds_a_command_reads_no_more",
    ),
    Mutant(
        name="A telephone is found by guessing it",
        where="PermittedSnapshot.rows",
        was="self.reader.require(permission)",
        becomes="pass",
        killed_by=f"{READING}::test_a_driver_is_refused_and_an_administrator_is_not",
    ),
    Mutant(
        name="Everybody reads the audit",
        where="PermittedSnapshot.audit",
        was="self.reader.require(Permission.READ_AUDIT)",
        becomes="",
        killed_by=f"{READING}::test_a_driver_is_refused_and_an_administrator_is_not",
    ),
    Mutant(
        name="A refused look is not noted",
        where="Manchengo._note_reading",
        was="self._note_refusal('read', refusal)",
        becomes="pass",
        killed_by=f"{READING}::test_a_driver_is_refused_and_an_administrator_is_not",
    ),
    Mutant(
        name="The amount in what refuses it is everybody's",
        where="Reader._by_content",
        was="needed |= revealed_by_refusal(row.refusal)",
        becomes="pass",
        killed_by=(
            f"{READING}::test_an_amount_in_what_refuses_it_is_an_amount"
            "[contested-MoreThanDue-facts0]"
        ),
    ),
    Mutant(
        name="What is printed is not noted",
        where="exports._note",
        was="workplace.note(action, msgspec.json.encode(facts).decode())",
        becomes="pass",
        killed_by="tests/desktop/test_compose.py::test_a_paper_that_is_printed_is_noted_in_the_audit",
    ),
    Mutant(
        name="A window that is open keeps the rights of before",
        where="SignIn.may_go_on",
        was="roles_of(row.roles) != roles",
        becomes="False",
        killed_by=f"{WINDOW}[has_fewer_rights]",
    ),
    Mutant(
        name="A window that is open goes on under a key that counts no more",
        where="SignIn.may_go_on",
        was="signer is None or self._keys(snapshot).is_admitted(user_id, signer.key.hex())",
        becomes="True",
        killed_by=f"{WINDOW}[None]",
    ),
    Mutant(
        name="Who was named stands in the audit",
        where="Workplace.proved_user_id",
        was="self.actor.user_id if self.is_believed else ANYONE.id",
        becomes="self.actor.user_id",
        killed_by=(
            "tests/cli/test_audit_in_the_log.py"
            "::test_a_name_that_nobody_proved_stands_for_nobody_in_the_audit"
        ),
    ),
    Mutant(
        name="Another site's name leads to the desktop",
        where="SameOrigin._is_our_name",
        was="self.proves_its_name or _name(_headers(scope).get(b'host', '')) in HERE",
        becomes="True",
        killed_by=(
            "tests/desktop/test_serving.py"
            "::test_a_name_of_another_site_that_leads_here_is_not_heard"
            "[ailleurs.test:8550-False-websocket]"
        ),
    ),
    Mutant(
        name="The price in an event is everybody's",
        where="reading.REVEALED_BY",
        was=", UnitPrice: Permission.READ_PRICES",
        becomes="",
        killed_by=f"{READING}::test_every_content_that_takes_a_permission_is_named_by_hand",
    ),
    Mutant(
        name="Anybody makes the views again",
        where="Manchengo.rebuild",
        was="self.permit(Permission.REBUILD, 'views.rebuilt')",
        becomes="",
        killed_by=f"{READING}::test_who_may_care_for_the_database",
    ),
    Mutant(
        name="Anybody copies the database",
        where="Workplace.backup",
        was="self.dairy.permit(Permission.BACK_UP, 'backup.made')",
        becomes="",
        killed_by="tests/cli/test_rights.py::test_who_may_not_is_refused[livreur]",
    ),
    Mutant(
        name="An old backup gives a right back",
        where="restoring._may_restore",
        was="if sign_in is not None:",
        becomes="if False:",
        killed_by="tests/cli/test_rights.py::test_an_old_backup_does_not_give_a_right_back",
    ),
    Mutant(
        name="Anybody restores where there is no database",
        where="restoring._permit_restore",
        was="raise NotPermitted(permission=Permission.RESTORE, roles=roles)",
        becomes="pass",
        killed_by=(
            "tests/cli/test_rights.py::test_where_there_is_no_database_the_backup_says_who_may"
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
