"""The demonstration with a server and a telephone: both recorded, and not all of it fits."""

from collections.abc import Iterator
from contextlib import contextmanager

from manchengo import Manchengo, MemoryStore, Quantity, SystemClock, Uuid7Ids
from manchengo import commands as c
from manchengo.domain.ids import SupplierId
from manchengo.domain.values import Unit
from manchengo.ports.rows import RawLotRow, UserRow
from manchengo_desktop.compose import DeviceOffice
from manchengo_desktop.demo import Demo
from manchengo_presenters.screens.exchanges import Entrance
from manchengo_presenters.screens.office import NewDevice
from manchengo_server.service import Service
from tests.support.server import served

TELEPHONE = "téléphone de l’atelier"
SECRET = "nuage vis papier olive"
IDS = Uuid7Ids()


@contextmanager
def recorded_apart(dairy: Demo) -> Iterator[None]:
    """The office of ``dairy`` exchanged with a telephone, has something to send, and its server
    answers no more.
    """
    service = Service.found(MemoryStore(), "Fromagerie du Djurdjura", clock=SystemClock(), ids=IDS)
    office = DeviceOffice(dairy.path)
    office.open(dairy.passphrase)
    office.sign_in(dairy.person, dairy.secret, print)
    telephone = DeviceOffice(dairy.path.with_name("telephone.db"))
    with served(service) as at:
        entrance = Entrance(address=at.url, code=service.first_code().code, name="bureau")
        office.exchanges.join(entrance, _unseen)
        with office.reading() as snapshot:
            person = next(row for row in snapshot.rows(UserRow) if row.name == dairy.person)
        code = office.admissions.device_code(person.id, minutes=60).written
        telephone.join(
            NewDevice(
                address=at.url,
                code=code,
                name=TELEPHONE,
                passphrase=dairy.passphrase,
                secret=SECRET,
            ),
            _unseen,
        )
        telephone.sign_in(dairy.person, SECRET, print)
        office.exchanges.exchange(_unseen)
        _contradict(telephone.dairy, share=2, name="Ferme Hamiche", reason="renversé")
        _contradict(office.dairy, share=1, name="Ferme Belaïd et fils", reason="cuve percée")
        for each in (office, telephone, office, telephone):
            each.exchanges.exchange(_unseen)
    telephone.close()
    _write_off(office.dairy, share=10, reason="échantillon pour le laboratoire")
    office.close()
    yield


def _contradict(dairy: Manchengo, *, share: int, name: str, reason: str) -> None:
    """The same code for two farms, and more milk poured away than there is."""
    supplier_id = SupplierId(IDS.new())
    command = c.RegisterSupplier(supplier_id=supplier_id, code="F010", name=name)
    dairy.execute(command, command_id=IDS.new())  # type: ignore[arg-type]  # an id
    _write_off(dairy, share=share, reason=reason)


def _write_off(dairy: Manchengo, *, share: int, reason: str) -> None:
    """That part of what is left of the newest milk; half of it where ``share`` is 2."""
    with dairy.reading() as snapshot:
        lots = [row for row in snapshot.rows(RawLotRow) if row.quantity_remaining > 0]
    lot = max(lots, key=lambda row: (row.entered_on, row.code))
    part = Quantity(lot.quantity_remaining // share, Unit(lot.unit))
    on = SystemClock().today()
    command = c.WriteOffLot(lot_id=lot.id, quantity=part, on=on, reason=reason)
    dairy.execute(command, command_id=IDS.new())  # type: ignore[arg-type]  # an id


def _unseen(_done: int, _whole: int) -> None:
    """Nobody watches how far an exchange is."""
