"""A recall: not found, of what went nowhere, practised, and in earnest."""

from datetime import timedelta

from manchengo import SystemClock
from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard."""
    screens.go("recall")
    screens.see("look")
    take("recall-none")
    screens.type("reference", "INTROUVABLE")
    screens.press("look")
    take("recall-error")
    screens.press("with-day")
    screens.see("supplier")
    take("recall-day")
    today = SystemClock().today()
    screens.go("lots")
    screens.scan(f"mp-{today:%Y%m%d}-lait-c")
    screens.press("recall")
    screens.see("went-nowhere")
    take("recall-nowhere")
    screens.go("recall")
    screens.press("with-code")
    milk = f"MP-{today - timedelta(days=13):%Y%m%d}-LAIT-V"
    screens.type("reference", milk)
    screens.press("look")
    screens.see("calls")
    take("recall")
    screens.page.mouse.move(600, 500)
    screens.page.mouse.wheel(0, 4_000)
    take("recall-balance")
    screens.page.mouse.wheel(0, -4_000)
    screens.press("drill")
    screens.see("in-a-drill")
    take("recall-drill")
    screens.press("end-drill")
    screens.see("drilled")
    screens.press("begin-recall")
    screens.see("decide")
    take("recall-deciding")
    screens.type("reason", "antibiotiques dans le lait")
    screens.press("decide")
    screens.gone("decide")
    take("recall-done")
