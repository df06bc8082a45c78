"""The server over HTTP: a Litestar application, wrapped in our middleware."""

import time
from importlib.metadata import version
from typing import Any

import msgspec
from litestar import Litestar, Request, Response
from litestar.config.compression import CompressionConfig
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, OpenAPIType, Schema, SecurityScheme
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from manchengo_server.app_state import AppState
from manchengo_server.errors import NotUnderstood, TurnedDown
from manchengo_server.limits import Timer
from manchengo_server.middleware import REQUEST_CONTEXT, Middleware
from manchengo_server.request_context import RequestContext
from manchengo_server.routes import BEARER, HANDLERS
from manchengo_server.settings import Settings
from manchengo_sync.wire import Problem

WORTH_PACKING = 1_000
QUICKLY = 4
"""How hard gzip tries: a page of the log shrinks to a fifth, and hardly more with patience."""


BYTE: Any = "byte"
"""OpenAPI's name for base64, which Litestar's list of formats lacks."""


def app(app_state: AppState, settings: Settings, *, timer: Timer = time.monotonic) -> Middleware:
    """The caller stops the ``Middleware`` when the process is asked to end, and closes the
    ``AppState`` when it ends. ``timer``: the clock of the rate limits, in seconds.
    """
    inside = Litestar(
        HANDLERS,
        dependencies={
            "app_state": Provide(lambda: app_state, use_cache=True, sync_to_thread=False),
            "request_context": Provide(_request_context, sync_to_thread=False),
        },
        exception_handlers={
            TurnedDown: _turned_down,
            HTTPException: _not_served,
            RecursionError: _not_understood,
            msgspec.MsgspecError: _not_understood,
            UnicodeDecodeError: _not_understood,
            Exception: _raised,
        },
        compression_config=CompressionConfig(
            backend="gzip",
            minimum_size=WORTH_PACKING,
            gzip_compress_level=QUICKLY,
            exclude=["^/sync/snapshot$"],
        ),
        openapi_config=OpenAPIConfig(
            title="Manchengo",
            version=version("manchengo-server"),
            path="/schema",
            description="The central server of a plant: one log of commits, with their verdicts.",
            use_handler_docstrings=True,
            render_plugins=[JsonRenderPlugin(path="/")],
            components=Components(
                security_schemes={BEARER: SecurityScheme(type="http", scheme="bearer")}
            ),
        ),
        plugins=[_Base64()],
        request_max_body_size=None,  # the middleware has measured it
        logging_config=None,  # the middleware writes the journal
    )
    return Middleware(inside, app_state, settings, timer)


class _Base64(OpenAPISchemaPlugin):
    """Bytes travel as base64, and the description says so."""

    @staticmethod
    def is_plugin_supported_type(value: Any) -> bool:
        return value is bytes

    def to_openapi_schema(
        self,
        field_definition: FieldDefinition,  # noqa: ARG002 - as it is called
        schema_creator: Any,  # noqa: ARG002 - as it is called
    ) -> Schema:
        return Schema(type=OpenAPIType.STRING, format=BYTE, content_encoding="base64")


def _request_context(request: Request[Any, Any, Any]) -> RequestContext:
    request_context: RequestContext = request.scope["state"][REQUEST_CONTEXT]
    return request_context


def _turned_down(_: Request[Any, Any, Any], no: TurnedDown) -> Response[Problem]:
    raise no


def _not_served(_: Request[Any, Any, Any], error: HTTPException) -> Response[Problem]:
    """What Litestar itself refuses: an unknown path, a wrong method, a body that is no JSON."""
    if error.status_code == NotUnderstood.status:
        raise NotUnderstood(detail=error.detail)
    return Response(Problem(code="not_served", message=error.detail), status_code=error.status_code)


def _not_understood(_: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    raise NotUnderstood(detail=type(error).__name__) from error


def _raised(_: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """Faults of the storage and of our own code: the middleware tells which."""
    raise error
