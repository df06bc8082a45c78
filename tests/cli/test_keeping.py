"""The database is made, locked, checked, copied, brought back and looked into."""

import sqlite3
from pathlib import Path

import pytest

from manchengo_cli import passphrase, person_secret
from manchengo_sqlite import SqliteStore, backup, keys
from manchengo_sqlite.errors import DiskFull
from tests.cli.conftest import DAY
from tests.cli.running import asked, done, one_line, run
from tests.sqlite.witness import folder_as_it_is
from tests.support.signed_in import bring_people

PAGE = 4096
"""Bytes of one page of a database."""


@pytest.fixture
def phrase(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", "lait cru")
    return "lait cru"


def test_a_database_is_encrypted_unless_asked_otherwise(tmp_path: Path, phrase: str) -> None:
    done("init", "--admin", "amina")
    assert not (tmp_path / "atelier.db").read_bytes().startswith(b"SQLite format 3")
    assert (tmp_path / "atelier.db.key").exists()
    assert asked("stats")["encrypted"] is True


def test_a_database_in_clear_says_so_in_so_many_words(tmp_path: Path) -> None:
    output = one_line(done("init", "--admin", "amina", "--clear").out)
    assert "ELLE N’EST PAS CHIFFRÉE" in output
    assert (tmp_path / "atelier.db").read_bytes().startswith(b"SQLite format 3")
    assert "NON CHIFFRÉE" in done("stats").out


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "atelier.db").write_text("mes notes")
    ran = run("init", "--clear", "--json")
    assert (ran.code, ran.fault["error"]) == (3, "AlreadyThere")
    assert (tmp_path / "atelier.db").read_text() == "mes notes"


def test_a_key_file_left_alone_is_not_written_over(tmp_path: Path, phrase: str) -> None:
    (tmp_path / "atelier.db.key").write_text("la clé d’une autre base")
    assert run("init").code == 3
    assert (tmp_path / "atelier.db.key").read_text() == "la clé d’une autre base"
    assert not (tmp_path / "atelier.db").exists()


def left_by_an_init_that_was_cut_off(tmp_path: Path, phrase: str) -> bytes:
    keys.wrap_with_passphrase(tmp_path / "atelier.db", keys.new_key(), phrase)
    return (tmp_path / "atelier.db.key").read_bytes()


def test_an_init_that_was_cut_off_is_begun_again_with_the_key_that_it_left(
    tmp_path: Path, phrase: str
) -> None:
    left = left_by_an_init_that_was_cut_off(tmp_path, phrase)
    assert asked("init", "--admin", "amina")["encrypted"] is True
    assert (tmp_path / "atelier.db.key").read_bytes() == left
    done("stock")


def test_a_key_left_alone_is_not_lost_by_an_init_that_fails(
    tmp_path: Path, phrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = left_by_an_init_that_was_cut_off(tmp_path, phrase)
    assert run("init", "--admin", " ").code == 1
    assert run("init", "--clear", "--json").fault["error"] == "AlreadyThere"
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", "lait cuit")
    assert run("init", "--json").fault["error"] == "WrongKey"
    assert [file.name for file in tmp_path.iterdir()] == ["atelier.db.key"]
    assert (tmp_path / "atelier.db.key").read_bytes() == left


def test_an_init_that_fails_leaves_nothing(tmp_path: Path, phrase: str) -> None:
    assert run("init", "--admin", " ").code == 1
    assert list(tmp_path.iterdir()) == []


def test_the_passphrase_comes_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "phrase").write_text("lait cru\n")
    done("init", "--passphrase-file", "phrase")
    monkeypatch.setenv("MANCHENGO_PASSPHRASE_FILE", str(tmp_path / "phrase"))
    done("stock")
    monkeypatch.setenv("MANCHENGO_PASSPHRASE_FILE", str(tmp_path / "nulle part"))
    ran = run("stock", "--json")
    assert (ran.code, ran.fault["error"]) == (3, "PassphraseFileUnreadable")


