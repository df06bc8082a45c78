"""A client answers for a control that is gone: the page goes on."""

import pytest

from manchengo_flet import late_answers
from manchengo_flet.theme import text
from tests.flet_kit.test_components import on_a_page
from tests.support.flet_page import PageWithoutWindow

GONE = 987_654


def test_an_answer_for_what_is_gone_ends_no_connection() -> None:
    async def test(page: PageWithoutWindow) -> None:
        await page.draw(lambda: text("page"))
        answer = page.page.session.handle_invoke_method_results
        with pytest.raises(RuntimeError, match="not registered"):
            answer(GONE, "call", None, None)  # as Flet alone does
        late_answers.forgive(page.page)
        page.page.session.handle_invoke_method_results(GONE, "call", None, None)
        page.page.session.handle_invoke_method_results(
            control_id=GONE, call_id="call", result=None, error=None
        )

    on_a_page(test)


def test_nobody_waits_for_what_is_gone() -> None:
    async def never() -> None:
        raise TimeoutError

    async def test(_page: PageWithoutWindow) -> None:
        await late_answers.unless_gone(never())

    on_a_page(test)
