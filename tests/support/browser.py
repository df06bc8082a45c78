"""Our screens in Chromium, as somebody who cannot see them finds them: by the accessibility tree.

Nothing leaves the machine: what is asked of any other address is refused.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.support import patience

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-software-rasterizer",  # what the page draws by itself costs a quarter less
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-extensions",
)
PROGRAM = "manchengo_desktop.main"
PATIENCE = 1_000 * patience.PATIENCE
"""The same in milliseconds, as the browser counts."""


def chromium() -> str | None:
    """The browser of this machine; None where there is none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


@contextmanager
def served(*words: str, environment: dict[str, str], program: str = PROGRAM) -> Iterator[str]:
    """``manchengo-desktop --web`` with these words; its address. ``program``: the module that
    shows the screens.
    """
    with serving(*words, environment=environment, program=program) as (url, _):
        yield url


@contextmanager
def serving(
    *words: str, environment: dict[str, str], program: str = PROGRAM
) -> Iterator[tuple[str, int]]:
    """The same; the address, and the id of the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", program, "--web", f"--port={port}", *words]
    running = subprocess.Popen(command, env=os.environ | environment)
    try:
        url = f"http://127.0.0.1:{port}"
        until = time.monotonic() + patience.PATIENCE
        while not answers(url):
            assert running.poll() is None, "the screens ended before they began"
            assert time.monotonic() < until, "the screens never came"
            time.sleep(0.1)
        yield url, running.pid
    finally:
        running.terminate()
        running.wait()


def answers(url: str) -> bool:
    """Whether somebody listens there; the answer may take as long as the machine is busy."""
    try:
        urllib.request.urlopen(url, timeout=patience.PATIENCE).close()
    except OSError:
        return False
    return True


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser without a window."""
    program = chromium()
    assert program is not None, "install Chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=list(ARGUMENTS), timeout=PATIENCE
        )
        try:
            yield browser
        finally:
            browser.close()


SCAN = """text => {
  for (const key of [...text, 'Enter']) {
    const target = document.activeElement || document.body;
    const code = key === 'Enter' ? key : 'Key' + key.toUpperCase();
    const about = {key, code, bubbles: true, cancelable: true};
    target.dispatchEvent(new KeyboardEvent('keydown', about));
    if (key !== 'Enter' && target.matches('input, textarea'))
      document.execCommand('insertText', false, key);
    target.dispatchEvent(new KeyboardEvent('keyup', about));
  }
}"""
"""A scanner that is a keyboard. It waits for nobody; Playwright would, for the page to draw."""


CONTROLS = {"button", "checkbox", "combobox", "link", "menuitem", "option", "radio", "searchbox"}
CONTROLS |= {"slider", "spinbutton", "switch", "tab", "textbox"}
"""Roles of what a person acts on."""

CHOSEN = '[aria-current="true"]'
"""How the one that is chosen of several is told to who cannot see its colour."""

FOCUSED = """() => {
  const focused = document.activeElement;
  const named = focused.closest('[flt-semantics-identifier]');
  return [named?.getAttribute('flt-semantics-identifier') ?? '', focused.tagName];
}"""
"""The identifier of what has the focus, and which part of it has."""


