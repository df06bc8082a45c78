"""The keys of labels: made with the plant, given to a device, replaced, withdrawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from manchengo import MemoryStore, SystemClock, Uuid7Ids
from manchengo_qr.site_keys import SiteKeys
from manchengo_server.service import Service
from manchengo_sqlite import SqliteStore
from manchengo_workplace import label_keys
from tests.cli.running import arrives, asked, done, run
from tests.cli.test_sync import PLANT, Site
from tests.support.server import log_of, served


@pytest.fixture
def site(dairy: Path) -> Iterator[Site]:
    service = Service.found(MemoryStore(), PLANT, clock=SystemClock(), ids=Uuid7Ids())
    with served(service) as at:
        site = Site(service, at.url, dairy, dairy.with_name("telephone.db"))
        site.joins()
        yield site


def keys_at(path: Path) -> SiteKeys:
    with SqliteStore.open(path, key=None) as store, store.reading() as snapshot:
        return label_keys.site_keys(snapshot)


def give_to_phone(site: Site) -> None:
    site.on_phone("label-keys", "request")
    site.on_phone("sync")
    done("sync")
    done("label-keys", "grant", "telephone")
    done("sync")
    site.on_phone("sync")


def test_a_plant_has_a_key_for_labels_from_its_first_moment(dairy: Path) -> None:
    (key,) = asked("label-keys")["keys"]
    assert (key["number"], key["devices"], key["here"], key["withdrawn"]) == (1, 1, True, None)
    assert keys_at(dairy).can_sign


def test_a_device_has_the_keys_once_an_administrator_gave_them(site: Site) -> None:
    assert keys_at(site.phone).keys == ()
    site.on_phone("label-keys", "request")
    site.on_phone("sync")
    done("sync")
    (waiting,) = asked("label-keys")["waiting"]
    assert (waiting["device"], waiting["asked_by"], waiting["lacks"]) == ("telephone", "karim", [1])
    assert run("label-keys", "grant", "bureau").code == 2
    done("label-keys", "grant", "telephone")
    assert asked("label-keys")["waiting"] == []
    done("sync")
    site.on_phone("sync")
    assert keys_at(site.phone) == keys_at(site.office) != SiteKeys(())
    assert "déjà" in site.on_phone("label-keys", "request").out


def test_the_server_holds_the_keys_and_cannot_open_them(site: Site) -> None:
    give_to_phone(site)
    (key,) = keys_at(site.office).keys
    with site.service.context.reading() as snapshot:
        assert label_keys.label_keys_of(snapshot).keys
        assert label_keys.site_keys(snapshot).keys == ()
        for entry in log_of(site.service):
            for event in entry.commit.events:
                assert key.secret not in event.payload
                assert key.secret.hex().encode() not in event.payload


def test_a_new_key_is_for_all_that_have_the_former_one(site: Site) -> None:
    give_to_phone(site)
    before = keys_at(site.phone)
    done("label-keys", "make")
    done("sync")
    site.on_phone("sync")
    after = keys_at(site.phone)
    assert after == keys_at(site.office)
    assert (after.keys[0], after.current.id) == (before.current, 2)


def test_a_withdrawn_device_has_no_new_key(site: Site) -> None:
    give_to_phone(site)
    done("devices", "withdraw", "telephone", "--reason", "volé")
    done("label-keys", "make")
    done("label-keys", "withdraw", "1", "--reason", "téléphone volé")
    first, second = asked("label-keys")["keys"]
    assert (first["devices"], first["withdrawn"]) == (2, "téléphone volé")
    assert (second["devices"], second["withdrawn"]) == (1, None)
    keys = keys_at(site.office)
    assert [(key.id, key.revoked) for key in keys.keys] == [(1, True), (2, False)]
    assert asked("label-keys")["waiting"] == []


def test_only_an_administrator_makes_gives_and_withdraws(dairy: Path) -> None:
    arrives("farid", "production")
    for words in (("make",), ("withdraw", "1", "--reason", "perdue")):
        ran = run("--user", "farid", "label-keys", *words, "--json")
        assert (ran.code, ran.fault["error"]) == (1, "NotPermitted")
    assert keys_at(dairy).can_sign


def test_a_copy_of_another_key_is_not_believed(dairy: Path) -> None:
    with SqliteStore.open(dairy, key=None) as store, store.reading() as snapshot:
        (key,) = label_keys.label_keys_of(snapshot).keys
        private = snapshot.setting(label_keys.BOX_KEY)
        assert label_keys.opened(key, private) is not None
        assert label_keys.opened(evolve(key, fingerprint="00" * 32), private) is None
        assert label_keys.opened(evolve(key, copies=()), private) is None
        assert label_keys.opened(key, None) is None


def test_of_nine_keys_the_last_eight_are_read(dairy: Path) -> None:
    for _ in range(8):
        done("label-keys", "make")
    keys = keys_at(dairy)
    assert [key.id for key in keys.keys] == [2, 3, 4, 5, 6, 7, 0, 1]
