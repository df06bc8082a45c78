"""People, clients and prices are written down; files are imported, conflicts settled."""

from datetime import timedelta
from uuid import UUID

from manchengo import commands
from manchengo.application.authors import user_of
from manchengo.application.authorship import family_of
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import Command
from manchengo.domain.access import Role
from manchengo.domain.identity import Identity
from manchengo.domain.ids import (
    ClientId,
    CommitId,
    DeviceId,
    ImportId,
    InvitationId,
    LotId,
    PriceListId,
    SupplierId,
    UserId,
)
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.resolution import Matter, ResolveItem, Way
from manchengo.domain.values import Density, Money, Quantity, Unit
from manchengo.ports.rows import (
    ClientRow,
    ImportRow,
    PriceListRow,
    RawLotRow,
    ResolutionItemRow,
    SupplierRow,
    UserRow,
)
from manchengo.ports.settings import DEVICE
from tests.simulation.day import Day, Deed, Imported, NothingThere
from tests.support.dairy import CHEESE, FARM, MILK, SHOP, an_id
from tests.support.signers import admitting, admitting_own, signer_of

FILES = 3
"""So many different files go about; the same one is imported here and there."""


# ---------------------------------------------------------------- registers


def price(day: Day) -> Deed:
    dinars = day.random.randrange(1, 40)
    return commands.ChangeProduct(
        product_id=day.one([MILK, CHEESE]),
        price=Money(dinars * 10_000),
        name=day.one([None, f"Nom {dinars}"]),
    )


def change_client(day: Day) -> Deed:
    word = f"{day.mark}{day.number}"
    return commands.ChangeClient(
        client_id=day.client(),
        name=day.one([None, f"Épicerie {word}"]),
        minimum_shelf_life_days=day.one([None, day.random.randrange(9)]),
        identity=day.one([None, Identity(nif=word)]),
    )


def change_supplier(day: Day) -> Deed:
    word = f"{day.mark}{day.number}"
    return commands.ChangeSupplier(supplier_id=day.supplier(), name=f"Ferme {word}")


def change_plant_details(day: Day) -> Deed:
    word = f"{day.mark}{day.number}"
    return commands.ChangePlantDetails(approval=day.one([None, word]), phone=word)


def density(day: Day) -> Deed:
    return commands.SetDensity(
        product_id=MILK,
        density=Density(day.random.randrange(1_025, 1_036)),
        valid_from=day.on(),
    )


def register_client(day: Day) -> Deed:
    code = day.code("C")
    client = ClientId(day.id_for(code))
    return commands.RegisterClient(client_id=client, code=code, name=f"Client {code}")


def register_price_list(day: Day) -> Deed:
    code = day.code("T")
    price_list = PriceListId(day.id_for(code))
    return commands.RegisterPriceList(price_list_id=price_list, code=code, name=f"Tarif {code}")


def set_price(day: Day) -> Deed:
    """A price of a list, or none from that day on; now and then a client is given the list."""
    known = day.row(PriceListRow)
    if day.random.random() < 0.3:
        return commands.ChangeClient(client_id=day.client(), price_list=day.one(["", known.code]))
    return commands.SetPrice(
        price_list_id=known.id,
        product_id=CHEESE,
        price=Money(day.random.randrange(30) * 10_000),
        from_day=day.one([day.today, day.today + timedelta(days=1)]),
    )


def register_supplier(day: Day) -> Deed:
    code = day.code("F")
    supplier = SupplierId(day.id_for(code))
    return commands.RegisterSupplier(supplier_id=supplier, code=code, name=f"Ferme {code}")


def admit_key(day: Day) -> Deed:
    """Somebody is to sign on this device from now on; on every other one people do not sign yet."""
    if int(day.mark.removeprefix("D")) % 2:
        raise NothingThere
    user = day.row(UserRow)
    device = DeviceId(UUID(day.snapshot.setting(DEVICE) or ""))
    return admitting(user.id, family_of(day.snapshot, device), signer_of(day.mark, user.id))


def invite(day: Day) -> Deed:
    """Somebody may begin to sign wherever they are; by a code that is good for a day or two."""
    invitation_id = InvitationId(day.id())
    return commands.InvitePerson(
        user_id=day.row(UserRow).id,
        invitation_id=invitation_id,
        public_key=signer_of("the code", invitation_id).key.hex(),
        expires_on=day.one([None, day.today, day.today + timedelta(days=1)]),
    )


def begin_to_sign(day: Day) -> Deed:
    """Somebody admits a key of their own here: who has a code by that, and else as they can."""
    user = day.row(UserRow)
    device = DeviceId(UUID(day.snapshot.setting(DEVICE) or ""))
    return admitting_own(user.id, family_of(day.snapshot, device), signer_of(day.mark, user.id))


