"""Every role at the command line: what it may do, and what it may see."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click import Context
from typer.main import get_command

from manchengo import Role
from manchengo.domain.access import Permission
from manchengo_cli.main import app
from manchengo_workplace.acting import ANYONE
from tests.application.test_permissions import WHO_MAY
from tests.cli.conftest import DAY, working_in
from tests.cli.invoicing import NUMBER, issue
from tests.cli.running import Run, arrives, asked, done, one_line, run
from tests.support.signed_in import bring_people, copy_database

ASKS: dict[str, Permission] = {
    "product add BEURRE Beurre --kind PF --unit kg --price 900": Permission.KEEP_PRODUCTS,
    "product change GOUDA --name Gouda-doux": Permission.KEEP_PRODUCTS,
    "product density LAIT 1032 --from 2026-11-01": Permission.KEEP_PRODUCTS,
    "product archive LAIT": Permission.KEEP_PRODUCTS,
    "price-list add GROS Grossistes": Permission.SELL,
    "price-list change DETAIL --name Détaillants": Permission.SELL,
    "price-list set-price DETAIL GOUDA 1600": Permission.SELL,
    "price-list archive DETAIL": Permission.SELL,
    "recipe add SEL LAIT=10 --batch 10": Permission.KEEP_RECIPES,
    "recipe change GOUDA LAIT=990 --batch 100 --from 2026-11-24": Permission.KEEP_RECIPES,
    "recipe archive GOUDA": Permission.KEEP_RECIPES,
    "supplier add F9 Benali": Permission.KEEP_PARTIES,
    "supplier change F001 --name Djebbar-fils": Permission.KEEP_PARTIES,
    "supplier archive F001": Permission.KEEP_PARTIES,
    "client add C9 Benali": Permission.KEEP_PARTIES,
    "client change C1 --name Ziani-fils": Permission.KEEP_PARTIES,
    "client archive C1": Permission.KEEP_PARTIES,
    "receive LAIT 10 --supplier F001": Permission.RECEIVE,
    "send-back L2 1 --reason aigre": Permission.RECEIVE,
    "opening-stock SEL 10": Permission.ENTER_OPENING_STOCK,
    "count L2 499 --reason fond": Permission.COUNT_STOCK,
    "write-off L2 1 --reason perdu": Permission.WRITE_OFF,
    "correct L2 --reason relu --reference BL-8": Permission.CORRECT_LOTS,
    "void L2 --reason erreur": Permission.CORRECT_LOTS,
    "quarantine S1 --reason odeur": Permission.BLOCK_LOTS,
    "block S1 --reason odeur": Permission.BLOCK_LOTS,
    "release S1 --reason vu": Permission.RELEASE_LOTS,
    "production plan GOUDA 1 --code OF-7": Permission.PRODUCE,
    "production start OF-1": Permission.PRODUCE,
    "production pour OF-1 L2 1": Permission.PRODUCE,
    "production take-back OF-1 L2 1": Permission.PRODUCE,
    "production complete OF-1": Permission.PRODUCE,
    "production cancel OF-1 --reason non": Permission.PRODUCE,
    "production reopen OF-1 --reason tôt": Permission.PRODUCE,
    "produce GOUDA 1": Permission.PRODUCE,
    "order place C1 GOUDA=1": Permission.SELL,
    "order confirm CC-2": Permission.SELL,
    "order close CC-2 --reason fini": Permission.SELL,
    "order cancel CC-2 --reason non": Permission.SELL,
    "order reopen CC-2 --reason tôt": Permission.SELL,
    "sell C2 GOUDA=1": Permission.SELL,
    "deliver CC-2": Permission.DELIVER,
    "delivery prepare CC-2": Permission.DELIVER,
    "delivery load BL-1 PF-OF-1 1": Permission.DELIVER,
    "delivery unload BL-1 PF-OF-1 1": Permission.DELIVER,
    "delivery dispatch BL-1": Permission.DELIVER,
    "delivery received BL-1 --by Ziani": Permission.DELIVER,
    "delivery cancel BL-1 --reason panne": Permission.DELIVER,
    "delivery reopen BL-1 --reason erreur": Permission.DELIVER,
    "return BL-1 PF-OF-1=1 --reason mou": Permission.DELIVER,
    f"invoice cancel {NUMBER} --reason erreur": Permission.CREDIT_OR_VOID,
    "user add nadia livreur": Permission.MANAGE_PEOPLE,
    "user role karim production": Permission.MANAGE_PEOPLE,
    "user deactivate karim": Permission.MANAGE_PEOPLE,
    "user keys": Permission.MANAGE_KEYS,
    "user invite karim": Permission.MANAGE_KEYS,
    "user withdraw-key karim --reason perdu": Permission.MANAGE_KEYS,
    "user unlock karim": Permission.MANAGE_KEYS,
    "user require-signing": Permission.MANAGE_KEYS,
    "conflicts accept la-appro --reason vu": Permission.MANAGE_KEYS,
    "rebuild": Permission.REBUILD,
    "backup copie.db": Permission.BACK_UP,
    "restore avant.db": Permission.RESTORE,
    "recall L1 --reason antibiotiques": Permission.RECALL_LOTS,
    "undo-import ID --reason erreur": Permission.UNDO_IMPORTS,
    "import suppliers fournisseurs.csv": Permission.IMPORT,
    "audit": Permission.READ_AUDIT,
    "label-keys make": Permission.MANAGE_KEYS,
    "label-keys withdraw 1 --reason perdu": Permission.MANAGE_KEYS,
    "label-keys request": Permission.KEEP_OWN_KEYS,
    "plant change --approval 15-123": Permission.KEEP_PLANT,
}
"""What is typed, and the permission that it takes."""

SEEN_BY_ALL = (
    "dashboard",
    "stock",
    "stock --at 2026-11-21",
    "lots",
    "lots --all",
    "lots --at 2026-11-21",
    "movements",
    "movements L2",
    "allocate GOUDA 5 --client C1",
    "trace L1",
    "recall L1 --simulate",
    "supplier list",
    "supplier show F001",
    "client list",
    "client show C1",
    "product list",
    "product show GOUDA",
    "price-list list",
    "price-list show DETAIL",
    "recipe list",
    "recipe show GOUDA",
    "order list --all",
    "order show CC-1",
    "delivery list --all",
    "delivery show BL-1",
    "delivery note BL-1 --to bon.pdf --force",
    "invoice list --all",
    "production list --all",
    "production show OF-1",
    "imports",
    "conflicts",
    "conflicts --all",
    "conflicts --chosen-again",
    "user list",
    "devices",
    "label-keys",
    "plant",
    "scan --code L1 --code PF-OF-1 --code OF-1 --code BL-1",
    "labels L1 PF-OF-1 OF-1 BL-1 --to etiquettes.pdf --force",
    "stats",
    "verify",
)
"""The questions that everybody may ask; the answers are not all the same."""

CONTACTS = ("0566636685", "139986987973091")
AMOUNTS = ("1650", "1 650", "1700", "1 700", "37400", "37 400", "62.00", "62,00")
"""What is in them for some: a telephone, a NIF, the prices and amounts of the dairy."""


@pytest.fixture(scope="module")
def every_role(dairy_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody of each role, named like it; an import, a corrected price, an invoice, a backup."""
    path = tmp_path_factory.mktemp("people") / dairy_file.name
    copy_database(dairy_file, path)
    amina = ("--user", "amina")
    with working_in(path):
        for role in Role:
            arrives(f"la-{role}", role)
        done("user", "add", "karim", "livreur", *amina)
        done("correct", "L2", "--reason", "relu", "--price", "62,50", "--on", DAY, *amina)
        Path("fournisseurs.csv").write_text("code;nom\nF7;Haddad\n", encoding="utf-8")
        done("import", "suppliers", "fournisseurs.csv", *amina)
        issue(by="amina")
        done("backup", "avant.db", *amina)
    return path


