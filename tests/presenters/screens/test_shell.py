"""The window from its first start to a locked screen, without a window."""

import asyncio
from pathlib import Path

import pytest

from manchengo import Quantity, Role
from manchengo.commands import WriteOffLot
from manchengo.domain.ids import LotId
from manchengo.domain.values import Unit
from manchengo.ports.rows import RawLotRow
from manchengo_presenters.screens.dashboard import Dashboard
from manchengo_presenters.screens.first_start import Way
from manchengo_presenters.screens.lot_list import LotList
from manchengo_presenters.screens.office import Access
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.production_list import ProductionList
from manchengo_presenters.screens.receptions import Receptions
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_table import SCREENS
from manchengo_presenters.screens.shell import Shell, Stage
from tests.support.office_in_memory import (
    CODE,
    NOON,
    SECRET,
    TODAY,
    OfficeInMemory,
    at_once,
    execute,
    with_milk,
)


@pytest.fixture
def milked() -> OfficeInMemory:
    return with_milk()


def started(office: OfficeInMemory) -> Shell:
    shell = Shell(office, at_once, NOON.tzinfo)
    asyncio.run(shell.start())
    return shell


def at_work(office: OfficeInMemory, person: str = "amina") -> Shell:
    shell = started(office)
    sign_in(shell, person)
    assert shell.stage is Stage.AT_WORK, shell.sign_in.errors
    return shell


def sign_in(shell: Shell, person: str, secret: str = SECRET) -> None:
    shell.sign_in.choose(person)
    shell.sign_in.put("secret", secret)
    asyncio.run(shell.sign_in.submit())


# ------------------------------------------------------------------------------- first start


def filled_creation(shell: Shell) -> None:
    shell.first_start.choose(Way.CREATE)
    typed = {
        "dairy": "Fromagerie du Djurdjura",
        "admin": "amina",
        "passphrase": "chèvre lampe tiroir pont",
        "passphrase_again": "chèvre lampe tiroir pont",
        "secret": SECRET,
        "secret_again": SECRET,
    }
    for name, text in typed.items():
        shell.first_start.creation.put(name, text)


def test_a_computer_without_a_database_begins_one() -> None:
    shell = started(OfficeInMemory(state=Access.NO_DATABASE))
    stages = [shell.stage]
    assert shell.first_start.way is None
    filled_creation(shell)
    asyncio.run(shell.first_start.create())
    assert shell.first_start.recovery_key == "CLEF-DE-RECOURS"
    stages.append(shell.stage)
    asyncio.run(shell.first_start.written_down())
    assert shell.first_start.recovery_key == ""
    stages.append(shell.stage)
    assert stages == [Stage.FIRST_START, Stage.FIRST_START, Stage.SIGN_IN], (
        "the key stays until it is written down"
    )


def test_what_was_typed_for_a_new_dairy_is_forgotten_once_it_is_there() -> None:
    shell = started(OfficeInMemory(state=Access.NO_DATABASE))
    filled_creation(shell)
    asyncio.run(shell.first_start.create())
    assert set(shell.first_start.creation.values.values()) == {""}


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("admin", "", "À remplir."),
        ("passphrase", "", "À remplir."),
        ("passphrase_again", "autre chose", "Les deux saisies diffèrent."),
        ("secret_again", "autre chose", "Les deux saisies diffèrent."),
    ],
)
def test_a_new_dairy_is_not_begun_on_a_slip(field: str, text: str, sentence: str) -> None:
    shell = started(OfficeInMemory(state=Access.NO_DATABASE))
    filled_creation(shell)
    shell.first_start.creation.put(field, text)
    asyncio.run(shell.first_start.create())
    assert shell.first_start.creation.errors == {field: sentence}
    assert shell.first_start.recovery_key == ""


def test_a_weak_passphrase_is_said_beside_its_field() -> None:
    office = OfficeInMemory(state=Access.NO_DATABASE)
    shell = started(office)
    filled_creation(shell)
    office.fault = Problem("SecretTooWeak", "Elle serait vite devinée.", field="passphrase")
    asyncio.run(shell.first_start.create())
    assert shell.first_start.creation.errors == {"passphrase": "Elle serait vite devinée."}
    assert shell.first_start.creation.values["admin"] == "amina", "what was typed stays"


def test_a_backup_is_brought_back(tmp_path: Path) -> None:
    office = OfficeInMemory(state=Access.NO_DATABASE)
    shell = started(office)
    shell.first_start.choose(Way.RESTORE)
    shell.first_start.form.put("source", str(tmp_path / "copie.db"))
    shell.first_start.form.put("passphrase", "x")
    office.fault = Problem("WrongKey", "Ce n’est pas sa phrase secrète.")
    asyncio.run(shell.first_start.restore())
    assert shell.first_start.form.errors == {"passphrase": "Ce n’est pas sa phrase secrète."}
    asyncio.run(shell.first_start.restore())
    assert shell.stage is Stage.SIGN_IN