class Screens:
    """A tab with our screens, and what a person does there."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        width: int = 1280,
        height: int = 720,
        dark: bool = False,
    ) -> None:
        self._context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="fr-FR",
            color_scheme="dark" if dark else "light",
        )
        here = (url, "data:", "blob:")
        self._context.route(lambda asked: not asked.startswith(here), lambda route: route.abort())
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.goto(url)
        self.page.locator("flt-semantics-placeholder").evaluate("each => each.click()")

    def close(self) -> None:
        self._context.close()

    def at(self, identifier: str) -> Locator:
        """What has that identifier."""
        return self.page.locator(f'[flt-semantics-identifier="{identifier}"]')

    def see(self, identifier: str, words: str | re.Pattern[str] | None = None) -> Locator:
        """It is there, with these words."""
        found = self.at(identifier)
        found.first.wait_for(state="attached")
        if words is not None:
            expect(found.first).to_contain_text(words, timeout=PATIENCE)
        return found.first

    def gone(self, identifier: str) -> None:
        """It is not there."""
        expect(self.at(identifier)).to_have_count(0, timeout=PATIENCE)

    def count(self, beginning: str, number: int) -> None:
        """So many have an identifier that begins so."""
        found = self.page.locator(f'[flt-semantics-identifier^="{beginning}"]')
        expect(found).to_have_count(number, timeout=PATIENCE)

    def chosen_is(self, identifier: str) -> None:
        """It is told as the chosen one."""
        chosen = self.page.locator(f'[flt-semantics-identifier="{identifier}"]{CHOSEN}')
        chosen.wait_for(state="attached")

    def chosen(self, beginning: str) -> list[str]:
        """What is told as chosen, of all with an identifier that begins so."""
        found = self.page.locator(f'[flt-semantics-identifier^="{beginning}"]{CHOSEN}').all()
        return [each.get_attribute("flt-semantics-identifier") or "" for each in found]

    def nameless(self) -> list[str]:
        """What a person may act on here and is not told what it is: its role, and what is around
        it, as a screen reader is given them.
        """
        session = self._context.new_cdp_session(self.page)
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        session.detach()
        known = {node["nodeId"]: node for node in nodes}
        return [
            f"{node['role']['value']} in {_named(known.get(node.get('parentId')))!r}"
            for node in nodes
            if not node["ignored"]
            and node["role"]["value"] in CONTROLS
            and not _named(node).strip()
        ]

    def tabbed(self, identifier: str, times: int) -> list[str]:
        """The identifiers of what gets the focus by so many presses of Tab, from that field on."""
        self.field(identifier).evaluate("each => each.focus()")
        seen = []
        for _ in range(times):
            before = self.page.evaluate(FOCUSED)
            self.page.keyboard.press("Tab")
            moved = f"before => String(({FOCUSED})()) !== String(before)"
            self.page.wait_for_function(moved, arg=before)
            seen.append(self.page.evaluate(FOCUSED)[0])
        return seen

    def press(self, identifier: str) -> None:
        """Press it, with the mouse parked beside it afterwards: a tooltip takes the focus away."""
        self._click(self.see(identifier))

    def _click(self, target: Locator, timeout: float | None = None) -> None:
        inner = target.locator('[role="button"]')
        (inner.first if inner.count() else target).click(timeout=timeout)
        self.page.mouse.move(2, 2)

    def go(self, screen: str) -> None:
        """To that screen of the navigation, until it is shown: the screen before it may have
        something of the same identifier.
        """
        self.press(f"go-{screen}")
        self.chosen_is(f"go-{screen}")

    def press_for(self, identifier: str, sign: str) -> None:
        """Press it until ``sign`` is there: what was just recorded may have it drawn anew beneath
        the press.
        """
        self.see(identifier)
        until = time.monotonic() + patience.PATIENCE
        while time.monotonic() < until:
            with suppress(PlaywrightTimeout):
                self._click(self.at(identifier).first, timeout=5_000)
            with suppress(PlaywrightTimeout):
                self.at(sign).first.wait_for(state="attached", timeout=5_000)
                return
        raise AssertionError(f"{sign} did not come when {identifier} was pressed")

    def open_first(self, beginning: str, sign: str) -> str:
        """Press the first of what has an identifier that begins so, until ``sign`` is there: the
        list may be drawn anew meanwhile, as after a filter or a search. The rest of its identifier.
        """
        until = time.monotonic() + patience.PATIENCE
        while True:
            code = self.code_of_first(beginning)
            try:
                self.at(f"{beginning}{code}").first.click(timeout=5_000)
                self.page.mouse.move(2, 2)
                self.at(sign).first.wait_for(state="attached", timeout=5_000)
                return code
            except PlaywrightTimeout:
                if time.monotonic() > until:
                    raise

    def press_words(self, words: str) -> None:
        """Press the button that says so, where Flet gives it no identifier."""
        self.page.get_by_role("button", name=words, exact=True).last.click()
        self.page.mouse.move(2, 2)

    def pick(self, identifier: str, path: Path) -> None:
        """Press it, and choose that file."""
        with self.page.expect_file_chooser() as chooser:
            self.press(identifier)
        chooser.value.set_files(path)

    def saved(self, identifier: str, to: Path) -> Path:
        """Press it, and what it has the person save, in that folder."""
        with self.page.expect_download() as download:
            self.press(identifier)
        path = to / download.value.suggested_filename
        download.value.save_as(path)
        return path

    def field(self, identifier: str) -> Locator:
        """The input of that field."""
        return self.see(identifier).locator("input, textarea").first

    def type(self, identifier: str, text: str) -> None:
        """Fill a field, letter by letter, as a person does, and once more where the letters came
        while the page was still being drawn.
        """
        field = self.field(identifier)
        until = time.monotonic() + patience.PATIENCE
        while True:
            self._type_once(field, text)
            try:
                expect(field).to_have_value(text, timeout=5_000)
                break
            except AssertionError:
                if time.monotonic() > until:
                    raise
        self.page.wait_for_timeout(300)  # so quick a typist is a scanner until then

    def _type_once(self, field: Locator, text: str) -> None:
        for _ in range(8):
            field.evaluate("each => each.focus()")  # a node above it may take the click
            self.page.wait_for_timeout(150)
            if field.evaluate("each => each === document.activeElement"):
                break
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text, delay=20)

    def scan(self, text: str) -> None:
        """Scan a code: its keys, and Enter, go to whatever has the focus."""
        self.page.evaluate(SCAN, text)

    def holds(self, identifier: str, text: str) -> None:
        """That field holds this text, which the tree says once it has the focus."""
        field = self.field(identifier)
        field.click()
        expect(field).to_have_value(text, timeout=PATIENCE)

    def choose(self, identifier: str, words: str) -> None:
        """One of the choices of a list."""
        self.see(identifier).locator('[role="button"]').first.click()
        self.page.get_by_role("button", name=words, exact=True).last.click()
        self.page.mouse.move(2, 2)

    def code_of_first(self, beginning: str) -> str:
        """The rest of the first identifier that begins so."""
        first = self.page.locator(f'[flt-semantics-identifier^="{beginning}"]').first
        first.wait_for(state="attached")
        identifier = first.get_attribute("flt-semantics-identifier")
        assert identifier is not None, "it was found by it"
        return identifier.removeprefix(beginning)


def _named(node: Any) -> str:
    return str(node.get("name", {}).get("value", "")) if node else ""