@pytest.fixture
def people(every_role: Path, tmp_path: Path) -> Path:
    """A copy of that folder, where commands look for the database."""
    shutil.copytree(every_role.parent, tmp_path, dirs_exist_ok=True)
    path = tmp_path / every_role.name
    bring_people(every_role, path)
    return path


def by(role: Role, words: str, *more: str) -> Run:
    if "ID" in words.split():
        words = words.replace("ID", asked("imports", "--user", "amina")[0]["import"])
    return run(*words.split(), *more, "--user", f"la-{role}")


def is_not_permitted(ran: Run) -> bool:
    return ran.code == 1 and '"error": "NotPermitted"' in ran.err


@pytest.mark.parametrize("role", list(Role))
def test_who_may_not_is_refused(people: Path, role: Role) -> None:
    kept = people.with_name("entier.db")
    shutil.copyfile(people, kept)
    refused = set()
    for words in ASKS:
        if is_not_permitted(by(role, words, "--json")):
            refused.add(words)
        else:
            shutil.copyfile(kept, people)
            Path("copie.db").unlink(missing_ok=True)
    expected = {words for words, permission in ASKS.items() if role not in WHO_MAY[permission]}
    if role is Role.PRODUCTION:  # it imports and undoes, but neither keeps nor reads suppliers
        expected |= {"undo-import ID --reason erreur", "import suppliers fournisseurs.csv"}
    assert refused == expected


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_the_daily_work_and_nothing_else_that_they_may_not(role: Role) -> None:
    output = ""
    for words in SEEN_BY_ALL:
        for more in ((), ("--json",)):
            ran = by(role, words, *more)
            assert ran.code == 0, f"{words}: {ran.err}"
            output += one_line(ran.out).replace("\u202f", " ").replace("\xa0", " ") + "\n"
    contacts = {each for each in CONTACTS if each in output}
    amounts = {each for each in AMOUNTS if each in output}
    assert contacts == ({*CONTACTS} if role in WHO_MAY[Permission.READ_PARTIES] else set())
    assert bool(amounts) == (role in WHO_MAY[Permission.READ_PRICES]), amounts


