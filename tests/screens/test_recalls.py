"""A recall in a browser: whom to call is saved to be printed, it is practised, then made."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdfium2 import PdfDocument

from manchengo import SystemClock
from manchengo_desktop.demo import demo_dairy
from tests.documents.test_labels import text_of
from tests.screens.tours.taking import sign_in
from tests.support.browser import Screens, served

pytestmark = pytest.mark.campaign


def test_a_recall_is_practised_then_made(tmp_path: Path, browser: Browser) -> None:
    with demo_dairy() as dairy, served(environment={"MANCHENGO_DB": str(dairy.path)}) as url:
        screens = Screens(browser, url)
        sign_in(screens, lambda _name: None, dairy)
        first_day = SystemClock().today() - timedelta(days=13)
        screens.go("recall")
        screens.type("reference", f"mp-{first_day:%Y%m%d}-lait-v")
        screens.press("look")
        screens.see("reach", "3 lots")
        screens.see("call-0", "0550 12 34 56")

        screens.press("drill")
        paper = " ".join(text_of(each) for each in PdfDocument(screens.saved("save", tmp_path)))
        assert "EXERCICE DE RAPPEL" in paper
        assert "0550 12 34 56" in paper.replace("\xa0", " ")
        screens.press("copy")
        screens.see("toast", "copiée")
        screens.press("end-drill")
        screens.see("drilled", "minute")

        screens.press("begin-recall")
        screens.press("decide")
        screens.see("reason", "À remplir")
        screens.type("reason", "antibiotiques dans le lait")
        screens.press("decide")
        screens.see("toast", "Rappel fait")
        screens.gone("begin-recall")
        screens.close()
