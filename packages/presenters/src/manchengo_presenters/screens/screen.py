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
    LOTS = N_("Lots")
    LOT = N_("Lot")
    IMPORTS = N_("Imports")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)
