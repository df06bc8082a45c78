"""Who may not exchange any more keeps what was recorded, is told so, and may be let in again."""

import pytest

from manchengo.domain.commit import Verdict
from tests.cli.running import one_line
from tests.faults_of_exchange.cable import ENROL, Fault
from tests.faults_of_exchange.posts import Post
from tests.faults_of_exchange.site import Site, verdicts


@pytest.fixture
def site(site_of_before: Site) -> Site:
    """Where everybody signs, the keys of a device are withdrawn with it, and what was recorded
    there waits for an administrator: ``tests/attacks/test_deposits.py``.
    """
    return site_of_before


def test_a_withdrawn_device_keeps_its_queue_and_loses_nothing_once_let_in_again(site: Site) -> None:
    site.spills(site.phone)
    site.office.does("devices", "withdraw", "telephone", "--reason", "perdu au marché")
    site.office.does("sync")
    ran = site.phone.tries("sync")
    assert ran.code == 1
    assert "Cet appareil a été retiré : le serveur n’en prend plus rien." in one_line(ran.err)
    site.spills(site.phone)
    assert site.phone.pending == 2
    words = ("sync", "--join", site.cable.url, "--code", site.code(), "--name", "telephone")
    site.cable.strikes(Fault.ANSWER_LOST, at=ENROL)
    assert site.phone.tries(*words).code == 3
    assert "Envoyé : 2." in one_line(site.phone.does(*words).out)
    after = verdicts(site.check())
    assert {after[each] for each in site.phone.recorded} == {Verdict.ACCEPTED}
    assert site.office.asks("conflicts") == []


def test_the_restored_twin_of_a_withdrawn_device_is_withdrawn_with_it(site: Site) -> None:
    copy = site.folder / "sauvegarde.db"
    site.phone.does("backup", str(copy))
    twin = site.another(Post(site.folder / "jumeau.db"))
    twin.does("restore", str(copy))
    twin.does("sync")
    site.office.does("sync")
    output = one_line(site.office.does("devices", "withdraw", "telephone", "--reason", "volé").out)
    assert "telephone (B)" in output
    assert "telephone (C)" in output
    site.office.does("sync")
    for post in (site.phone, twin):
        site.spills(post)
        ran = post.tries("sync")
        assert ran.code == 1
        assert "Cet appareil a été retiré" in one_line(ran.err)
    listed = site.office.asks("devices", "--all")
    assert [each["withdrawn"] for each in listed] == [None, "volé", "volé"]
    words = ("sync", "--join", site.cable.url, "--code", site.code(), "--name", "telephone")
    site.phone.does(*words)
    assert twin.tries("sync").code == 1
    twin.does(*words[:3], "--code", site.code(), "--name", "jumeau")
    site.check(twin)


def test_a_copy_of_a_device_let_in_again_gets_its_queue_through_under_a_key_of_its_own(
    site: Site,
) -> None:
    copy = site.folder / "sauvegarde.db"
    site.phone.does("backup", str(copy))
    twin, late = (site.another(Post(site.folder / f"{name}.db")) for name in ("jumeau", "tard"))
    twin.does("restore", str(copy))
    twin.does("sync")
    site.office.does("sync")
    site.office.does("devices", "withdraw", "telephone", "--reason", "volé")
    site.office.does("sync")
    for name, post in {"telephone": site.phone, "tard": late, "jumeau": twin}.items():
        if post is late:
            late.does("restore", str(copy))
        site.spills(post)
        ran = post.tries("sync")
        assert ran.code == 1
        # By the time the late one comes, its id is let in under another key.
        is_late = "ne reconnaît pas la clé de cet appareil"
        assert (is_late if post is late else "Cet appareil a été retiré") in one_line(ran.err)
        post.does("sync", "--join", site.cable.url, "--code", site.code(), "--name", name)
        post.does("sync")
    site.check(twin, late)


def test_a_withdrawn_user_s_recordings_wait_and_come_before_a_person(site: Site) -> None:
    site.office.does("user", "add", "karim", "appro")
    site.office.does("sync")
    van = site.another(Post(site.folder / "camion.db"))
    site.lets_in(van, "camion", "karim")
    site.spills(van)
    site.office.does("user", "deactivate", "karim")
    site.office.does("sync")
    ran = van.tries("sync")
    assert ran.code == 1
    assert "Le serveur n’admet plus l’utilisateur de cet appareil." in one_line(ran.err)
    site.spills(van)
    assert van.pending == 2
    words = ("sync", "--join", site.cable.url, "--code", site.code(), "--name", "camion")
    van.does(*words)
    assert van.asks("stats")["user"] == "amina"
    site.spills(van)
    after = verdicts(site.check(van))
    assert [after[each] for each in van.recorded] == [
        Verdict.REJECTED,
        Verdict.REJECTED,
        Verdict.ACCEPTED,
    ]
    items = site.office.asks("conflicts")
    assert [(each["user"], each["refusal"]) for each in items] == [("karim", "NotPermitted")] * 2
