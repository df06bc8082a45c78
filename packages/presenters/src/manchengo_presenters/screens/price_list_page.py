"""One price list: what each product costs by it, since when and later on; or a new list."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from uuid import UUID

from attrs import frozen

from manchengo.application.by_id import product_of
from manchengo.application.choices import Choices
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import NEEDS, SetPrice
from manchengo.domain.access import Permission
from manchengo.domain.aggregates import PRICE_LIST as PRICE_LISTS
from manchengo.domain.ids import PriceListId, ProductId
from manchengo.domain.names import search_key
from manchengo.domain.price_list import DatedPrices
from manchengo.domain.unit_price import UnitPrice
from manchengo.ports.rows import FinishedProductRow, ProductRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import field_values, parsing
from manchengo_presenters.field_values import list_price
from manchengo_presenters.formatting import day
from manchengo_presenters.language import _
from manchengo_presenters.registers import PRICE_LIST
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.line_choice import LineChoice
from manchengo_presenters.screens.paged_list import SIZE
from manchengo_presenters.screens.register_page import RegisterPage
from manchengo_presenters.screens.screen_context import ScreenContext

FIELDS = ("product", "price", "from_day")
BESIDE = {"Archived": "product"}
"""By the name of a refusal, the field that it is about."""

SETTING = "price"
"""The name of the form in which a price is set."""


@frozen(kw_only=True)
class ProductPrice:
    """What a product costs by the list. ``price``: in force today, "" where there is none.
    ``next``: what is set for later. ``versions``: all that was set, each with its day, the latest
    first.
    """

    product_id: ProductId
    code: str
    product: str
    arabic: str
    price: str
    since: str
    next: str
    versions: tuple[tuple[str, str], ...]

    @property
    def search_text(self) -> str:
        """In which the words of a search are looked for."""
        return search_key(f"{self.product} {self.arabic} {self.code}")


@frozen(kw_only=True)
class ListedPrices:
    """``prices``: by the name of the product. ``products``: for which one may be set, by id, with
    their words.
    """

    prices: tuple[ProductPrice, ...]
    products: tuple[tuple[str, str], ...]


class PriceForm(Form):
    """Sets a price in the list. ``listed``: the prices that it has. ``on_set``: called once it is
    recorded.
    """

    def __init__(
        self,
        context: ScreenContext,
        price_list_id: PriceListId,
        listed: ListedPrices,
        on_set: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(context.background, dict.fromkeys(FIELDS, ""), beside=BESIDE)
        self._office = context.office
        self.context = context
        self._price_list_id = price_list_id
        self.listed = listed
        self._on_set = on_set

    @property
    def chosen(self) -> ProductPrice | None:
        """What the list has of the product that is chosen, if it has anything."""
        product_id = self.values["product"]
        found = (each for each in self.listed.prices if str(each.product_id) == product_id)
        return next(found, None)

    def choose(self, name: str, key: str) -> None:
        """That product."""
        self.put(name, key)
        self.changed()

    async def submit(self) -> None:
        """Record the price."""
        self.require(("product", "price"))
        self.require_found("product", dict(self.listed.products).get(self.values["product"]))
        price = self.read("price", field_values.unit_price)
        from_day = self.read("from_day", parsing.day)
        if self.is_busy or not self.is_right:
            return
        assert isinstance(price, UnitPrice)
        assert from_day is None or isinstance(from_day, date)
        product_id = ProductId(UUID(self.values["product"]))

        def build(choices: Choices) -> SetPrice:
            return SetPrice(
                price_list_id=self._price_list_id,
                product_id=product_id,
                price=price,
                from_day=from_day or choices.day,
            )

        done = await self.attempt(lambda: self._office.record(build, _sentence))
        if done is not None:
            self.fill()
            self.context.window.tell(done)
            await self._on_set()


class PriceListPage(LineChoice[ProductPrice], RegisterPage):
    """``listed``: its prices; None until they are there, of a new list, and for who may not read
    them. ``form``: in which a price is set; None while nobody does. ``search``: only products with
    these words are shown; ``shows_all_prices``: more than the first fifty of them.
    """

    def __init__(self, context: ScreenContext, entry_id: UUID | None) -> None:
        super().__init__(context, entry_id, PRICE_LIST)
        self.listed: ListedPrices | None = None
        self.form: PriceForm | None = None
        self.search = ""
        self.shows_all_prices = False

    # ------------------------------------------------------------------------- what is shown

    @property
    def may_read_prices(self) -> bool:
        """Whether the person may read what is in the list."""
        return self.context.who.may(Permission.READ_PRICES)

    @property
    def may_set_prices(self) -> bool:
        """Whether the person may set a price, and the list takes one."""
        is_archived = self.entry is None or self.entry.is_archived
        return not is_archived and self.context.who.may(NEEDS[SetPrice])

    @property
    def found(self) -> tuple[ProductPrice, ...]:
        """The prices of the products that are looked for."""
        prices = self.listed.prices if self.listed else ()
        words = search_key(self.search).split()
        if not words:
            return prices
        return tuple(each for each in prices if all(word in each.search_text for word in words))

    @property
    def shown(self) -> tuple[ProductPrice, ...]:
        """Those of them that are drawn."""
        return self.found if self.shows_all_prices else self.found[:SIZE]

    @property
    def lines_shown(self) -> tuple[ProductPrice, ...]:
        """The prices that are drawn, where one may be set."""
        return self.shown if self.may_set_prices else ()

    async def opened(self, price: ProductPrice) -> None:
        """About to set the price of that product."""
        self.begin(price)

    @property
    def hidden(self) -> int:
        """How many are not."""
        return len(self.found) - len(self.shown)

    @property
    def open_forms(self) -> Mapping[str, Form]:
        """Its fields, and the form in which a price is set."""
        return super().open_forms if self.form is None else {"": self, SETTING: self.form}

    async def reopen(self, name: str) -> Form | None:
        """That of its fields, or that in which a price is set."""
        if name == SETTING:
            self.begin(None)
            return self.form
        return await super().reopen(name)

    # ------------------------------------------------------------------------- what is done

    async def load(self) -> None:
        """Read the list anew, then its prices; what was typed stays."""
        await super().load()
        if self.entry is None or not self.may_read_prices:
            return
        found = await self.attempt_again(self._read_prices, self.listed)
        if found is not None:
            self.listed = found
            if self.form is not None:
                self.form.listed = found
            self.changed()

    async def set_search(self, words: str) -> None:
        """Show the products with these words."""
        self.search, self._selected = words, 0
        self.changed()

    def show_all_prices(self) -> None:
        """Show more than the first fifty."""
        self.shows_all_prices = True
        self.changed()

    def begin(self, price: ProductPrice | None) -> None:
        """About to set a price: of that product, or of one that is chosen then."""
        if self.listed is None or self.entry_id is None or not self.may_set_prices:
            return
        list_id = PriceListId(self.entry_id)
        self.form = PriceForm(self.context, list_id, self.listed, self._price_set)
        if price is not None:
            self.form.fill(product=str(price.product_id))
        self.changed()

    def leave(self) -> None:
        """Set none."""
        self.form = None
        self.changed()

    async def confirm(self) -> None:
        """Record the price that is typed, or else the fields."""
        if self.form is not None:
            await self.form.submit()
        else:
            await super().confirm()

    async def _price_set(self) -> None:
        self.form = None
        await self.load()

    # -------------------------------------------------------------------------------- reading

    def _read_prices(self) -> ListedPrices:
        assert self.entry_id is not None, "it is recorded"
        today = self._office.today()
        with self._office.reading() as snapshot:
            state = UnitOfWork(snapshot).load(PRICE_LISTS, PriceListId(self.entry_id))
            prices = sorted(
                (
                    _product_price(product_of(snapshot, product_id), dated, today)
                    for product_id, dated in state.prices.items()
                ),
                key=lambda each: (search_key(each.product), each.code),
            )
            return ListedPrices(prices=tuple(prices), products=_products(snapshot, prices))


def _sentence(snapshot: Snapshot, command: SetPrice) -> str:
    product = product_of(snapshot, command.product_id)
    return _("{product}: {price} from {day} on.").format(
        product=product.name,
        price=list_price(command.price, product.unit),
        day=day(command.from_day),
    )


def _product_price(product: ProductRow, dated: DatedPrices, today: date) -> ProductPrice:
    begun = [each for each in dated if each[0] <= today]
    later = [each for each in dated if each[0] > today]
    since, price = begun[-1] if begun else (None, None)
    return ProductPrice(
        product_id=product.id,
        code=product.code,
        product=product.name,
        arabic=product.name_ar,
        price=list_price(price, product.unit) if price else "",
        since=day(since) if since else "",
        next=_("{price} from {day}").format(
            price=list_price(later[0][1], product.unit), day=day(later[0][0])
        )
        if later
        else "",
        versions=tuple((day(each), list_price(known, product.unit)) for each, known in dated[::-1]),
    )


def _products(snapshot: Snapshot, prices: list[ProductPrice]) -> tuple[tuple[str, str], ...]:
    """Those that are sold, and whatever else has a price already; none that is archived."""
    sold = snapshot.rows(FinishedProductRow)
    others = [product_of(snapshot, each.product_id) for each in prices]
    known = {row.id: row for row in (*sold, *others) if not row.archived}
    return tuple(
        (str(row.id), f"{row.name} ({row.code})")
        for row in sorted(known.values(), key=lambda row: search_key(row.name))
    )
