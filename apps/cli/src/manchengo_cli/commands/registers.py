"""Suppliers, clients, price lists, products and recipes: one mechanism, five registers.

``list``, ``show`` and ``archive`` are the same for all and made in a loop; ``add`` and ``change``
have an option for each field that ``manchengo_presenters.registers`` describes.
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import typer

from manchengo_cli import listing, parameters
from manchengo_cli.commands import details, options
from manchengo_cli.session import Context, Session
from manchengo_cli.signatures import optional, taking
from manchengo_cli.typed_values import AMOUNT, CODE, DATE, NAME, REGISTERED, TypedValue, flag
from manchengo_cli.typer_commands import Group, Recording, SessionCommand
from manchengo_presenters.language import N_
from manchengo_presenters.registers import CLIENT, PRICE_LIST, PRODUCT, SUPPLIER, Register

app = typer.Typer()
suppliers = typer.Typer(cls=Group, name="supplier", no_args_is_help=True)
clients = typer.Typer(cls=Group, name="client", no_args_is_help=True)
products = typer.Typer(cls=Group, name="product", no_args_is_help=True)
price_lists = typer.Typer(cls=Group, name="price-list", no_args_is_help=True)
recipes = typer.Typer(cls=Group, name="recipe", no_args_is_help=True)
app.add_typer(suppliers)
app.add_typer(clients)
app.add_typer(products)
app.add_typer(price_lists)
app.add_typer(recipes)

Code = Annotated[str, CODE.argument()]
Known = Annotated[str, REGISTERED.argument()]
"""The code of one that is recorded."""
Name = Annotated[str, NAME.argument()]
NewName = Annotated[str | None, NAME.option("--name", N_("Another name."))]
ValidFrom = Annotated[date | None, DATE.option("--from", N_("In force from that day on."))]
Archived = Annotated[bool, flag("--all", N_("Also the archived ones."))]


# ---------------------------------------------------------------- the same for all registers


def _list(kind: str) -> Callable[..., None]:
    @taking(optional(listing.OPTIONS))
    def list_(
        ctx: Context,
        archived: Archived = False,
        **asked: Any,
    ) -> None:
        from manchengo_cli.pages import registers as pages
        from manchengo_presenters.register_entries import ENTRIES

        rows = ENTRIES[kind].rows[0]
        wanted = listing.asked_for(rows, asked)
        pages.show_list(Session.of(ctx), kind, archived=archived, asked=wanted)

    return list_


def _show(kind: str) -> Callable[..., None]:
    def show(ctx: Context, code: Known) -> None:
        from manchengo_cli.pages import registers as pages

        pages.show_one(Session.of(ctx), kind, code)

    return show


def _archive(kind: str) -> Callable[..., None]:
    def archive(ctx: Context, code: Known) -> None:
        from manchengo_cli import registering

        registering.archive(Session.of(ctx), kind, code)

    return archive


for _kind, _app, _code in (
    ("supplier", suppliers, "F001"),
    ("client", clients, "C0057"),
    ("price_list", price_lists, "GROS"),
    ("product", products, "GOUDA-KG"),
    ("recipe", recipes, "GOUDA-KG"),
):
    _app.command(
        "list",
        cls=SessionCommand,
        help=N_("Those in use."),
        epilog=f"manchengo {_app.info.name} list --all",
    )(_list(_kind))
    _app.command(
        "show",
        cls=SessionCommand,
        help=N_("All that is known of one."),
        epilog=f"manchengo {_app.info.name} show {_code}",
    )(_show(_kind))
    _app.command(
        "archive",
        cls=Recording,
        help=N_("Nothing new may use it; what is recorded stays."),
        epilog=f"manchengo {_app.info.name} archive {_code}",
    )(_archive(_kind))


# ------------------------------------------------------------ the fields of each are its own


def _add(register: Register) -> Callable[..., None]:
    @taking(details.options(register, is_new=True))
    def add(ctx: Context, code: Code, name: Name, **given: Any) -> None:
        from manchengo_cli import registering

        registering.add(Session.of(ctx), register, {"code": code, "name": name} | given)

    return add


def _change(register: Register) -> Callable[..., None]:
    @taking(details.options(register, is_new=False))
    def change(ctx: Context, code: Known, name: NewName = None, **given: Any) -> None:
        from manchengo_cli import registering

        registering.change(Session.of(ctx), register, code, {"name": name} | given)

    return change


for _register, _app, _recorded, _to_add, _to_change in (
    (
        SUPPLIER,
        suppliers,
        N_("Record a new supplier."),
        'manchengo supplier add F041 "Ferme Amrane" --phone 0560112233 --commune 1501',
        "manchengo supplier change F041 --phone 0560445566",
    ),
    (
        CLIENT,
        clients,
        N_("Record a new client."),
        'manchengo client add C0161 "Épicerie du Port" --category detail --freshness 7',
        "manchengo client change C0161 --freshness 10",
    ),
    (
        PRICE_LIST,
        price_lists,
        N_("Record a new price list, without prices."),
        'manchengo price-list add GROS "Grossistes"',
        'manchengo price-list change GROS --name "Grossistes d’Alger"',
    ),
    (
        PRODUCT,
        products,
        N_("Record a new product. Its unit never changes afterwards."),
        'manchengo product add LAIT-V "Lait cru de vache" --kind MP --unit L --shelf-life 4\n'
        'manchengo product add GOUDA-KG "Gouda" --kind PF --unit kg --price 1650 --shelf-life 180',
        "manchengo product change GOUDA-KG --price 1720",
    ),
):
    _app.command("add", cls=Recording, help=_recorded, epilog=_to_add)(_add(_register))
    _app.command(
        "change",
        cls=Recording,
        help=N_("Change what is given, leave the rest."),
        epilog=_to_change,
    )(_change(_register))


@price_lists.command(
    "set-price",
    cls=Recording,
    help=N_("Set the price of a product in a list, from a day on; 0: none of its own any more."),
    epilog="manchengo price-list set-price GROS GOUDA-KG 1520 --from 01/11/2026",
)
def set_price(
    ctx: Context,
    code: Known,
    product: options.Product,
    price: Annotated[Any, AMOUNT.argument()],
    valid_from: ValidFrom = None,
) -> None:
    from manchengo_cli import registering

    registering.set_price(Session.of(ctx), code, product, price, valid_from)


@products.command(
    "density",
    cls=Recording,
    help=N_("What a litre weighs, from a day on: litres and kilograms then convert."),
    epilog="manchengo product density LAIT-V 1032 --from 01/01/2026",
)
def density(
    ctx: Context,
    code: Known,
    grams: Annotated[int, TypedValue(N_("GRAMS-PER-LITRE"), parameters.count).argument()],
    valid_from: ValidFrom = None,
) -> None:
    from manchengo_cli import registering

    registering.set_density(Session.of(ctx), code, grams, valid_from)


# --------------------------------------------------------------------------------- recipes


def define(
    ctx: Context,
    product: options.FinishedProduct,
    ingredients: options.Ingredients,
    batch: options.Batch,
    by_products: options.ByProducts = None,
    expected: options.Yield = None,
    valid_from: ValidFrom = None,
) -> None:
    from manchengo_cli import registering

    registering.define_recipe(
        Session.of(ctx),
        product,
        batch=batch,
        ingredients=ingredients,
        by_products=by_products or [],
        expected=expected,
        valid_from=valid_from,
        new=ctx.command.name == "add",
    )


recipes.command(
    "add",
    cls=Recording,
    help=N_("Record the recipe of a finished product."),
    epilog="manchengo recipe add MANCH-1K --batch 100 LAIT-B=620 PRESURE=0,18 SEL=2,2",
)(define)
recipes.command(
    "change",
    cls=Recording,
    help=N_("Record a new version of a recipe; makes of before keep theirs."),
    epilog="manchengo recipe change MANCH-1K --batch 100 LAIT-B=610 PRESURE=0,18 SEL=2,1",
)(define)
