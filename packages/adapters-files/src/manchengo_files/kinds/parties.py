"""Suppliers and clients: one line registers one of them, or changes what is recorded of one.

A register keeps address and town as one text, with a comma between them. A row that tells only one
of the two replaces the whole of a text without a comma; of one with a comma it cannot be known what
to replace, and both must be told.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from attrs import evolve, fields

from manchengo.commands import ChangeClient, ChangeSupplier, RegisterClient, RegisterSupplier
from manchengo.domain.identity import Identity
from manchengo.domain.ids import ClientId, SupplierId
from manchengo.domain.import_batch import ImportKind
from manchengo.ports.ids import Ids
from manchengo.ports.rows import ClientRow, PartyRow, SupplierRow
from manchengo_files.codes import Codes
from manchengo_files.kinds.kind import Kind
from manchengo_files.kinds.line import (
    Code,
    Line,
    MaybeCode,
    MaybeDays,
    MaybeText,
    Text,
    heading,
)
from manchengo_files.kinds.update import (
    SEVERAL_READINGS,
    Change,
    Difference,
    Objection,
    differences,
    new_values,
)
from manchengo_presenters.language import _

IDENTITY = tuple(each.name for each in fields(Identity))


class PartyLine(Line):
    code: Annotated[
        Code,
        heading("code", "code_fournisseur", "code_client", "supplier_code", "client_code"),
    ]
    name: Annotated[
        Text,
        heading(
            *("nom", "raison_sociale", "designation"), *("nom_du_fournisseur", "nom_du_client")
        ),
    ]
    commune: Annotated[MaybeCode, heading("commune", "code_commune")]
    address: Annotated[MaybeText, heading("adresse")]
    city: Annotated[MaybeText, heading("ville", "localite", "town")]
    phone: Annotated[
        MaybeText, heading(*("telephone", "tel", "mobile"), *("numero_telephone", "phone_number"))
    ]
    email: Annotated[MaybeText, heading("courriel", "e-mail", "mail")]
    nif: Annotated[MaybeCode, heading("nif", "numero_fiscal", "tax_number")]
    nis: Annotated[MaybeCode, heading("nis", "numero_statistique", "statistics_number")]
    rc: Annotated[MaybeCode, heading("rc", "registre_commerce", "trade_register")]
    ai: Annotated[MaybeCode, heading("ai", "article_imposition", "tax_article")]


class ClientLine(PartyLine):
    category: Annotated[MaybeText, heading("categorie", "type", "type_client")]
    minimum_shelf_life_days: Annotated[
        MaybeDays, heading("fraicheur_minimale_jours", "dlc_minimale_jours", "minimum_shelf_life")
    ]


def register_supplier(lines: Sequence[PartyLine], _codes: Codes, ids: Ids) -> RegisterSupplier:
    (line,) = lines
    return RegisterSupplier(
        supplier_id=SupplierId(ids.new()),
        code=line.code,
        name=line.name,
        commune=line.commune or "",
        identity=identity(line),
    )


def register_client(lines: Sequence[ClientLine], _codes: Codes, ids: Ids) -> RegisterClient:
    (line,) = lines
    return RegisterClient(
        client_id=ClientId(ids.new()),
        code=line.code,
        name=line.name,
        category=line.category or "",
        commune=line.commune or "",
        identity=identity(line),
        minimum_shelf_life_days=line.minimum_shelf_life_days or 0,
    )


def identity(line: PartyLine) -> Identity:
    """A town that the commune's code does not tell stands at the end of the address."""
    return Identity(
        address=_address(line),
        phone=line.phone or "",
        email=line.email or "",
        nif=line.nif or "",
        nis=line.nis or "",
        rc=line.rc or "",
        ai=line.ai or "",
    )


def _address(line: PartyLine) -> str:
    return ", ".join(part for part in (line.address, line.city) if part)


# ------------------------------------------------------------------------------------ changes


def change_supplier(lines: Sequence[PartyLine], codes: Codes, _today: date) -> Change | None:
    (line,) = lines
    row = codes.find("supplier", line.code)
    if row is None:
        return None
    assert isinstance(row, SupplierRow), "looked for among the suppliers"
    found, objections = _party_differences(line, row, "name", "commune")
    asked = ChangeSupplier(supplier_id=row.id, **_asked(found, row))
    return Change(
        code=row.code,
        command=asked if found and not objections else None,
        differences=found,
        objections=objections,
    )


def change_client(lines: Sequence[ClientLine], codes: Codes, _today: date) -> Change | None:
    (line,) = lines
    row = codes.find("client", line.code)
    if row is None:
        return None
    assert isinstance(row, ClientRow), "looked for among the clients"
    own = ("name", "category", "commune", "minimum_shelf_life_days")
    found, objections = _party_differences(line, row, *own)
    asked = ChangeClient(client_id=row.id, **_asked(found, row))
    return Change(
        code=row.code,
        command=asked if found and not objections else None,
        differences=found,
        objections=objections,
    )


def _party_differences(
    line: PartyLine, row: PartyRow, *own: str
) -> tuple[tuple[Difference, ...], tuple[Objection, ...]]:
    """What differs of a party and of its identity, and what cannot be told apart."""
    said = line.facts()
    objections: tuple[Objection, ...] = ()
    if _is_told(row.address, line):
        said.pop("address", None)
    else:
        said["address"] = _address(line)
        objections = tuple(_two_readings(line, row))
    recorded = {name: getattr(row, name) for name in (*own, *IDENTITY)}
    found = differences(said, recorded)
    if line.address is None:  # the town alone was told: its column is to be named
        found = tuple(
            evolve(each, field="city") if each.field == "address" else each for each in found
        )
    return found, objections


def _is_told(recorded: str, line: PartyLine) -> bool:
    """Whether the address that is recorded holds already what the row tells of it."""
    told = _address(line)
    if line.address and line.city:
        return recorded == told
    return (
        told in ("", recorded)
        or (line.city is not None and recorded.endswith(f", {told}"))
        or (line.address is not None and recorded.startswith(f"{told}, "))
    )


def _two_readings(line: PartyLine, row: PartyRow) -> Sequence[Objection]:
    """Of a row that tells one of address and town, where both may be recorded."""
    is_whole = line.address and (line.city or "," in line.address)
    if is_whole or "," not in row.address:
        return ()
    message = _(
        "“{recorded}” is recorded, address and town together: fill in both columns, address and "
        "town, or write the whole address in its column."
    ).format(recorded=row.address)
    field = "address" if line.address else "city"
    return [Objection(field=field, rule=SEVERAL_READINGS, message=message)]


def _asked(found: Sequence[Difference], row: PartyRow) -> Mapping[str, Any]:
    """As the commands take them: what is the party's own, and its identity whole."""
    new = new_values(found)
    if "city" in new:
        new["address"] = new.pop("city")
    of_identity = {name: new.pop(name) for name in IDENTITY if name in new}
    if of_identity:
        recorded = Identity(**{name: getattr(row, name) for name in IDENTITY})
        new["identity"] = evolve(recorded, **of_identity)
    return new


SUPPLIERS = Kind(
    kind=ImportKind.SUPPLIERS,
    registers="supplier",
    line=PartyLine,
    command=register_supplier,
    change=change_supplier,
    columns={"supplier": "code"},
)
CLIENTS = Kind(
    kind=ImportKind.CLIENTS,
    registers="client",
    line=ClientLine,
    command=register_client,
    change=change_client,
    columns={"client": "code"},
)
