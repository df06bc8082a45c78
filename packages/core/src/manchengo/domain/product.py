"""A product: what is bought (raw material) or made (finished), and how its lots are chosen."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import assert_never

from attrs import evolve as changed
from attrs import field, frozen, validators
from attrs.converters import optional

from manchengo.domain.allocation import Policy
from manchengo.domain.details import SENSITIVE, changes, with_changes
from manchengo.domain.errors import Archived, name_given
from manchengo.domain.gtin import gtin_given
from manchengo.domain.ids import ProductId
from manchengo.domain.unit_price import UnitPrice, for_one
from manchengo.domain.values import Density, Quantity, Unit, days_after, whole


class ProductKind(StrEnum):
    """Raw materials are received; finished products are made."""

    RAW = "MP"
    FINISHED = "PF"


class VatClass(StrEnum):
    """Which dated rate applies; the rates themselves are configuration with their source."""

    NORMAL = "normal"
    REDUCED = "reduced"
    EXEMPT = "exempt"


@frozen(kw_only=True)
class RegisterProduct:
    """Registers a raw material or a finished product.

    ``code``: what people call it; unique among products. ``unit``: the unit of its stock, which
    never changes. ``price``: before tax, for one unit unless it gives another number.
    ``shelf_life_days``: how long a lot made today may still be used; None: it never expires.
    ``allocation``: which lot leaves first. ``release_required``: its lots wait in quarantine.
    ``gtin``: the number of its bar code, which no other product bears. What its label says, as it
    is printed: ``net_quantity`` of one packet, ``storage`` temperature, ``fat``, ``allergens`` in
    French and in Arabic.

    Refused: ``AlreadyExists``, ``BarcodeMistyped``, ``BarcodeTaken``, ``CodeMissing``,
    ``NameMissing``, ``NotABarcode``.
    """

    product_id: ProductId
    code: str
    kind: ProductKind
    name: str
    unit: Unit
    price: UnitPrice = field(converter=for_one)
    name_ar: str = ""
    shelf_life_days: int | None = field(default=None, validator=validators.optional(whole))
    vat_class: VatClass = VatClass.NORMAL
    allocation: Policy = Policy.FIFO
    release_required: bool = False
    gtin: str = ""
    net_quantity: str = ""
    storage: str = ""
    fat: str = ""
    allergens: str = ""
    allergens_ar: str = ""


@frozen(kw_only=True)
class ChangeProduct:
    """Changes only the given fields. The unit never changes, or old quantities would be wrong.

    ``price``: before tax, for one unit unless it gives another number. ``shelf_life_days``: in
    days, for lots to come.

    Refused: ``Archived``, ``BarcodeMistyped``, ``BarcodeTaken``, ``NameMissing``, ``NotABarcode``.
    """

    product_id: ProductId
    name: str | None = None
    name_ar: str | None = None
    shelf_life_days: int | None = field(default=None, validator=validators.optional(whole))
    price: UnitPrice | None = field(default=None, converter=optional(for_one))
    vat_class: VatClass | None = None
    allocation: Policy | None = None
    release_required: bool | None = None
    gtin: str | None = None
    net_quantity: str | None = None
    storage: str | None = None
    fat: str | None = None
    allergens: str | None = None
    allergens_ar: str | None = None


@frozen(kw_only=True)
class SetDensity:
    """From a day on, a litre of this product weighs ``density``.

    ``density``: in grams a litre.

    Refused: ``Archived``.
    """

    product_id: ProductId
    density: Density
    valid_from: date


@frozen(kw_only=True)
class ArchiveProduct:
    """No new lot, recipe or order names the product; its lots stay.

    Refused: ``Archived``.
    """

    product_id: ProductId


ProductCommand = RegisterProduct | ChangeProduct | SetDensity | ArchiveProduct


@frozen(kw_only=True)
class ProductRegistered:
    """A product was registered."""

    product_id: ProductId
    code: str
    kind: ProductKind
    name: str
    name_ar: str
    unit: Unit
    shelf_life_days: int | None
    price: UnitPrice = field(converter=for_one)
    vat_class: VatClass
    allocation: Policy
    release_required: bool
    gtin: str
    net_quantity: str
    storage: str
    fat: str
    allergens: str
    allergens_ar: str


@frozen(kw_only=True)
class ProductDetailsChanged:
    """Fields of a product changed; None: this one did not."""

    name: str | None
    name_ar: str | None
    shelf_life_days: int | None
    price: UnitPrice | None = field(converter=optional(for_one), metadata=SENSITIVE)
    vat_class: VatClass | None = field(metadata=SENSITIVE)
    allocation: Policy | None
    release_required: bool | None
    gtin: str | None
    net_quantity: str | None
    storage: str | None
    fat: str | None
    allergens: str | None
    allergens_ar: str | None


@frozen(kw_only=True)
class ProductDensitySet:
    """From that day on, so many kilograms make a litre."""

    density: Density
    valid_from: date


@frozen(kw_only=True)
class ProductArchived:
    """Nothing of it comes in any more."""


ProductEvent = ProductRegistered | ProductDetailsChanged | ProductDensitySet | ProductArchived


@frozen(kw_only=True)
class Product:
    """A raw material or a finished product."""

    id: ProductId
    code: str
    kind: ProductKind
    name: str
    name_ar: str
    unit: Unit
    shelf_life_days: int | None
    price: UnitPrice
    vat_class: VatClass
    allocation: Policy
    release_required: bool
    gtin: str
    net_quantity: str
    storage: str
    fat: str
    allergens: str
    allergens_ar: str
    densities: tuple[tuple[date, Density], ...] = ()
    archived: bool = False

    def active(self) -> "Product":
        """This product, refused when archived."""
        if self.archived:
            raise Archived(kind="product", code=self.code)
        return self

    def density_on(self, on: date) -> Density | None:
        """The density in force that day; None when none was ever set."""
        in_force = [density for valid_from, density in self.densities if valid_from <= on]
        return in_force[-1] if in_force else None

    def in_stock_unit(self, quantity: Quantity, on: date) -> Quantity:
        """``quantity`` in the unit this product is kept in; ``UnitsDiffer`` where it cannot be."""
        return quantity.converted(self.unit, self.density_on(on))

    def whole_in_stock_unit(
        self, quantity: Quantity, on: date, *, beside: Iterable[Quantity] = ()
    ) -> Quantity:
        """As ``in_stock_unit``; ``PartOfAPiece`` for half a piece, unless something ``beside`` it
        is one already: what is left of a piece that a recipe cut is counted, and leaves somehow.
        """
        kept_in = self.in_stock_unit(quantity, on)
        if any(each.is_part_of_a_piece for each in beside):
            return kept_in
        return kept_in.in_whole_pieces()

    def expiry(self, given: date | None, *, on: date) -> date | None:
        """The last day of use of a lot that enters on that day: as given, else by the shelf life.

        None only where the product keeps for ever. A lot that keeps longer than its product bears a
        later day, or is corrected.
        """
        return given or self.expiry_of_a_lot_made_on(on)

    def expiry_of_a_lot_made_on(self, on: date) -> date | None:
        """The last day of use of a lot made that day; None where it keeps for ever."""
        if self.shelf_life_days is None:
            return None
        return days_after(on, self.shelf_life_days)


def decide(product: Product | None, command: ProductCommand) -> tuple[ProductEvent, ...]:
    """What the command makes happen to the product; raises the refusals that its class names."""
    match command:
        case RegisterProduct():
            return _register(command)
        case ChangeProduct():
            return _change(_existing(product).active(), command)
        case SetDensity():
            return _set_density(_existing(product).active(), command)
        case ArchiveProduct():
            _existing(product).active()
            return (ProductArchived(),)
        case _:
            assert_never(command)


def _register(command: RegisterProduct) -> tuple[ProductEvent, ...]:
    return (
        ProductRegistered(
            product_id=command.product_id,
            code=command.code,
            kind=command.kind,
            name=name_given(command.name, "product"),
            name_ar=command.name_ar,
            unit=command.unit,
            shelf_life_days=command.shelf_life_days,
            price=command.price,
            vat_class=command.vat_class,
            allocation=command.allocation,
            release_required=command.release_required,
            gtin=gtin_given(command.gtin),
            net_quantity=command.net_quantity,
            storage=command.storage,
            fat=command.fat,
            allergens=command.allergens,
            allergens_ar=command.allergens_ar,
        ),
    )


def _change(product: Product, command: ChangeProduct) -> tuple[ProductEvent, ...]:
    if command.name is not None:
        name_given(command.name, "product")
    asked = command
    if command.gtin not in (None, product.gtin):  # one from before it was checked may stay
        asked = changed(command, gtin=gtin_given(command.gtin or ""))
    return changes(product, asked, ProductDetailsChanged)


def _set_density(product: Product, command: SetDensity) -> tuple[ProductEvent, ...]:
    if (command.valid_from, command.density) in product.densities:
        return ()
    return (ProductDensitySet(density=command.density, valid_from=command.valid_from),)


def evolve(product: Product | None, event: ProductEvent) -> Product:
    """The product after the event."""
    match event:
        case ProductRegistered():
            return Product(
                id=event.product_id,
                code=event.code,
                kind=event.kind,
                name=event.name,
                name_ar=event.name_ar,
                unit=event.unit,
                shelf_life_days=event.shelf_life_days,
                price=event.price,
                vat_class=event.vat_class,
                allocation=event.allocation,
                release_required=event.release_required,
                gtin=event.gtin,
                net_quantity=event.net_quantity,
                storage=event.storage,
                fat=event.fat,
                allergens=event.allergens,
                allergens_ar=event.allergens_ar,
            )
        case ProductDetailsChanged():
            return with_changes(_existing(product), event)
        case ProductDensitySet():
            return _with_density(_existing(product), event)
        case ProductArchived():
            return changed(_existing(product), archived=True)
        case _:
            assert_never(event)


def _with_density(product: Product, event: ProductDensitySet) -> Product:
    by_day = dict(product.densities) | {event.valid_from: event.density}
    return changed(product, densities=tuple(sorted(by_day.items(), key=lambda dated: dated[0])))


def _existing(product: Product | None) -> Product:
    assert product is not None, "a product is registered before anything else happens to it"
    return product