def test_a_way_can_be_left_and_what_was_typed_stays() -> None:
    shell = started(OfficeInMemory(state=Access.NO_DATABASE))
    filled_creation(shell)
    shell.first_start.choose(None)
    shell.first_start.choose(Way.CREATE)
    assert shell.first_start.form.values["admin"] == "amina"


# ---------------------------------------------------------------------------------- sign-in


def test_a_closed_database_takes_its_passphrase() -> None:
    shell = started(OfficeInMemory(state=Access.CLOSED))
    stages = [shell.stage]
    asyncio.run(shell.open_database.submit())
    assert shell.open_database.errors == {"passphrase": "À remplir."}
    shell.open_database.put("passphrase", "faux")
    asyncio.run(shell.open_database.submit())
    assert "phrase secrète" in shell.open_database.errors["passphrase"]
    shell.open_database.put("passphrase", SECRET)
    asyncio.run(shell.open_database.submit())
    assert [*stages, shell.stage] == [Stage.DATABASE_CLOSED, Stage.SIGN_IN]
    assert shell.open_database.values == {"passphrase": ""}, "it is not kept"


def test_what_cannot_be_opened_at_all_says_why() -> None:
    office = OfficeInMemory()
    office.fault = Problem("DatabaseCorrupt", "La base est endommagée.")
    shell = started(office)
    assert shell.stage is Stage.STARTING
    assert shell.problem is not None
    assert shell.problem.sentence == "La base est endommagée."


def test_the_only_person_is_chosen_already() -> None:
    assert started(OfficeInMemory()).sign_in.values["person"] == "amina"
    assert started(OfficeInMemory(names=("amina", "karim"))).sign_in.values["person"] == ""


def test_a_wrong_passphrase_is_blank_again_and_says_so() -> None:
    shell = started(OfficeInMemory())
    number = shell.sign_in.number
    sign_in(shell, "amina", "faux")
    assert shell.stage is Stage.SIGN_IN
    assert shell.sign_in.errors == {"secret": "Ce n’est pas la bonne phrase."}
    assert shell.sign_in.values["secret"] == ""
    assert shell.sign_in.number > number, "the field has to be drawn anew"


def test_a_try_that_waits_says_how_long() -> None:
    shell, sentences = started(OfficeInMemory(wait=30)), set[str]()
    shell.sign_in.subscribe(lambda: sentences.add(shell.sign_in.wait_sentence))
    sign_in(shell, "amina", "faux")
    assert "Attendez 30 secondes\u00a0: il y a eu plusieurs essais faux." in sentences
    assert shell.sign_in.wait_sentence == ""


def test_nobody_signs_in_without_a_name() -> None:
    shell = started(OfficeInMemory(names=("amina", "karim")))
    shell.sign_in.put("secret", SECRET)
    asyncio.run(shell.sign_in.submit())
    assert shell.sign_in.errors == {"person": "À remplir."}


def filled_code(shell: Shell, code: str = CODE) -> None:
    form = shell.sign_in.with_code
    form.put("code_person", "karim")
    form.put("code", code)
    form.put("new_secret", SECRET)
    form.put("new_secret_again", SECRET)
    asyncio.run(form.submit())


def test_where_nobody_has_a_key_a_code_is_asked_for() -> None:
    """As after a backup was brought back on a new computer."""
    shell = started(OfficeInMemory(names=()))
    assert shell.sign_in.is_with_code
    filled_code(shell, "autre")
    assert "code" in shell.sign_in.with_code.errors
    filled_code(shell)
    assert not shell.sign_in.is_with_code
    assert shell.sign_in.values["person"] == "karim"
    sign_in(shell, "karim")
    assert shell.stage is Stage.AT_WORK


def test_a_code_can_be_used_beside_others_and_left_again() -> None:
    shell = started(OfficeInMemory())
    shell.sign_in.use_code(True)
    shell.sign_in.with_code.put("new_secret", "a")
    asyncio.run(shell.sign_in.with_code.submit())
    assert set(shell.sign_in.with_code.errors) == {"code_person", "code", "new_secret_again"}
    shell.sign_in.use_code(False)
    assert not shell.sign_in.is_with_code


# ---------------------------------------------------------------------------------- at work