ASK_NO_RIGHT = {"demo", "init", "login", "logout", "who", "passwd", "passphrase change", "rekey"}
"""Whoever has the passphrase of the database, or their own, may."""

ASK_ELSEWHERE = {
    "undo": "for the right of what it records: tests/cli/test_undo.py",
    "sync": "the server, which reads what is pushed: tests/application/test_every_door.py",
    "serve": "every request: tests/server",
    "devices code": "the server: tests/attacks/test_at_the_servers_doors.py",
    "user admit": "for what a device says of a new key: tests/application/test_every_door.py",
    **dict.fromkeys(
        ("devices withdraw", "devices allow-renewal", "devices lift-quota", "devices server-key"),
        "about a device that the server knows: tests/application/test_every_door.py",
    ),
    "label-keys grant": "about such a device: tests/application/test_every_door.py",
    **dict.fromkeys(
        ("conflicts show", "conflicts resolve", "conflicts set-aside", "conflicts take-up"),
        "about a conflict that there is: tests/application/test_every_door.py",
    ),
}
"""What takes more than one device or a server to be asked for its right, and where it is."""


def test_every_command_is_tried_in_every_role() -> None:
    words = {(*each.split(),) for each in (*ASKS, *SEEN_BY_ALL)}
    typed = {*leaves(get_command(app))}
    tried = {leaf for leaf in typed if any(each[: len(leaf)] == leaf for each in words)}
    named = {(*each.split(),) for each in ASK_NO_RIGHT | {*ASK_ELSEWHERE}}
    assert typed == tried | named
    assert not tried & named


def leaves(command: Any, *words: str) -> Iterator[tuple[str, ...]]:
    """The words of every command behind that one, down to those that do something."""
    if not hasattr(command, "list_commands"):
        yield words
        return
    context = Context(command)
    for name in command.list_commands(context):
        yield from leaves(command.get_command(context, name), *words, name)


