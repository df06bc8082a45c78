"""The navigation keeps the entry of the current screen in sight."""

import flet as ft

from manchengo_flet.navigation import navigation
from manchengo_flet.theme import text
from manchengo_flet.view_models import use_view_model
from tests.flet_kit.test_components import Counter, component, on_a_page
from tests.support.flet_page import PageWithoutWindow


def test_the_navigation_follows_who_goes_elsewhere_by_key() -> None:
    counter, calls = Counter(), list[str]()
    pressed: list[int] = [1]

    @component
    def Part() -> ft.Control:  # noqa: N802 - a component
        use_view_model(counter)
        entries = [text(f"entry {place}") for place in range(20)]
        return navigation(entries, counter.version or None, lambda: counter.version in pressed)

    async def test(page: PageWithoutWindow) -> None:
        page.on_call = calls.append
        await page.draw(Part)
        counter.count()
        await page.settle()
        assert calls == [], "the entry that was pressed is in sight"
        counter.count()
        await page.settle(lambda: calls == ["scroll_to"])

    on_a_page(test)
