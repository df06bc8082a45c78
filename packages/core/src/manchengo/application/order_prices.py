"""A line of an order that leaves out its price is given it when the command comes in.

The command is stored with the price in it, so that the client's price is the same on every device
and in the log, whatever lists and products say by the time the command gets there.
"""

from attrs import evolve as changed

from manchengo import codec
from manchengo.application.offered_prices import price_for
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import Command
from manchengo.domain.commit import Commit
from manchengo.domain.sales_order import OrderLine, PlaceSalesOrder, Sell


def leaves_out_a_price(command: Command) -> bool:
    """Whether a line of the order leaves out its price."""
    return isinstance(command, PlaceSalesOrder | Sell) and any(
        line.unit_price is None for line in command.lines
    )


def with_prices(work: UnitOfWork, command: Command) -> Command:
    """The command with the price that is offered to the client, in each line that leaves it out.
    Where there is none, the line stays as it is: it is refused when the command is decided.
    """
    if not isinstance(command, PlaceSalesOrder | Sell):
        return command
    return changed(command, lines=tuple(_with_price(work, command, line) for line in command.lines))


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


def _with_price(work: UnitOfWork, order: PlaceSalesOrder | Sell, line: OrderLine) -> OrderLine:
    if line.unit_price is not None:
        return line
    offered = price_for(work, order.client_id, line.product_id, order.on)
    return changed(line, unit_price=offered.price if offered else None)
