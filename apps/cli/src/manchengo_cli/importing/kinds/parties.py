"""Suppliers and clients: one line registers one of them."""

from collections.abc import Sequence
from typing import Annotated

from manchengo.commands import RegisterClient, RegisterSupplier
from manchengo.domain.identity import Identity
from manchengo.domain.ids import ClientId, SupplierId
from manchengo.domain.import_batch import ImportKind
from manchengo.ports.ids import Ids
from manchengo_cli.importing.codes import Codes
from manchengo_cli.importing.kinds.kind import Kind
from manchengo_cli.importing.kinds.line import (
    Code,
    Line,
    MaybeCode,
    MaybeDays,
    MaybeText,
    Text,
    heading,
)


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
        address=", ".join(part for part in (line.address, line.city) if part),
        phone=line.phone or "",
        email=line.email or "",
        nif=line.nif or "",
        nis=line.nis or "",
        rc=line.rc or "",
        ai=line.ai or "",
    )


SUPPLIERS = Kind(
    kind=ImportKind.SUPPLIERS,
    registers="supplier",
    line=PartyLine,
    command=register_supplier,
    columns={"supplier": "code"},
)
CLIENTS = Kind(
    kind=ImportKind.CLIENTS,
    registers="client",
    line=ClientLine,
    command=register_client,
    columns={"client": "code"},
)