def test_who_acts_and_as_what_is_in_sight() -> None:
    shell = at_work(OfficeInMemory())
    assert shell.workspace is not None
    assert (shell.workspace.who.name, shell.roles) == ("amina", "administrateur")
    assert shell.dairy_name == "Fromagerie du Djurdjura"
    assert shell.exchange is not None
    assert shell.exchange.title == "Travaille seul"
    assert isinstance(shell.shown, Dashboard)
    assert shell.shown.overview is not None


def test_what_is_not_for_a_role_says_whom_to_ask() -> None:
    shell = at_work(OfficeInMemory(roles=frozenset({Role.DRIVER})))
    closed = {each.screen: each.closed_because for each in shell.destinations}
    assert closed[Screen.DASHBOARD] == closed[Screen.LOTS] == ""
    assert "Demandez à un administrateur." in closed[Screen.RECEPTIONS]
    asyncio.run(shell.go(Screen.RECEPTIONS))
    assert shell.screen is Screen.DASHBOARD
    assert shell.notice == closed[Screen.RECEPTIONS]


def test_n_leads_to_the_form_of_something_new() -> None:
    shell = at_work(OfficeInMemory())
    asyncio.run(shell.go_to_new(Screen.PRODUCTION))
    assert isinstance(shell.shown, ProductionList)
    assert shell.shown.plan is not None
    driver = at_work(OfficeInMemory(roles=frozenset({Role.DRIVER})))
    asyncio.run(driver.go_to_new(Screen.NEW_SALE))
    assert driver.screen is Screen.DASHBOARD
    assert driver.notice


def test_nothing_is_taken_back_once_its_notice_is_gone(milked: OfficeInMemory) -> None:
    shell = at_work(milked)
    asyncio.run(shell.go(Screen.RECEPTIONS))
    screen = shell.shown
    assert isinstance(screen, Receptions)
    assert screen.arrivals is not None
    screen.choose("supplier", screen.arrivals.suppliers[0].key)
    screen.choose("product", screen.arrivals.materials[0].key)
    screen.put("quantity", "540")
    asyncio.run(screen.receive())
    shell.notice_gone(shell.notices - 1)
    assert shell.recorded, "that was another notice"
    shell.notice_gone(shell.notices)
    asyncio.run(shell.take_back())
    assert len(screen.lines_shown) == 1


def test_every_screen_is_loaded_where_one_goes() -> None:
    shell = at_work(OfficeInMemory())
    asyncio.run(shell.go(Screen.LOTS))
    assert isinstance(shell.shown, LotList)
    assert shell.shown.page is not None
    asyncio.run(shell.go(Screen.RECEPTIONS))
    assert isinstance(shell.shown, Receptions)
    assert shell.shown.arrivals is not None


@pytest.mark.parametrize("screen", Screen)
def test_every_screen_has_its_entry(screen: Screen) -> None:
    entry = SCREENS[screen]
    assert (entry.group is None) != (entry.under is None), "in the navigation, or under a screen"
    assert entry.group is not None or not entry.letter


def test_no_two_screens_have_one_letter() -> None:
    for letters in (
        [entry.letter for entry in SCREENS.values() if entry.letter],
        [entry.new for entry in SCREENS.values() if entry.new],
    ):
        assert len(letters) == len(set(letters))


def test_one_comes_back_to_where_a_lot_was_opened() -> None:
    office = OfficeInMemory()
    shell = at_work(office)
    asyncio.run(shell.leave())
    assert (shell.screen, shell.came_from) == (Screen.DASHBOARD, "")
    with_a_lot(office, shell)
    (lot_id,) = lots_of(office)
    asyncio.run(shell.go(Screen.LOT, lot_id))
    assert shell.came_from == "Réceptions"
    asyncio.run(shell.leave())
    been = [shell.screen]
    asyncio.run(shell.go(Screen.LOT, lot_id))
    asyncio.run(shell.go(Screen.LOTS))
    asyncio.run(shell.leave())
    assert [*been, shell.screen] == [Screen.RECEPTIONS, Screen.LOTS]


def with_a_lot(office: OfficeInMemory, shell: Shell) -> Receptions:
    with_milk(office)
    asyncio.run(shell.go(Screen.RECEPTIONS))
    form = shell.shown
    assert isinstance(form, Receptions)
    assert form.arrivals is not None
    form.choose("supplier", form.arrivals.suppliers[0].key)
    form.choose("product", form.arrivals.materials[0].key)
    form.put("quantity", "10")
    asyncio.run(form.receive())
    return form


def lots_of(office: OfficeInMemory) -> list[LotId]:
    with office.reading() as snapshot:
        return [LotId(row.id) for row in snapshot.rows(RawLotRow)]


