"""A page of Flet without a window: it draws components, takes what a client would send, and shows
what a client would be sent.

Uses what is private to Flet 1.0.5, which is why that version is pinned.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import flet as ft
import msgpack
from flet.components.public_utils import unwrap_component
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.connection import Connection
from flet.messaging.protocol import MessageAction, configure_encode_object_for_msgpack
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

C = TypeVar("C", bound=BaseControl)


class _Client(Connection):
    """Packs what it is sent, as a real connection does, and answers each call with nothing."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Flet has no types here
        self.loop, self.executor = asyncio.get_running_loop(), ThreadPoolExecutor(1)
        self.pubsubhub = PubSubHub(loop=self.loop, executor=self.executor)
        self.page_url = "http://client.test"
        self.crashes: list[str] = []
        self.session: Session | None = None
        self.on_call: Callable[[str], object] = str
        self.encode: Any = configure_encode_object_for_msgpack(BaseControl)  # type: ignore[no-untyped-call]

    def send_message(self, message: Any) -> None:
        msgpack.packb([message.action, message.body], default=self.encode)
        if message.action == MessageAction.SESSION_CRASHED:
            self.crashes.append(message.body.message)
        if message.action == MessageAction.INVOKE_METHOD:
            self.on_call(message.body.name)
            self.loop.call_soon(self._answer, message.body)

    def _answer(self, call: Any) -> None:
        assert self.session is not None, "the page has a session before it draws"
        self.session.handle_invoke_method_results(call.control_id, call.call_id, None, None)


class PageWithoutWindow:
    """A page, and what a test does to it. Use it inside a running loop."""

    def __init__(self, width: float = 1280) -> None:
        self._client = _Client()
        self._session = Session(self._client)
        self._client.session = self._session
        self.page = self._session.page
        _context_page.set(self.page)
        self._session.apply_page_patch(
            {"route": "/", "width": width, "height": 800, "platform": "linux", "web": True}
        )
        msgpack.packb(self._session.get_page_patch(), default=self._client.encode)  # type: ignore[no-untyped-call]
        context.reset_auto_update()  # type: ignore[no-untyped-call]

    @property
    def on_call(self) -> Callable[[str], object]:
        """Called with the name of each method that the page asks its client to call."""
        return self._client.on_call

    @on_call.setter
    def on_call(self, heard: Callable[[str], object]) -> None:
        self._client.on_call = heard

    async def draw(self, component: Callable[[], Any]) -> None:
        """Draw that component as the whole page."""
        self.page.render(component)
        await self._session.after_event(self.page)
        await self.settle()

    async def settle(self, until: Callable[[], bool] = lambda: True) -> None:
        """Wait until everything is drawn, and ``until`` is true. A page that crashed fails here."""
        for _ in range(2_000):
            for _ in range(5):
                await asyncio.sleep(0)
            await asyncio.sleep(0.005)
            assert not self._client.crashes, self._client.crashes[-1]
            if until():
                return
        raise AssertionError(f"it did not come to pass; the page shows {self.texts()}")

    def controls(self, kind: type[C], **properties: object) -> list[C]:
        """Those of that kind that have these properties, from the top."""
        return [
            control
            for control in self._walk(self.page, set())
            if isinstance(control, kind)
            and all(getattr(control, name) == value for name, value in properties.items())
        ]

    def texts(self) -> list[str]:
        """What can be read, from the top."""
        return [text.value for text in self.controls(ft.Text) if text.value]

    def named(self, identifier: str) -> ft.Control:
        """What is inside the ``Semantics`` of that identifier."""
        found = self.controls(ft.Semantics, identifier=identifier)
        assert len(found) == 1, f"{len(found)} of {identifier}; the page shows {self.texts()}"
        content = unwrap_component(found[0].content)
        assert isinstance(content, ft.Control)
        return content

    def has(self, identifier: str) -> bool:
        """Whether something of that identifier is drawn."""
        return bool(self.controls(ft.Semantics, identifier=identifier))

    async def fire(self, control: BaseControl, event: str, data: Any = None) -> None:
        """What a client says happened to that control."""
        await self._session.dispatch_event(control._i, event, data)
        await self.settle()

    async def click(self, identifier: str) -> None:
        """Press what has that identifier."""
        await self.fire(self.named(identifier), "click")

    async def type(self, identifier: str, text: str) -> None:
        """Type the whole of a field, as a client does: it holds the text before the page hears."""
        field = self.named(identifier)
        self._session.apply_patch(field._i, {"value": text})
        await self.fire(field, "change", text)

    async def key(self, key: str, **modifiers: bool) -> None:
        """Press a key of the page."""
        pressed = dict.fromkeys(("shift", "ctrl", "alt", "meta"), False) | modifiers
        await self._session.dispatch_event(self.page._i, "keyboard_event", {"key": key, **pressed})

    def _walk(self, value: object, seen: set[int]) -> Iterator[BaseControl]:
        found = unwrap_component(value)
        if isinstance(found, BaseControl):
            if id(found) in seen:
                return
            seen.add(id(found))
            yield found
            for name, field in type(found).__dataclass_fields__.items():
                if not field.metadata.get("skip") and name not in ("_parent", "_i", "_c", "data"):
                    yield from self._walk(getattr(found, name, None), seen)
        elif isinstance(found, list | tuple):
            for each in found:
                yield from self._walk(each, seen)
        elif isinstance(found, dict):
            for each in found.values():
                yield from self._walk(each, seen)
