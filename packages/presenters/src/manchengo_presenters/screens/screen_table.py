"""The screens, each said once: what it is, how to get there, and for whom it is."""

from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Any
from uuid import UUID

from attrs import frozen

from manchengo.domain.access import Permission
from manchengo.ports.rows import (
    ClientRow,
    DeliveryRow,
    DeviceRow,
    FinishedLotRow,
    FinishedProductRow,
    InvoiceRow,
    PriceListRow,
    ProductionOrderRow,
    RawLotRow,
    RawProductRow,
    RecipeRow,
    ResolutionItemRow,
    Row,
    SalesOrderRow,
    SupplierRow,
    UserRow,
)
from manchengo_presenters.language import N_, _
from manchengo_presenters.registers import CLIENT, PRICE_LIST, PRODUCT, SUPPLIER
from manchengo_presenters.screens.audit_list import AuditList
from manchengo_presenters.screens.care import CarePage
from manchengo_presenters.screens.conflict_list import ConflictList
from manchengo_presenters.screens.conflict_page import ConflictPage
from manchengo_presenters.screens.dashboard import Dashboard
from manchengo_presenters.screens.delivery_list import DeliveryList
from manchengo_presenters.screens.delivery_page import DeliveryPage
from manchengo_presenters.screens.device_page import DevicePage
from manchengo_presenters.screens.exchange_page import ExchangePage
from manchengo_presenters.screens.imports import Imports
from manchengo_presenters.screens.invoice_list import InvoiceList
from manchengo_presenters.screens.invoice_page import InvoicePage
from manchengo_presenters.screens.lot_list import LotList
from manchengo_presenters.screens.lot_page import LotPage
from manchengo_presenters.screens.new_delivery import NewDelivery
from manchengo_presenters.screens.new_invoice import NewInvoice
from manchengo_presenters.screens.new_sale import NewSale
from manchengo_presenters.screens.order_page import OrderPage
from manchengo_presenters.screens.payment_list import PaymentList
from manchengo_presenters.screens.people_page import PeoplePage
from manchengo_presenters.screens.person_page import PersonPage
from manchengo_presenters.screens.price_list_page import PriceListPage
from manchengo_presenters.screens.product_page import ProductPage
from manchengo_presenters.screens.production_list import ProductionList
from manchengo_presenters.screens.recall_page import RecallPage
from manchengo_presenters.screens.receptions import Receptions
from manchengo_presenters.screens.recipe_list import RecipeList
from manchengo_presenters.screens.recipe_page import NewRecipe, RecipePage
from manchengo_presenters.screens.register_list import register_list
from manchengo_presenters.screens.register_page import register_page
from manchengo_presenters.screens.sale_list import SaleList
from manchengo_presenters.screens.sale_page import SalePage
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.settings_page import SettingsPage
from manchengo_presenters.screens.stock_count import StockCount
from manchengo_presenters.screens.to_invoice import ToInvoice
from manchengo_presenters.screens.view_model import ScreenModel


class Group(Enum):
    """Entries of the navigation that stand together; the value is the words above them."""

    WORK = N_("Work")
    REGISTERS = N_("Registers")
    EXCHANGE = N_("Exchange")
    HOUSE = N_("The dairy")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


Make = Callable[[ScreenContext, UUID | None], ScreenModel]
"""Makes the view-model of a screen, given the id that it is about, if it is about one."""


@frozen(kw_only=True)
class ScreenKey:
    """A letter that acts on one screen, outside fields: ``act`` is called with its view-model.
    ``name``: what it does, as it is translated.
    """

    letter: str
    name: str
    act: Callable[[Any], Awaitable[object]]

    @property
    def words(self) -> str:
        """What it does."""
        return _(self.name)


@frozen(kw_only=True)
class ScreenEntry:
    """``group``: where it stands in the navigation; None where others lead there. ``letter``:
    leads there after G. ``new``: leads there after N, to enter what the letter stands for.
    ``needs``: the right that the whole screen takes. ``under``: the screen that it belongs to.
    ``of``: the rows of which it shows one, by its id: a scan of its label leads there, and what is
    found. ``keys``: the letters that act there alone.
    """

    make: Make
    group: Group | None = None
    letter: str = ""
    new: str = ""
    needs: Permission | None = None
    under: Screen | None = None
    of: tuple[type[Row], ...] = ()
    keys: tuple[ScreenKey, ...] = ()


def about(
    model: Callable[[ScreenContext, Any], ScreenModel],
) -> Make:
    """Of a screen that is about one thing, by its id."""
    return lambda context, subject: model(context, subject)


def alone(
    model: Callable[[ScreenContext], ScreenModel],
) -> Make:
    """Of a screen that is about nothing in particular."""
    return lambda context, _subject: model(context)