def test_what_was_recorded_is_taken_back_and_there_to_be_corrected() -> None:
    office = OfficeInMemory()
    shell = at_work(office)
    form = with_a_lot(office, shell)
    assert shell.recorded
    asyncio.run(shell.take_back())
    assert shell.notice == "Annulé."
    assert form.values["quantity"] == "10"
    assert form.arrivals is not None
    assert form.arrivals.days == (), "it is read anew"
    notices = shell.notices
    asyncio.run(shell.take_back())
    assert shell.notices == notices, "once"


def test_what_was_used_meanwhile_is_not_taken_back_and_says_so() -> None:
    office = OfficeInMemory()
    shell = at_work(office)
    form = with_a_lot(office, shell)
    (lot_id,) = lots_of(office)
    litre = Quantity(1_000, Unit.L)
    execute(office, WriteOffLot(lot_id=lot_id, quantity=litre, on=TODAY, reason="renversé"))
    asyncio.run(shell.take_back())
    assert shell.problem is not None
    assert shell.notice == shell.problem.sentence
    assert form.values["quantity"] == "", "nothing is to be corrected"


def test_what_no_command_takes_back_offers_no_way_back() -> None:
    office = OfficeInMemory()
    shell = at_work(office)
    with_a_lot(office, shell)
    (lot_id,) = lots_of(office)
    command = WriteOffLot(
        lot_id=lot_id, quantity=Quantity(1_000, Unit.L), on=TODAY, reason="renversé"
    )
    shell.tell(office.record(lambda _: command, lambda *_: "Jeté."))
    assert (shell.notice, shell.recorded) == ("Jeté.", ())


def test_work_of_others_is_seen_once() -> None:
    office = OfficeInMemory()
    shell = at_work(office)
    assert not asyncio.run(shell.look())
    with_milk(office)
    assert asyncio.run(shell.look())
    assert not asyncio.run(shell.look())


# ------------------------------------------------------------------------------------- lock


def test_a_locked_window_keeps_what_was_typed() -> None:
    office = OfficeInMemory(names=("amina", "karim"))
    shell = at_work(office)
    asyncio.run(shell.go(Screen.RECEPTIONS))
    assert isinstance(shell.shown, Receptions)
    shell.shown.put("quantity", "12,5")
    asyncio.run(shell.lock())
    assert (shell.stage, office.locked) == (Stage.SIGN_IN, True)
    assert shell.sign_in.values["person"] == "amina", "who was at work is chosen"
    sign_in(shell, "amina")
    assert shell.screen is Screen.RECEPTIONS
    assert isinstance(shell.shown, Receptions)
    assert shell.shown.values["quantity"] == "12,5"


def test_another_person_finds_nothing_of_the_one_before() -> None:
    office = OfficeInMemory(names=("amina", "karim"))
    shell = at_work(office)
    asyncio.run(shell.go(Screen.RECEPTIONS))
    assert isinstance(shell.shown, Receptions)
    shell.shown.put("quantity", "12,5")
    asyncio.run(shell.lock())
    sign_in(shell, "karim")
    assert shell.screen is Screen.DASHBOARD
    asyncio.run(shell.go(Screen.RECEPTIONS))
    assert isinstance(shell.shown, Receptions)
    assert shell.shown.values["quantity"] == ""


def test_who_is_locked_for_another_reason_than_time_hears_it() -> None:
    office = OfficeInMemory()
    shell = at_work(office)
    office.locked, office.ended = True, "Vos rôles sont désormais : commercial."
    asyncio.run(shell.look())
    assert (shell.stage, shell.sign_in.why) == (Stage.SIGN_IN, office.ended)
    office.ended = ""
    sign_in(shell, "amina")
    asyncio.run(shell.lock())
    assert shell.sign_in.why == ""


def test_inactivity_locks() -> None:
    office = OfficeInMemory()
    shell = at_work(office)
    office.locked = True
    asyncio.run(shell.look())
    assert shell.stage is Stage.SIGN_IN


def test_only_what_somebody_does_at_work_counts_as_activity() -> None:
    office = OfficeInMemory()
    shell = started(office)
    shell.touch()
    assert office.touched == 0
    sign_in(shell, "amina")
    shell.touch()
    assert office.touched == 1


def test_nothing_moves_behind_a_lock() -> None:
    shell = at_work(OfficeInMemory())
    asyncio.run(shell.lock())
    asyncio.run(shell.go(Screen.LOTS))
    asyncio.run(shell.scan("MP-001"))
    assert (shell.screen, shell.notice) == (Screen.DASHBOARD, "")
    assert not asyncio.run(shell.look())
