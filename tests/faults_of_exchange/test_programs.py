"""Programs of different age, and commits that no program understands: all else goes on."""

from uuid import UUID

from attrs import evolve

from manchengo import Uuid7Ids, codec
from manchengo.application.authors import everybody_must_sign
from manchengo.application.hlc import tick
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.commit import Verdict
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.domain.resolution import item_id_of
from manchengo.ports.rows import UserRow
from manchengo.system import SystemClock
from manchengo_sync import wire
from tests.cli.conftest import DAY
from tests.cli.running import one_line
from tests.faults_of_exchange.oddities import Oddity
from tests.faults_of_exchange.posts import Post
from tests.faults_of_exchange.site import Site, verdicts
from tests.simulation.poisons import POISONS

OLDER = Oddity(lacks=("lot.quarantined", "lot.quarantine"))
"""A program that was written before lots could be put in quarantine."""


def poison(post: Post, kind: str) -> CommitId:
    """As a program with a fault, or one of next year, would record it."""
    ids, now = Uuid7Ids(), SystemClock().now()
    with post.opened() as store, store.writing() as transaction:
        me = DeviceId(UUID(transaction.setting("device_id")))
        tip = transaction.tip(me)
        stamp = tick(tip.hlc, now, me)
        made = evolve(
            POISONS[kind](ids.new(), ids),
            device_id=me,
            user_id=next(iter(transaction.rows(UserRow))).id,
            sequence=tip.sequence + 1,
            previous=tip.hash,
            occurred_at=now,
            hlc=f"{stamp[:15]}-zzzzzz-{stamp[23:]}" if "stamp" in kind else stamp,
        )
        commit = codec.sealed(made)
        transaction.append(commit)
        transaction.roll_back(commit.id)
    post.recorded.append(commit.id)
    return commit.id


def test_a_poison_commit_is_put_before_a_person_and_what_is_behind_it_goes_on(site: Site) -> None:
    poisons = [poison(site.phone, kind) for kind in POISONS]
    site.spills(site.phone)
    assert site.phone.asks("sync")["pending"] == 0
    after = verdicts(site.check())
    with site.phone.opened() as store, store.reading() as snapshot:
        parks = set() if everybody_must_sign(UnitOfWork(snapshot)) else {Verdict.PARKED}
    assert {after[each] for each in poisons} == {Verdict.REJECTED} | parks, (
        "what nobody signed is not parked"
    )
    assert after[site.phone.recorded[-1]] is Verdict.ACCEPTED
    for post in site.posts:
        items = post.asks("conflicts")
        assert [each["item"] for each in items] == [str(item_id_of(each)) for each in poisons]
        parked = [each["message"] for each in items if each["matter"] == "parked"]
        assert all("illisible" in each or "plus récente" in each for each in parked)


def test_a_program_too_old_for_the_server_goes_on_pulling_and_loses_nothing(
    site_of_before: Site,
) -> None:
    """It is of before anybody signed, and reads no commit that somebody did."""
    site = site_of_before
    site.phone.starts(Oddity(protocol=0))
    site.spills(site.phone)
    site.spills(site.office)
    site.office.does("sync")
    ran = site.phone.tries("sync")
    assert ran.code == 3
    output = one_line(ran.out)
    assert "Envoyé : 0. Reçu : 1." in output
    assert "Le serveur ne prend plus rien de cette version du programme" in output
    assert "1 enregistrement attend encore ici." in output
    site.phone.starts()
    assert site.phone.asks("sync")["sent"] == 1
    site.check()


def test_a_server_older_than_the_program_is_named_as_the_older(site: Site) -> None:
    newer = Oddity(protocol=wire.PROTOCOL + 1)
    site.phone.starts(newer)
    site.spills(site.phone)
    ran = site.phone.tries("sync")
    assert ran.code == 3
    output = one_line(ran.out)
    assert "Le programme du serveur est plus ancien que celui-ci" in output
    assert "cette version du programme" not in output
    assert "1 enregistrement attend encore ici." in output
    site.phone.starts()
    assert site.phone.asks("sync")["sent"] == 1
    site.check()


def test_what_an_older_server_cannot_read_waits_until_it_is_brought_up_to_date(site: Site) -> None:
    site.starts_again(OLDER)
    site.phone.starts(OLDER)
    unread = site.office.records("quarantine", "L2", "--reason", "analyse", "--on", DAY)
    site.office.records("write-off", "S1", "1", "--reason", "humide", "--on", DAY)
    site.office.does("sync")
    site.phone.does("sync")
    before = verdicts(site.check())
    assert [before[each] for each in site.office.recorded] == [Verdict.PARKED, Verdict.ACCEPTED]
    for post in site.posts:
        (item,) = post.asks("conflicts")
        assert (item["matter"], item["command"]) == ("parked", "lot.quarantine")
        assert "version plus récente du programme" in item["message"]
    site.starts_again()
    site.phone.starts()
    after = verdicts(site.check())
    assert after[unread] is Verdict.ACCEPTED
    assert [post.asks("conflicts") for post in site.posts] == [[], []]