# --------------------------------------------------------------------------- a driver's day


@pytest.mark.usefixtures("people")
def test_a_driver_finds_the_client_and_the_goods() -> None:
    shown = asked("client", "show", "C1", "--user", "la-livreur")
    assert (shown["name"], shown["address"]) == ("Ziani", "")
    assert not {"phone", "nif"} & {*shown}
    assert {"phone", "nif"} <= {*asked("client", "show", "C1", "--user", "la-commercial")}
    done("deliver", "CC-2", "--code", "BL-9", "--user", "la-livreur", "--on", DAY)
    order = asked("order", "show", "CC-2", "--user", "la-livreur")
    assert "net" not in order
    assert [{*line} & {"unit_price", "price_per"} for line in order["lines"]] == [set()]
    assert "téléphone" not in done("client", "list", "--user", "la-livreur").out.lower()


@pytest.mark.usefixtures("people")
def test_a_refusal_says_who_may_and_is_noted() -> None:
    ran = run("audit", "--user", "la-livreur")
    assert ran.code == 1
    assert (
        "Vous n’avez pas le droit de faire cela (lire le journal d’audit) avec vos rôles "
        "(livreur). Ces rôles l’ont : administrateur."
    ) in one_line(ran.err)
    noted = asked("audit", "--limit", "1", "--user", "amina")[0]
    assert (noted["user"], noted["action"], noted["outcome"]) == (
        "la-livreur",
        "read",
        "NotPermitted",
    )


@pytest.mark.usefixtures("people")
def test_what_is_done_with_the_database_is_noted() -> None:
    amina = ("--user", "amina")
    done("login", "la-livreur")
    done("verify")
    done("rebuild", *amina)
    done("backup", "copie.db", "--user", "la-comptable")
    done("restore", "copie.db", *amina)
    run("restore", "copie.db", "--user", "la-livreur")
    noted = [(each["action"], each["user"], each["outcome"]) for each in asked("audit", *amina)]
    assert [each for each in noted if each[0] != "session.unlocked"][:2] == [
        ("backup.restored", "la-livreur", "NotPermitted"),
        ("backup.restored", "amina", "done"),
    ]
    assert ("views.rebuilt", "amina", "done") in noted
    assert ("log.verified", "la-livreur", "done") in noted


# ------------------------------------------------------------------------------- a restoration


@pytest.mark.usefixtures("people")
def test_an_old_backup_does_not_give_a_right_back() -> None:
    arrives("nadia", "admin")
    done("backup", "ancien.db", "--user", "amina")
    done("user", "role", "nadia", "livreur", "--user", "amina")
    ran = run("restore", "ancien.db", "--user", "nadia", "--json")
    assert is_not_permitted(ran)
    done("restore", "ancien.db", "--user", "amina")


def test_where_there_is_no_database_the_backup_says_who_may(people: Path) -> None:
    people.unlink()
    assert is_not_permitted(run("restore", "avant.db", "--user", "la-production", "--json"))
    assert not people.exists()
    done("restore", "avant.db", "--user", "amina")
    noted = asked("audit", "--kind", "database", "--user", "amina")[0]
    assert (noted["action"], noted["user"]) == ("backup.restored", str(ANYONE.id))
    assert noted["facts"] == {"named": "amina"}, "nobody proved to be her"


def test_a_database_that_cannot_be_read_is_restored(people: Path) -> None:
    people.write_bytes(people.read_bytes()[:8192])
    assert is_not_permitted(run("restore", "avant.db", "--user", "la-production", "--json"))
    done("restore", "avant.db", "--user", "amina")


def test_who_may_rebuild_is_read_in_the_log_where_the_views_are_lost(people: Path) -> None:
    import sqlite3

    with sqlite3.connect(people) as connection:
        connection.execute("DELETE FROM users")
    assert is_not_permitted(run("rebuild", "--user", "la-livreur", "--json"))
    done("rebuild", "--user", "amina")
    assert len(asked("user", "list", "--user", "amina")) == 8