def test_a_wrong_passphrase_opens_nothing(phrase: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done("init")
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", "lait cuit")
    ran = run("stock", "--json")
    assert (ran.code, ran.fault["error"]) == (3, "WrongKey")
    assert "atelier.db." not in ran.fault["message"].replace("atelier.db. ", "")


@pytest.mark.parametrize(
    ("theirs", "name"), [("lait cru", "KeyOfAnotherDatabase"), ("lait cuit", "WrongKey")]
)
def test_a_key_file_of_another_database_is_told_from_a_wrong_passphrase(
    theirs: str, name: str, phrase: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where their passphrase is another as well, nothing proves it: both are named."""
    done("init")
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", theirs)
    done("init", "--db", "autre.db")
    (tmp_path / "autre.db.key").replace(tmp_path / "atelier.db.key")
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", phrase)
    fault = run("stock", "--json").fault
    assert fault["error"] == name
    assert "est celui d’une autre base" in one_line(fault["message"])


def test_without_a_terminal_the_passphrase_must_be_given(
    phrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("init")
    monkeypatch.delenv("MANCHENGO_PASSPHRASE")
    ran = run("stock", "--json")
    assert (ran.code, ran.fault["error"]) == (3, "PassphraseMissing")


def test_at_a_terminal_a_new_passphrase_is_typed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["", "lait", *["lait et miel", "lait et mie"], *["lait et miel"] * 3])
    prompts: list[str] = []

    def hidden(prompt: str) -> str:
        prompts.append(prompt)
        return next(typed)

    monkeypatch.setattr(passphrase, "getpass", hidden)
    monkeypatch.setattr(person_secret, "getpass", hidden)
    monkeypatch.setattr(passphrase, "_at_a_terminal", lambda _database: None)
    done("init")
    done("stock")
    assert len(prompts) == 7
    assert prompts[-1].startswith("Phrase secrète de atelier.db")


def test_at_a_terminal_the_passphrase_is_asked_for_and_the_new_one_twice(
    phrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("init")
    monkeypatch.delenv("MANCHENGO_PASSPHRASE")
    typed = iter(["lait cru", *["une vache bleue sous la pluie"] * 2])
    prompts: list[str] = []

    def hidden(prompt: str) -> str:
        prompts.append(prompt)
        return next(typed)

    monkeypatch.setattr(passphrase, "getpass", hidden)
    monkeypatch.setattr(person_secret, "getpass", hidden)
    monkeypatch.setattr(passphrase, "_at_a_terminal", lambda _database: None)
    done("passphrase", "change")
    assert [prompt.split()[0] for prompt in prompts] == ["Phrase", "Phrase", "La"]


def test_without_its_key_file_an_encrypted_database_stays_shut(tmp_path: Path, phrase: str) -> None:
    done("init")
    (tmp_path / "atelier.db.key").unlink()
    ran = run("stock", "--json")
    assert (ran.code, ran.fault["error"]) == (3, "NeedsKey")
    assert "atelier.db.key" in ran.fault["message"]


def test_no_database_says_how_to_make_one() -> None:
    ran = run("stock")
    assert ran.code == 3
    assert "manchengo init" in one_line(ran.err)


def test_a_sound_database_is_said_to_be(dairy: Path) -> None:
    output = one_line(done("verify").out)
    assert "La chaîne d’empreintes est entière" in output
    assert "Les vues disent ce que dit le journal." in output


def test_the_second_time_what_was_added_is_read(dairy: Path) -> None:
    first = asked("verify")
    assert (first["since"], first["because"]) == (None, "none")
    done("supplier", "add", "F9", "Ferme")
    output = one_line(done("verify").out)
    assert f"jusqu’à l’enregistrement {first['commits']} le " in output
    assert "depuis : 1 enregistrement." in output
    again = asked("verify")
    assert again["commits"] == first["commits"] + 1
    assert again["since"]["commits"] == 0
    assert "La chaîne d’empreintes est entière" in one_line(done("verify", "--whole").out)


def test_a_log_is_judged_again_where_that_is_asked_for(dairy: Path) -> None:
    assert asked("verify")["judged_otherwise"] is None
    assert asked("verify", "--deep")["judged_otherwise"] == []
    assert "chaque écriture a le même verdict" in one_line(done("verify", "--deep").out)


def test_what_is_not_sound_is_not_judged_again(dairy: Path) -> None:
    with sqlite3.connect(dairy) as books:
        books.execute("UPDATE _devices SET hash = zeroblob(32)")
    books.close()
    ran = run("verify", "--deep", "--json")
    assert (ran.code, ran.shape["judged_otherwise"]) == (1, None)


def test_what_was_changed_since_is_found_by_either(dairy: Path) -> None:
    done("verify")
    with sqlite3.connect(dairy) as books:
        books.execute("UPDATE _devices SET hash = zeroblob(32)")
    books.close()
    assert run("verify", "--json").shape["because"] == "fault"
    assert run("verify", "--whole").code == 1


def test_a_changed_view_is_found_and_made_again(dairy: Path) -> None:
    with sqlite3.connect(dairy) as books:
        books.execute("UPDATE lots_mp SET quantity_remaining = 1 WHERE code = 'L2'")
    books.close()
    ran = run("verify", "--json")
    assert (ran.code, ran.shape["sound"], ran.shape["tampered"]) == (1, False, None)
    assert asked("rebuild")["rows"] > 0
    assert asked("verify")["sound"] is True
    assert asked("lots", "LAIT")[0]["on_hand"] == "500"


def test_views_are_made_again_even_where_no_user_is_left(dairy: Path) -> None:
    with sqlite3.connect(dairy) as books:
        books.execute("DELETE FROM users")
    books.close()
    assert "Personne ne s’est identifié" in one_line(done("stock").err)
    assert run("verify").code == 1
    done("rebuild")
    done("stock")


def test_a_changed_commit_is_named(dairy: Path) -> None:
    with sqlite3.connect(dairy) as books:
        (payload,) = books.execute(
            "SELECT payload FROM _events WHERE event_type = 'lot.received' LIMIT 1"
        ).fetchone()
        books.execute(
            "UPDATE _events SET payload = ? WHERE payload = ?",
            (payload.replace(b"600000", b"700000"), payload),
        )
    books.close()
    ran = run("verify")
    assert ran.code == 1
    assert "FALSIFIÉ" in ran.out
    assert run("verify", "--json").shape["tampered"]["fault"] == "content"


def test_a_damaged_page_is_told_with_the_way_out(tmp_path: Path, phrase: str) -> None:
    done("init", "--admin", "amina")
    file = tmp_path / "atelier.db"
    content = bytearray(file.read_bytes())
    page = len(content) // PAGE // 2  # of the communes, which nothing reads on opening
    content[page * PAGE - 1] ^= 1
    file.write_bytes(content)
    ran = run("verify")
    assert ran.code == 1
    assert "ENDOMMAGÉ" in ran.out
    assert "Restaurez une sauvegarde" in one_line(ran.out)
    (damaged,) = run("verify", "--json").shape["damaged"]
    assert f" {page}" in damaged


def test_a_damaged_page_that_is_read_on_opening_is_told_as_such(
    tmp_path: Path, phrase: str
) -> None:
    """And not as a file that nobody may write, which is all that SQLCipher says of it then."""
    done("init", "--admin", "amina")
    file = tmp_path / "atelier.db"
    content = bytearray(file.read_bytes())
    content[2 * 4096 - 1] ^= 1  # in the second page: the list of the migrations
    file.write_bytes(content)
    ran = run("stock", "--json")
    assert (ran.code, ran.fault["error"]) == (3, "DatabaseCorrupt")
    assert "restaurez une sauvegarde" in one_line(ran.fault["message"])


def test_pages_that_were_not_checked_are_said_to_be_so(dairy: Path) -> None:
    """Another program reads an older state of the file meanwhile."""
    with SqliteStore.open(dairy, key=None) as other, other.reading() as snapshot:
        snapshot.head()
        done("supplier", "add", "F9", "Ferme")
        ran = run("verify")
        assert ran.code == 0
        assert "n’ont PAS été vérifiées" in one_line(ran.out)
        assert run("verify", "--json").shape["pages_checked"] is False
    assert "PAS été" not in done("verify").out
    assert run("verify", "--json", "--whole").shape["pages_checked"] is True


def test_a_backup_to_a_folder_that_is_not_there_says_so(dairy: Path) -> None:
    ran = run("backup", "nulle-part/copie.db", "--json")
    assert (ran.code, ran.fault["error"]) == (3, "FolderMissing")
    assert "son dossier n’existe pas" in one_line(ran.fault["message"])


def test_a_short_passphrase_makes_no_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", "lait")
    ran = run("init", "--json")
    assert (ran.code, ran.fault["error"]) == (2, "SecretTooWeak")
    assert list(tmp_path.glob("atelier*")) == []


def test_one_has_its_own_words(dairy: Path) -> None:
    assert "Vérifiés : 18 enregistrements, 34 événements." in one_line(done("verify").out)
    added = done(
        *["product", "add", "CAILLE", "Caillé", "--kind", "PF", "--unit", "kg", "--shelf-life", "1"]
    ).out
    assert "1 jour " in f"{one_line(added)} "


def test_a_backup_comes_back(tmp_path: Path, phrase: str) -> None:
    done("init", "--admin", "amina")
    done("supplier", "add", "F001", "Djebbar")
    done("backup", "copie.db")
    assert (tmp_path / "copie.db.key").exists()
    done("supplier", "add", "F002", "Belkacem")
    answer = asked("restore", "copie.db")
    assert [each["code"] for each in asked("supplier", "list")] == ["F001"]
    assert Path(answer["previous"]).exists()
    assert asked("supplier", "list", "--db", answer["previous"])[1]["code"] == "F002"


def test_a_backup_of_another_plant_replaces_nothing(tmp_path: Path, phrase: str) -> None:
    done("init", "--admin", "amina")
    done("supplier", "add", "F001", "Djebbar")
    done("init", "--admin", "amina", "--db", "autre.db")
    before = folder_as_it_is(tmp_path)
    refused = run("restore", "autre.db")
    assert refused.code == 2
    assert "autre.db est une sauvegarde d’un autre atelier" in one_line(refused.err)
    assert folder_as_it_is(tmp_path) == before
    done("restore", "autre.db", "--db", "ailleurs.db")
    assert [each["code"] for each in asked("supplier", "list")] == ["F001"]


def test_a_wrong_passphrase_is_not_taken_for_a_damaged_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup_phrase, present_phrase = "lait cru et miel", "une vache bleue sous la pluie"
    typed: dict[str, str] = {"atelier.db": present_phrase, "copie.db": backup_phrase}
    monkeypatch.setattr(passphrase, "_typed", lambda database: typed[database.name])
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", backup_phrase)
    monkeypatch.setenv("MANCHENGO_NEW_PASSPHRASE", present_phrase)
    done("init", "--admin", "amina")
    done("backup", "copie.db")
    done("passphrase", "change")
    done("supplier", "add", "F001", "Djebbar", "--passphrase-file", as_file(present_phrase))

    before = folder_as_it_is(tmp_path)
    ran = run("restore", "copie.db")
    assert ran.code == 3
    assert "n’ouvre" in one_line(ran.err)
    assert "atelier.db, la base en service" in one_line(ran.err)
    assert run("restore", "copie.db", "--json").fault["error"] == "ReplacedIsLocked"
    ran = run("restore", "copie.db", "--passphrase-file", as_file(present_phrase))
    assert ran.code == 3
    assert "la phrase secrète de copie.db" in one_line(ran.err)
    assert folder_as_it_is(tmp_path) == before

    monkeypatch.delenv("MANCHENGO_PASSPHRASE")
    answer = asked("restore", "copie.db")  # a terminal asks for each
    assert answer["previous"] is not None


def as_file(phrase: str) -> str:
    file = Path("phrase-donnée.txt")
    file.write_text(phrase, "utf-8")
    return str(file)


def test_what_is_no_backup_is_never_written_over(dairy: Path, tmp_path: Path) -> None:
    (tmp_path / "lettre.txt").write_text("Madame, Monsieur" * 99)
    for words in (("lettre.txt",), ("lettre.txt", "--full"), ("atelier.db",)):
        ran = run("backup", *words, "--json")
        assert (ran.code, ran.fault["error"]) == (3, "AlreadyThere")
    assert (tmp_path / "lettre.txt").read_text() == "Madame, Monsieur" * 99
    assert run("restore", "nulle-part.db", "--json").fault["error"] == "BackupMissing"
    assert run("restore", "lettre.txt").code == 3
    assert asked("stats")["commits"] == 18


def test_a_backup_that_is_there_is_brought_up_to_date(tmp_path: Path, phrase: str) -> None:
    done("init", "--admin", "amina")
    made = asked("backup", "copie.db")
    assert (made["how"], made["commits_added"], made["because"]) == ("made", None, None)
    done("supplier", "add", "F001", "Djebbar")
    done("supplier", "add", "F002", "Belkacem")
    again = asked("backup", "copie.db")
    assert (again["how"], again["commits_added"], again["because"]) == ("updated", 2, None)
    assert again["bytes"] == (tmp_path / "copie.db").stat().st_size
    output = one_line(done("backup", "copie.db").out)
    assert "Sauvegarde mise à jour : copie.db" in output
    assert "0 enregistrement ajouté et vérifié." in output
    assert "copie.db.key" in output
    done("restore", "copie.db", "--db", "essai.db")
    assert [each["code"] for each in asked("supplier", "list", "--db", "essai.db")] == [
        "F001",
        "F002",
    ]
    assert asked("verify", "--db", "essai.db")["sound"] is True


def test_a_backup_is_copied_whole_where_adding_would_not_do(dairy: Path) -> None:
    done("backup", "copie.db")
    asked_for = asked("backup", "copie.db", "--full")
    assert (asked_for["how"], asked_for["commits_added"]) == ("made_again", 0)
    assert asked_for["because"] == "asked"
    assert "Sauvegarde faite et vérifiée" in one_line(done("backup", "copie.db", "--full").out)
    done("rebuild")
    output = one_line(done("backup", "copie.db").out)
    assert "Toutes les vues ont été refaites depuis" in output
    actions = [each["action"] for each in asked("audit")]
    assert actions[:3] == ["backup.made_again", "backup.begun", "views.rebuilt"]


def test_a_backup_that_knows_more_or_is_of_another_dairy_is_left_alone(
    dairy: Path, tmp_path: Path
) -> None:
    done("backup", "copie.db")
    bring_people(dairy, tmp_path / "copie.db")
    done("write-off", "L2", "1", "--reason", "perdu", "--on", DAY, "--db", "copie.db")
    before = folder_as_it_is(tmp_path)["copie.db"]
    ran = run("backup", "copie.db")
    assert ran.code == 3
    assert "choisissez un autre endroit" in one_line(ran.err)
    assert folder_as_it_is(tmp_path)["copie.db"] == before
    done("init", "--db", "autre.db", "--admin", "amina", "--clear")
    ran = run("backup", "autre.db", "--json")
    assert (ran.code, ran.fault["error"]) == (3, "BackupOfAnother")


def test_refusals_and_copies_are_in_the_audit(dairy: Path) -> None:
    run("write-off", "L2", "900", "--reason", "perdu", "--on", DAY)
    done("backup", "copie.db")
    copied, _begun, refused = asked("audit")[:3]
    assert (copied["action"], copied["outcome"]) == ("backup.made", "done")
    assert (refused["action"], refused["outcome"]) == ("lot.write_off", "NotEnoughInLot")
    assert refused["user"] == "amina"
    assert refused["facts"]["wanted"] == {"quantity": "900", "unit": "L"}
    assert "sauvegarde" in done("audit", "--limit", "1").out
    assert "mise au rebut" not in done("audit", "--limit", "2").out
    assert "mise au rebut" in done("audit", "--limit", "3").out


def test_a_copy_says_who_began_it_even_where_no_end_was_noted(
    dairy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("backup", "copie.db")
    noted = [(each["action"], each["user"]) for each in asked("audit")[:2]]
    assert noted == [("backup.made", "amina"), ("backup.begun", "amina")]
    bring_people(dairy, Path("copie.db"))
    inside = asked("audit", "--db", "copie.db", "--kind", "database")[0]
    assert (inside["action"], inside["user"]) == ("backup.begun", "amina")

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(backup, "backup", killed)
    assert run("backup", "autre.db").code != 0
    assert asked("audit", "--limit", "1")[0]["action"] == "backup.begun"


def test_a_disk_that_takes_no_record_is_backed_up_all_the_same(
    dairy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked("backup", "copie.db")["noted"] is True
    with monkeypatch.context() as full:
        full.setattr(SqliteStore, "note", a_full_disk)
        for how in ("updated", "made_again"):
            copied = asked("backup", "copie.db", *(["--full"] if how == "made_again" else []))
            assert (copied["how"], copied["noted"]) == (how, False)
        output = one_line(done("backup", "autre.db").out)
        assert "le journal d’audit n’a pas pu la noter" in output
    assert asked("verify", "--db", "autre.db")["sound"] is True


def a_full_disk(store: SqliteStore, _entry: object) -> None:
    raise DiskFull(path=Path("atelier.db"))


def test_the_usual_place_is_the_systems(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MANCHENGO_DB")
    usual = tmp_path / "données"
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: usual)
    done("init", "--clear")
    assert (usual / "manchengo.db").exists()


def test_the_audit_is_read_page_by_page(dairy: Path) -> None:
    for amount in ("501", "502", "503"):
        run("write-off", "L2", amount, "--reason", "perdu", "--on", DAY)
    first = asked("audit", "--kind", "refusal", "--limit", "2")
    assert [each["facts"]["wanted"]["quantity"] for each in first] == ["503", "502"]
    page = done("audit", "--kind", "refusal", "--limit", "2").out
    number = first[-1]["number"]
    assert f"--after {number}" in page
    (rest,) = asked("audit", "--kind", "refusal", "--limit", "2", "--after", str(number))
    assert rest["facts"]["wanted"]["quantity"] == "501"


def test_the_audit_is_searched_by_words_person_and_day(dairy: Path) -> None:
    run("write-off", "L2", "501", "--reason", "perdu", "--on", DAY)
    assert asked("audit", "--search", "notenough l2")
    assert asked("audit", "--search", "notenough l3") == []
    assert asked("audit", "--by", "amina", "--search", "write_off")
    assert asked("audit", "--to", "01/01/2020") == []
    assert asked("audit", "--from", "01/01/2020", "--kind", "refusal")
    ran = run("audit", "--kind", "tout")
    assert ran.code == 2
    assert "refusal, session" in ran.err
