"""A line of an order that leaves out its price takes the product's when the command comes in.

The command is stored with the price in it, so that the client's price is the same on every device
and in the log, whatever the product costs by the time the command gets there.
"""

from attrs import evolve as changed

from manchengo import codec
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import Command
from manchengo.domain.commit import Commit
from manchengo.domain.sales_order import OrderLine, PlaceSalesOrder, Sell


def leaves_out_a_price(command: Command) -> bool:
    """Whether a line of the order asks for the price of the product."""
    return isinstance(command, PlaceSalesOrder | Sell) and any(
        line.unit_price is None for line in command.lines
    )


def with_prices(work: UnitOfWork, command: Command) -> Command:
    """The command with the product's price in each line that leaves it out. A product that has no
    price leaves the line as it is: it is refused when the command is decided.
    """
    if not isinstance(command, PlaceSalesOrder | Sell):
        return command
    return changed(command, lines=tuple(_with_price(work, line) for line in command.lines))


def with_prices_of(command: Command, commit: Commit) -> Command:
    """The command with the prices that the commit recorded, line by line, where it leaves them out.

    The command as it is when the commit is of another kind, or cannot be read.
    """
    try:
        recorded = codec.commands.decode(
            commit.command_type, commit.command_version, commit.command
        )
    except codec.Unreadable:
        return command
    if not isinstance(command, PlaceSalesOrder | Sell) or type(recorded) is not type(command):
        return command
    prices = [line.unit_price for line in recorded.lines]
    prices += [None] * (len(command.lines) - len(prices))
    return changed(
        command,
        lines=tuple(
            changed(line, unit_price=price) if line.unit_price is None else line
            for line, price in zip(command.lines, prices, strict=False)
        ),
    )


def _with_price(work: UnitOfWork, line: OrderLine) -> OrderLine:
    if line.unit_price is not None:
        return line
    return changed(line, unit_price=work.product(line.product_id).price or None)
