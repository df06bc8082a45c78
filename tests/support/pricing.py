"""A price list for wholesalers, and how its prices are set."""

from datetime import date

from manchengo.commands import ChangeClient, RegisterPriceList, SetPrice
from manchengo.domain.ids import PriceListId, ProductId
from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Money
from tests.support.dairy import CHEESE, SHOP, an_id, day

GROS = PriceListId(an_id("the list of wholesalers"))
WHOLESALE = RegisterPriceList(price_list_id=GROS, code="GROS", name="Grossistes")
THE_SHOP_PAYS_BY_IT = ChangeClient(client_id=SHOP, price_list="GROS")


def a_price(
    price: Money | UnitPrice, *, of: ProductId = CHEESE, from_day: date | None = None
) -> SetPrice:
    """A price of the list, by default that of the cheese from the first day on."""
    return SetPrice(price_list_id=GROS, product_id=of, price=price, from_day=from_day or day(0))