def withdraw_key(day: Day) -> Deed:
    user = day.row(UserRow)
    known = user_of(UnitOfWork(day.snapshot), user.id)
    key = day.one([each.public_key for each in known.keys] if known else [])
    return commands.WithdrawKey(user_id=user.id, public_key=key, reason=day.reason())


def require_signing(day: Day) -> Deed:
    """What is not signed counts without end, or to a day that the run may go beyond."""
    last_day = day.one([None, day.today, day.today + timedelta(days=1)])
    return commands.RequireSigning(unsigned_until=last_day)


def archive(day: Day) -> Deed:
    if day.random.random() < 0.5:
        others = [row.id for row in day.snapshot.rows(ClientRow) if row.id != SHOP]
        return commands.ArchiveClient(client_id=day.one(others))
    if day.random.random() < 0.2:
        return commands.ArchivePriceList(price_list_id=day.row(PriceListRow).id)
    farms = [row.id for row in day.snapshot.rows(SupplierRow) if row.id != FARM]
    return commands.ArchiveSupplier(supplier_id=day.one(farms))


# ---------------------------------------------------------------- people


def register_user(day: Day) -> Deed:
    name = day.code("Nadia ")
    user = UserId(day.id_for(name))
    return commands.RegisterUser(user_id=user, name=name, roles=roles(day))


def roles(day: Day) -> frozenset[Role]:
    return frozenset(day.random.sample([*Role], day.random.randrange(1, 3)))


def change_roles(day: Day) -> Deed:
    return commands.ChangeRoles(user_id=a_user(day), roles=roles(day))


def deactivate(day: Day) -> Deed:
    return commands.DeactivateUser(user_id=a_user(day))


def a_user(day: Day) -> UserId:
    """Anybody but the one who has to put things right in the end."""
    return day.one([row.id for row in day.snapshot.rows(UserRow) if row.name != "Patron"])


# ---------------------------------------------------------------- files


def import_file(day: Day) -> Deed:
    """A file of lots or suppliers; the rows have the same command ids wherever it is read."""
    name = f"file {day.random.randrange(FILES)}"
    import_id = ImportId(day.id())
    start = commands.StartImport(
        import_id=import_id,
        kind=ImportKind.LOTS,
        file_name=name,
        digest=name,
        on=day.today,
    )
    same = day.random.random() < 0.7
    rows: list[tuple[Command, CommitId]] = []
    for number in range(3):
        line = f"{name} row {number}" if same else f"{name} row {number} {import_id}"
        code = f"X{name[-1]}{number}"
        command: Command
        if number == 0:
            command = commands.RegisterSupplier(
                supplier_id=SupplierId(an_id(line)), code=code, name=f"Ferme {code}"
            )
        else:
            command = commands.ReceiveLot(
                lot_id=LotId(an_id(line)),
                code=code,
                product_id=MILK,
                supplier_id=FARM,
                on=day.today if same else day.on(),
                quantity=Quantity(50_000, Unit.L),
            )
        rows.append((command, CommitId(an_id(f"commit of {line} of {day.today}"))))
    return Imported(start, tuple(rows))


def undo_import(day: Day) -> Deed:
    batch = day.row(ImportRow)
    rows = day.snapshot.last_commits_of_import(batch.id, limit=3)
    back_to = day.one(rows).id if rows and day.random.random() < 0.3 else None
    return commands.UndoImport(import_id=batch.id, reason=day.reason(), back_to=back_to)


# ---------------------------------------------------------------- resolution


def resolve(day: Day) -> Deed:
    items = list(day.snapshot.rows(ResolutionItemRow))
    parked = [item for item in items if item.matter == Matter.PARKED]
    if parked and day.random.random() < 0.3:
        item_id, reason, on = day.one(parked).id, day.reason(), day.on()
        if day.random.random() < 0.5:
            return commands.SetAsideParked(item_id=item_id, reason=reason, on=on)
        return commands.TakeUpParked(item_id=item_id, reason=reason, on=on)
    opened = [item for item in items if item.status == "open"]
    item = day.one(opened if opened and day.random.random() < 0.9 else items)
    way = day.one([*Way])
    lot = day.one([None, *(row.id for row in day.snapshot.rows(RawLotRow))])
    return ResolveItem(
        item_id=item.id,
        way=way,
        reason=day.reason(),
        on=day.on(),
        lot_id=lot if way is Way.OTHER_LOT else None,
        code=day.code("L") if way is Way.OTHER_CODE else "",
    )
