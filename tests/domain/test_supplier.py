"""A supplier: registered, changed field by field, archived."""

import pytest
from attrs import evolve

from manchengo.commands import ArchiveSupplier, ChangeSupplier, Command, RegisterSupplier
from manchengo.domain.errors import AlreadyExists, Archived, CodeMissing, Unknown
from manchengo.domain.identity import Identity
from manchengo.domain.ids import SupplierId
from manchengo.domain.supplier import SupplierArchived, SupplierDetailsChanged, SupplierRegistered
from tests.support.dairy import A_DAIRY, FARM, SHOP, an_id
from tests.support.given import given

OTHER = SupplierId(an_id("another farm"))
AT_LAW = Identity(address="Route de Tizi", phone="026 11 22 33", nif="0001", rc="15/00-1")
NEW_FARM = RegisterSupplier(
    supplier_id=OTHER, code="F02", name="Ferme Sadi", commune="1501", identity=AT_LAW
)


def test_a_farm_is_registered() -> None:
    given(A_DAIRY).when(NEW_FARM).then(
        SupplierRegistered(
            supplier_id=OTHER, code="F02", name="Ferme Sadi", commune="1501", identity=AT_LAW
        )
    )


def test_a_farm_is_registered_once() -> None:
    given(A_DAIRY, NEW_FARM).when(evolve(NEW_FARM, code="F03")).refused(
        AlreadyExists, kind="supplier", reference=str(OTHER)
    )


def test_a_code_is_taken_once() -> None:
    given(A_DAIRY).when(evolve(NEW_FARM, code="F01")).refused(
        AlreadyExists, kind="supplier", reference="F01"
    )


def test_a_code_is_given() -> None:
    given().when(evolve(NEW_FARM, code="")).refused(CodeMissing, kind="supplier")


def test_an_identifier_in_use_by_a_client_is_taken() -> None:
    given(A_DAIRY).when(evolve(NEW_FARM, supplier_id=SupplierId(SHOP))).refused(
        AlreadyExists, kind="supplier", reference=str(SHOP)
    )


def test_an_event_holds_only_what_differs() -> None:
    same_name = ChangeSupplier(supplier_id=FARM, name="Ferme Aït Ali", commune="1502")
    given(A_DAIRY).when(same_name).then(
        SupplierDetailsChanged(name=None, commune="1502", identity=None)
    )


def test_a_change_that_changes_nothing_tells_nothing() -> None:
    given(A_DAIRY).when(ChangeSupplier(supplier_id=FARM, name="Ferme Aït Ali")).then()


def test_an_identity_is_replaced_whole() -> None:
    given(A_DAIRY).when(ChangeSupplier(supplier_id=FARM, identity=AT_LAW)).then(
        SupplierDetailsChanged(name=None, commune=None, identity=AT_LAW)
    )


def test_a_text_can_be_emptied() -> None:
    given(NEW_FARM).when(ChangeSupplier(supplier_id=OTHER, commune="")).then(
        SupplierDetailsChanged(name=None, commune="", identity=None)
    )


def test_a_farm_is_archived() -> None:
    given(A_DAIRY).when(ArchiveSupplier(supplier_id=FARM)).then(SupplierArchived())


@pytest.mark.parametrize(
    "step", [ArchiveSupplier(supplier_id=FARM), ChangeSupplier(supplier_id=FARM, name="x")]
)
def test_an_archived_farm_is_left_alone(step: Command) -> None:
    given(A_DAIRY, ArchiveSupplier(supplier_id=FARM)).when(step).refused(
        Archived, kind="supplier", code="F01"
    )


@pytest.mark.parametrize(
    "step", [ArchiveSupplier(supplier_id=OTHER), ChangeSupplier(supplier_id=OTHER, name="x")]
)
def test_an_unknown_farm_is_refused(step: Command) -> None:
    given(A_DAIRY).when(step).refused(Unknown, kind="supplier", reference=str(OTHER))
