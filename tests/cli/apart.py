"""Two devices of one dairy that record apart, and a plant's log between them, without a network."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from attrs import define, field

from manchengo import Uuid7Ids, codec
from manchengo.application.authorship import signed_by_author
from manchengo.application.hlc import stamp_at
from manchengo.domain.commit import NO_HASH, Commit, Recorded, Tip
from manchengo.domain.ids import CommitId, EventId, UserId
from manchengo.memory import CountingIds, SteppingClock
from manchengo.ports.rows import RawLotRow, UserRow
from manchengo.ports.signer import Signer
from manchengo_sqlite import SqliteStore
from manchengo_workplace.sealed_keys import SealedKeys
from tests.cli.running import done
from tests.support.plant import Device, Plant
from tests.support.signed_in import PASSPHRASE, bring_people, copy_database


@define
class Apart:
    """``office`` and ``phone``: two databases in clear, the one a copy of the other."""

    office: Path
    phone: Path
    plant: Plant = field(factory=lambda: Plant(now=datetime.now(UTC)))

    @classmethod
    def of(cls, office: Path) -> "Apart":
        phone = office.with_name("telephone.db")
        apart = cls(office, phone)
        apart.exchange(office)
        done("--db", str(office), "backup", str(phone))
        bring_people(office, phone)
        return apart

    def copied(self, folder: Path) -> "Apart":
        """Two more that know the same as these, in that folder, and a plant that heard the same."""
        copy = Apart(folder / self.office.name, folder / self.phone.name)
        copy_database(self.office, copy.office)
        copy_database(self.phone, copy.phone)
        copy.plant.hear(self.plant)
        return copy

    def exchange(self, *paths: Path) -> None:
        """Each in turn offers what it recorded and takes in what is new; twice, so that the first
        hears of the last.
        """
        for path in (*paths, *paths):
            with self.device(path) as device:
                device.push()
                device.pull()

    def hears(self, path: Path) -> None:
        """Only take in what is new: what was recorded there waits."""
        with self.device(path) as device:
            device.pull()

    def on_phone(self, *words: str) -> None:
        done("--db", str(self.phone), *words)

    def write_from_the_future(self, path: Path) -> None:
        """A newer program wrote about the lot L2 what this one has no word for."""
        with self.device(path) as device, device.store.writing() as transaction:
            lot = next(transaction.rows(RawLotRow, code="L2"))
            tip = transaction.tip(device.id)
            author = next(transaction.rows(UserRow)).id
            sung = _sung(device, author, lot, tip, len(transaction.stream(lot.id)))
            key = SealedKeys(path).unlock(author, "amina", PASSPHRASE)
            transaction.append(
                codec.sealed(signed_by_author(transaction, sung, key, plant_id=None))
            )

    def signer(self, path: Path) -> Signer:
        """Amina's key there."""
        with SqliteStore.open(path, key=None) as store, store.reading() as snapshot:
            amina = next(snapshot.rows(UserRow, name="amina")).id
        return SealedKeys(path).unlock(amina, "amina", PASSPHRASE)

    @contextmanager
    def device(self, path: Path) -> Iterator[Device]:
        with SqliteStore.open(path, key=None) as store:
            clock, ids = SteppingClock(datetime.now(UTC)), CountingIds(10**9)
            yield Device(self.plant, store, clock, ids, signer=None)


def _sung(device: Device, author: UserId, lot: RawLotRow, tip: Tip, position: int) -> Commit:
    now, ids = datetime.now(UTC), Uuid7Ids()
    return Commit(
        id=CommitId(ids.new()),
        device_id=device.id,
        user_id=author,
        sequence=tip.sequence + 1,
        occurred_at=now,
        hlc=stamp_at(now, device.id),
        on=now.date(),
        command_type="lot.sing",
        command_version=1,
        command=b"{}",
        import_id=None,
        events=(
            Recorded(
                id=EventId(ids.new()),
                aggregate_type="lot",
                aggregate_id=lot.id,
                event_type="lot.sung",
                schema_version=1,
                payload=b"{}",
                version=position + 1,
            ),
        ),
        previous=tip.hash,
        hash=NO_HASH,
    )
