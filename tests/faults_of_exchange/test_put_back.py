"""A database put back from a copy, on a device or at the server: what it lacks is given to it."""

from manchengo.domain.commit import Verdict
from manchengo.domain.ids import CommitId
from tests.cli.conftest import DAY
from tests.cli.running import one_line
from tests.faults_of_exchange.cable import RENEW, Fault
from tests.faults_of_exchange.posts import Post
from tests.faults_of_exchange.site import Site, verdicts
from tests.server.running import back_up, put_back, ran


def test_a_device_put_back_from_its_backup_is_another_device_and_knows_all(site: Site) -> None:
    phone = site.phone
    copy = site.folder / "sauvegarde.db"
    phone.does("backup", str(copy))
    site.spills(phone)
    phone.does("sync")
    site.spills(phone)
    before = phone.asks("stats")["device"]
    aside = site.another(Post(phone.database.with_name("telephone.db.before-restore")))
    restored = phone.asks("restore", str(copy))
    assert restored["previous"] == str(aside.database)
    site.spills(phone)
    assert phone.asks("stats")["device"] != before
    site.cable.strikes(Fault.ANSWER_LOST, at=RENEW)
    assert phone.tries("sync").code == 3
    assert phone.asks("sync")["sent"] == 1
    assert aside.asks("sync")["sent"] == 1, "what was not in the backup was not thrown away"
    site.check(aside)
    names = [each["device"] for each in site.office.asks("devices")]
    assert names == ["bureau", "telephone", "telephone"]


def test_of_two_copies_of_a_database_the_second_takes_another_name_and_both_are_heard(
    site: Site,
) -> None:
    twin = site.another(site.phone.copied(site.folder / "copie.db"))
    for post in (site.phone, twin):
        site.spills(post)
        site.spills(post)
    assert site.phone.asks("sync")["new_device"] is None
    output = one_line(twin.does("sync").out)
    assert "Envoyé : 2." in output
    assert "celle-ci en a maintenant une nouvelle" in output
    site.spills(site.phone)
    site.spills(twin)
    entries = site.check(twin)
    writers = {entry.commit.device_id for entry in entries if entry.commit.id in set(twin.recorded)}
    assert {str(each) for each in writers} == {twin.asks("stats")["device"]}


def spilt_twice(site: Site) -> tuple[CommitId, CommitId]:
    """The telephone spills milk after the backup, and the office more than is left. The server is
    put back; what the telephone told it, and what the office did not tell it yet.
    """
    copy = site.folder / "nuit"
    back_up(site.place, copy)
    site.spills(site.phone, 400)
    site.phone.does("sync")
    site.spills(site.office, 200)
    (sent,), (late,) = site.phone.recorded, site.office.recorded
    assert verdicts(site.log())[sent] is Verdict.ACCEPTED
    assert site.server.stop() == 0
    put_back(site.place, copy)
    site.starts()
    assert sent not in verdicts(site.log())
    return sent, late


def check_one_refused(site: Site, device: str) -> None:
    for post in site.posts:
        (item,) = post.asks("conflicts")
        assert (item["device"], item["refusal"]) == (device, "NotEnoughInLot")


def test_a_server_put_back_takes_back_what_it_lacks_as_it_was(site: Site) -> None:
    sent, late = spilt_twice(site)
    waits = site.office.tries("sync")
    assert (waits.code, "reprend aux appareils ce qui lui manque" in one_line(waits.err)) == (
        3,
        True,
    )
    assert site.phone.tries("sync").code == 3
    assert "entrée a été reprise" in one_line(ran(site.place, "begin-epoch", MANCHENGO_LANG="fr"))
    after = verdicts(site.check())
    assert (after[sent], after[late]) == (Verdict.ACCEPTED, Verdict.REJECTED)
    check_one_refused(site, "bureau")


def test_what_nobody_hands_back_in_time_is_judged_anew(site: Site) -> None:
    sent, late = spilt_twice(site)
    ran(site.place, "begin-epoch")
    site.office.does("sync")
    output = one_line(site.phone.does("sync").out)
    assert "a commencé une autre époque sans" in output
    after = verdicts(site.check())
    assert (after[late], after[sent]) == (Verdict.ACCEPTED, Verdict.REJECTED)
    check_one_refused(site, "telephone")


def test_a_server_put_back_gives_no_two_devices_the_same_letters(site_of_before: Site) -> None:
    """It forgot the van, and gave the van's letters to the quay: the log then gives it others."""
    site = site_of_before
    copy = site.folder / "nuit"
    back_up(site.place, copy)
    van, quay = (site.another(Post(site.folder / f"{name}.db")) for name in ("camion", "quai"))
    site.lets_in(van, "camion")
    assert van.asks("sync", "--status")["mark"] == "C"
    site.office.does("sync")
    assert site.server.stop() == 0
    put_back(site.place, copy)
    ran(site.place, "begin-epoch")
    site.starts()
    code = site.code_of_the_terminal()
    quay.does("init", "--join", site.cable.url, "--code", code, "--name", "quai")
    assert quay.asks("sync", "--status")["mark"] == "C"
    site.office.does("sync")
    site.check(van, quay)
    received = ("receive", "LAIT", "10", "--supplier", "F001", "--on", DAY)
    codes = [post.asks(*received)["codes"]["lot"] for post in (site.office, site.phone, van, quay)]
    assert len(set(codes)) == len(codes), codes
    marks = [each["mark"] for each in site.office.asks("devices")]
    assert sorted(set(marks)) == sorted(marks)
    site.check(van, quay)
    assert site.office.asks("conflicts") == []
