"""Payments: the list, one that waits for an invoice, the form of another, and its undoing."""

from manchengo_desktop import demo_days
from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard."""
    screens.go("payments")
    screens.see("payments")
    take("payments")
    screens.open_first("payment-", "payment")
    take("payment")
    screens.press("void")
    screens.see("reason")
    take("payment-take-back")
    screens.press("leave")
    screens.press("close")
    screens.press("new-payment")
    screens.see("client")
    screens.press("mode-cheque")
    screens.press("submit")
    screens.see("amount", "remplir")
    take("payment-errors")
    screens.press("mode-transfer")
    screens.choose("client", f"{demo_days.CLIENTS[1][0]} (C002)")
    screens.type("amount", "12500")
    screens.press("submit")
    screens.see("toast", "enregistré")
    take("payment-recorded")
    screens.press("filter-waiting")
    screens.open_first("payment-", "payment")
    take("payment-waiting")
    screens.press("close")
    screens.press("filter-voided")
    screens.see("clear")
    take("payments-none")
