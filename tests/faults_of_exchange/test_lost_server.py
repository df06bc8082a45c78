"""The disk of the server is gone, and its backups too: what devices hold makes it again."""

from pathlib import Path

import pytest

from manchengo.domain.commit import Verdict
from tests.cli.running import one_line
from tests.faults_of_exchange.posts import Post
from tests.faults_of_exchange.site import Site, verdicts
from tests.server.running import begin_again, lose, ran, run


def backed_up(post: Post, folder: Path) -> Path:
    copy = folder / "pour-le-serveur.db"
    post.does("backup", str(copy))
    return copy


def joins_again(site: Site, post: Post) -> None:
    """The server has another key now: a code is a person's word that it is the plant's."""
    post.does("sync", "--join", site.cable.url, "--code", site.code_of_the_terminal())


@pytest.mark.parametrize("source", ["ahead", "behind"])
def test_a_lost_server_begins_again_from_any_device_and_nothing_is_lost(
    site: Site, source: str
) -> None:
    site.spills(site.phone)
    site.phone.does("sync")
    van = site.another(Post(site.folder / "camion.db"))
    site.lets_in(van, "camion")
    site.spills(site.office, 400)
    site.office.does("sync")
    (kept,) = site.office.recorded
    before = site.office.asks("sync", "--status")
    for post in (site.office, site.phone, van):
        site.spills(post, 30)
    site.server.kill()
    lose(site.place)
    copy = backed_up(site.office if source == "ahead" else site.phone, site.folder)
    output = begin_again(site.place, copy)
    assert before["plant"] in output
    site.starts()
    if source == "behind":
        unknown = van.tries("sync")
        assert unknown.code == 1
        assert "ne connaît pas cet appareil" in one_line(unknown.err)
    assert "signe avec une autre clé" in one_line(site.office.tries("sync").err)
    for post in (site.office, site.phone, van):
        joins_again(site, post)
    after = site.office.asks("sync", "--status")
    assert after["plant"] == before["plant"]
    assert after["log_epoch"] != before["log_epoch"]
    entries = site.check(van)
    assert verdicts(entries)[kept] is Verdict.ACCEPTED
    assert site.office.asks("conflicts") == []
    assert len({each["mark"] for each in site.office.asks("devices")}) == 3
    request, answer = site.folder / "aller.mnch", site.folder / "retour.mnch"
    site.phone.does("sync", "--export", str(request))
    ran(site.place, "bundle", str(request), str(answer))
    site.phone.does("sync", "--import", str(answer))
    quay = site.another(Post(site.folder / "quai.db"))
    site.lets_in(quay, "quai")
    site.check(van, quay)


def test_the_backup_that_made_the_server_again_is_still_a_backup(site: Site) -> None:
    copy = backed_up(site.phone, site.folder)
    site.server.kill()
    lose(site.place)
    before = copy.read_bytes()
    begin_again(site.place, copy)
    assert copy.read_bytes() == before
    assert run(site.place, "init", "--from-device", str(copy)).returncode != 0


def test_a_database_that_never_exchanged_makes_no_server(site: Site, tmp_path: Path) -> None:
    alone = Post(tmp_path / "seul.db")
    site.another(alone).does("init", "--admin", "samir")
    copy = tmp_path / "seul-copie.db"
    alone.does("backup", str(copy))
    site.server.kill()
    lose(site.place)
    done = run(
        site.place,
        *("init", "--from-device", str(copy), *site.place.without_wrapping),
        MANCHENGO_DEVICE_PASSPHRASE="une phrase de passe",
    )
    assert (done.returncode, "holds no plant's log" in done.stderr) == (1, True)
    if isinstance(site.place.database, Path):
        assert not site.place.database.exists()
