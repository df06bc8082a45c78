"""Where a person can be."""

from enum import Enum

from manchengo_presenters.language import N_, _


class Screen(Enum):
    """The value is its name in the navigation."""

    DASHBOARD = N_("Dashboard")
    RECEPTIONS = N_("Receptions")
    PRODUCTION = N_("Production")
    PRODUCTION_ORDER = N_("Production order")
    SALES = N_("Sales orders")
    SALE = N_("Sales order")
    NEW_SALE = N_("New sales order")
    DELIVERIES = N_("Deliveries")
    DELIVERY = N_("Delivery")
    NEW_DELIVERY = N_("Prepare a delivery")
    INVOICES = N_("Invoices")
    INVOICE = N_("Invoice")
    TO_INVOICE = N_("Deliveries to invoice")
    NEW_INVOICE = N_("New invoice")
    PAYMENTS = N_("Payments")
    STOCK_COUNT = N_("Stock counts")
    LOTS = N_("Lots")
    LOT = N_("Lot")
    RECALL = N_("Recall")
    LOT_RECALL = N_("Recall of a lot")
    PRODUCTS = N_("Products")
    PRODUCT = N_("Product")
    RECIPES = N_("Recipes")
    RECIPE = N_("Recipe")
    NEW_RECIPE = N_("New recipe")
    SUPPLIERS = N_("Suppliers")
    SUPPLIER = N_("Supplier")
    CLIENTS = N_("Clients")
    CLIENT = N_("Client")
    PRICE_LISTS = N_("Price lists")
    PRICE_LIST = N_("Price list")
    IMPORTS = N_("Imports")
    CONFLICTS = N_("Conflicts")
    CONFLICT = N_("Conflict")
    EXCHANGE = N_("Synchronisation")
    PEOPLE = N_("People")
    PERSON = N_("Person")
    DEVICE = N_("Device")
    AUDIT = N_("Audit")
    CARE = N_("Backup")
    SETTINGS = N_("Settings")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)