SCREENS: dict[Screen, ScreenEntry] = {
    Screen.DASHBOARD: ScreenEntry(make=alone(Dashboard), group=Group.WORK, letter="A"),
    Screen.RECEPTIONS: ScreenEntry(
        make=alone(Receptions), group=Group.WORK, letter="R", new="R", needs=Permission.RECEIVE
    ),
    Screen.PRODUCTION: ScreenEntry(
        make=alone(ProductionList), group=Group.WORK, letter="P", new="P"
    ),
    Screen.PRODUCTION_ORDER: ScreenEntry(
        make=about(OrderPage), under=Screen.PRODUCTION, of=(ProductionOrderRow,)
    ),
    Screen.SALES: ScreenEntry(make=alone(SaleList), group=Group.WORK, letter="C"),
    Screen.SALE: ScreenEntry(make=about(SalePage), under=Screen.SALES, of=(SalesOrderRow,)),
    Screen.NEW_SALE: ScreenEntry(
        make=alone(NewSale), new="C", needs=Permission.SELL, under=Screen.SALES
    ),
    Screen.DELIVERIES: ScreenEntry(make=alone(DeliveryList), group=Group.WORK, letter="B"),
    Screen.DELIVERY: ScreenEntry(
        make=about(DeliveryPage), under=Screen.DELIVERIES, of=(DeliveryRow,)
    ),
    Screen.NEW_DELIVERY: ScreenEntry(
        make=alone(NewDelivery), new="B", needs=Permission.DELIVER, under=Screen.DELIVERIES
    ),
    Screen.INVOICES: ScreenEntry(
        make=alone(InvoiceList), group=Group.WORK, letter="F", needs=Permission.READ_PRICES
    ),
    Screen.INVOICE: ScreenEntry(
        make=about(InvoicePage),
        needs=Permission.READ_PRICES,
        under=Screen.INVOICES,
        of=(InvoiceRow,),
    ),
    Screen.TO_INVOICE: ScreenEntry(
        make=alone(ToInvoice), new="F", needs=Permission.ISSUE_INVOICES, under=Screen.INVOICES
    ),
    Screen.NEW_INVOICE: ScreenEntry(
        make=about(NewInvoice), needs=Permission.ISSUE_INVOICES, under=Screen.INVOICES
    ),
    Screen.PAYMENTS: ScreenEntry(
        make=alone(PaymentList), group=Group.WORK, letter="E", needs=Permission.READ_PRICES
    ),
    Screen.STOCK_COUNT: ScreenEntry(
        make=alone(StockCount), group=Group.WORK, letter="I", needs=Permission.COUNT_STOCK
    ),
    Screen.LOTS: ScreenEntry(make=alone(LotList), group=Group.WORK, letter="L"),
    Screen.LOT: ScreenEntry(
        make=about(LotPage),
        under=Screen.LOTS,
        of=(RawLotRow, FinishedLotRow),
        keys=(
            ScreenKey(letter="E", name=N_("Print the label"), act=LotPage.begin_label),
            ScreenKey(letter="T", name=N_("Trace"), act=LotPage.turn_side),
        ),
    ),
    Screen.RECALL: ScreenEntry(make=alone(RecallPage), group=Group.WORK),
    Screen.LOT_RECALL: ScreenEntry(make=about(RecallPage), under=Screen.LOTS),
    Screen.PRODUCTS: ScreenEntry(make=alone(register_list(PRODUCT)), group=Group.REGISTERS),
    Screen.PRODUCT: ScreenEntry(
        make=about(ProductPage),
        under=Screen.PRODUCTS,
        of=(RawProductRow, FinishedProductRow),
    ),
    Screen.RECIPES: ScreenEntry(make=alone(RecipeList), group=Group.REGISTERS),
    Screen.RECIPE: ScreenEntry(make=about(RecipePage), under=Screen.RECIPES, of=(RecipeRow,)),
    Screen.NEW_RECIPE: ScreenEntry(
        make=alone(NewRecipe), needs=Permission.KEEP_RECIPES, under=Screen.RECIPES
    ),
    Screen.SUPPLIERS: ScreenEntry(make=alone(register_list(SUPPLIER)), group=Group.REGISTERS),
    Screen.SUPPLIER: ScreenEntry(
        make=about(register_page(SUPPLIER)), under=Screen.SUPPLIERS, of=(SupplierRow,)
    ),
    Screen.CLIENTS: ScreenEntry(make=alone(register_list(CLIENT)), group=Group.REGISTERS),
    Screen.CLIENT: ScreenEntry(
        make=about(register_page(CLIENT)), under=Screen.CLIENTS, of=(ClientRow,)
    ),
    Screen.PRICE_LISTS: ScreenEntry(make=alone(register_list(PRICE_LIST)), group=Group.REGISTERS),
    Screen.PRICE_LIST: ScreenEntry(
        make=about(PriceListPage), under=Screen.PRICE_LISTS, of=(PriceListRow,)
    ),
    Screen.IMPORTS: ScreenEntry(
        make=alone(Imports), group=Group.REGISTERS, needs=Permission.IMPORT
    ),
    Screen.CONFLICTS: ScreenEntry(make=alone(ConflictList), group=Group.EXCHANGE, letter="X"),
    Screen.CONFLICT: ScreenEntry(
        make=about(ConflictPage), under=Screen.CONFLICTS, of=(ResolutionItemRow,)
    ),
    Screen.EXCHANGE: ScreenEntry(make=alone(ExchangePage), group=Group.EXCHANGE, letter="S"),
    Screen.PEOPLE: ScreenEntry(make=alone(PeoplePage), group=Group.HOUSE),
    Screen.PERSON: ScreenEntry(make=about(PersonPage), under=Screen.PEOPLE, of=(UserRow,)),
    Screen.DEVICE: ScreenEntry(make=about(DevicePage), under=Screen.PEOPLE, of=(DeviceRow,)),
    Screen.AUDIT: ScreenEntry(
        make=alone(AuditList), group=Group.HOUSE, letter="J", needs=Permission.READ_AUDIT
    ),
    Screen.CARE: ScreenEntry(make=alone(CarePage), group=Group.HOUSE, needs=Permission.VERIFY),
    Screen.SETTINGS: ScreenEntry(make=alone(SettingsPage), group=Group.HOUSE),
}
"""In the order of the navigation."""


def screen_of(rows: type[Row]) -> Screen | None:
    """The screen that shows one of these rows; None where there is none."""
    return next((screen for screen, entry in SCREENS.items() if rows in entry.of), None)
