"""The HTTP handlers, each with its possible answers: the OpenAPI description is made from them.

Before a handler runs, the middleware has checked the token and Litestar has decoded the body.
"""

from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any
from uuid import UUID

from attrs import evolve, frozen
from litestar import MediaType, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody, SkipValidation
from litestar.response import Stream
from litestar.types import ControllerRouterHandler

from manchengo.domain.ids import DeviceId
from manchengo_server import errors
from manchengo_server.app_state import AppState
from manchengo_server.pushing import Pushed
from manchengo_server.request_context import RequestContext
from manchengo_sync.wire import (
    PROTOCOL,
    Age,
    Challenge,
    CodeRequest,
    CodeResponse,
    DeviceProgram,
    DevicesResponse,
    EnrolRequest,
    EnrolResponse,
    Problem,
    PushRequest,
    PushResponse,
    RenewRequest,
    TailRequest,
    TailResponse,
    TokenRequest,
    TokenResponse,
    WithdrawRequest,
)

SharedState = NamedDependency[SkipValidation[AppState]]
CurrentRequest = NamedDependency[SkipValidation[RequestContext]]

BEARER = "token"
BY_TOKEN: Any = [{BEARER: []}]

ALWAYS = (errors.TooMany, errors.Unavailable, errors.StorageFull, errors.AnotherPlant)
WITH_A_BODY = (
    errors.NotUnderstood,
    errors.TooSlow,
    errors.TooLarge,
    errors.UnknownEncoding,
    errors.NoRoom,
)
WITH_A_TOKEN = (
    errors.NoToken,
    errors.UnknownDevice,
    errors.DeviceIsWithdrawn,
    errors.UserIsWithdrawn,
    errors.Recovering,
)


FOR_ADMINISTRATORS = (errors.NotAllowed, errors.PersonNotProved)


def error_responses(*kinds: type[errors.TurnedDown]) -> dict[int, ResponseSpec]:
    """The refusals of a handler as OpenAPI describes them: by status, with the codes of each."""
    by_status: dict[int, list[str]] = {}
    turned_down: tuple[type[errors.TurnedDown], ...] = (*ALWAYS, *kinds)
    for kind in turned_down:
        meaning = " ".join((kind.__doc__ or "").split())
        by_status.setdefault(kind.status, []).append(f"`{kind.code}`: {meaning}")
    return {
        status: ResponseSpec(Problem, description="\n\n".join(lines), generate_examples=False)
        for status, lines in sorted(by_status.items())
    }


@frozen
class Health:
    """The storage answers. ``head``: the number of the log's last entry."""

    head: int


# ---------------------------------------------------------------- exchanging


@post(
    "/sync/push",
    status_code=200,
    security=BY_TOKEN,
    responses=error_responses(
        *WITH_A_BODY,
        *WITH_A_TOKEN,
        errors.NotYours,
        errors.LogReset,
        errors.ProgramTooOld,
    ),
)
async def push(
    data: JSONBody[PushRequest], app_state: SharedState, request_context: CurrentRequest
) -> PushResponse:
    """Push commits, and pull the entries after the cursor.

    A commit that the server cannot take is named in the answer (`push_error`); the new entries come
    all the same. With `wait` and no commits, the answer is held back until there are new entries.
    """
    device_id = request_context.require_bearer().device_id
    exchange = partial(app_state.service.pushed, by=device_id)
    pushed = await app_state.in_thread(exchange, data)
    if data.wait and not data.commits and not pushed.response.new:
        request_context.line.waited = await app_state.waiting_requests.wait_beyond(
            data.cursor, data.wait
        )
        if app_state.waiting_requests.has_news(data.cursor):
            # Meanwhile something may have been recorded there.
            pushed = await app_state.in_thread(exchange, evolve(data, unsent=None))
        else:  # what was to be answered still holds, but for the time
            now = app_state.service.context.clock.now()
            pushed = evolve(pushed, response=evolve(pushed.response, server_time=now))
    _count(app_state, request_context, data, pushed)
    return pushed.response


def _count(
    app_state: AppState, request_context: RequestContext, data: PushRequest, pushed: Pushed
) -> None:
    facts = request_context.line.facts
    facts |= {"offered": len(data.commits), "new": len(pushed.response.new)}
    if pushed.verdicts:
        facts["verdicts"] = {kind.value: count for kind, count in pushed.verdicts.items()}
    for verdict, count in pushed.verdicts.items():
        app_state.metrics.commits.labels(verdict.value).inc(count)
    if pushed.divergences:
        facts["two_histories"] = [
            {"entry": each.entry, "seen": each.seen, "device": str(each.device_id)}
            for each in pushed.divergences
        ]
        app_state.metrics.two_histories.inc(len(pushed.divergences))
    stopped = pushed.response.push_error
    if stopped is not None:
        facts |= {"push_error": stopped.code, "commit": str(stopped.commit_id), "why": pushed.why}
        app_state.metrics.push_errors.labels(stopped.code.value).inc()


@post(
    "/sync/tail",
    status_code=200,
    security=BY_TOKEN,
    responses=error_responses(*WITH_A_BODY, *WITH_A_TOKEN, errors.NotYours, errors.NotOurWord),
)
async def tail(
    data: JSONBody[TailRequest], app_state: SharedState, request_context: CurrentRequest
) -> TailResponse:
    """Hand back, from its end to its beginning, what the server signed since the backup from which
    it was put back. `up_to` is the last entry that it wants next, 0 where it wants none.
    """
    device_id = request_context.require_bearer().device_id
    request_context.line.facts["returned"] = len(data.entries)
    return await app_state.in_thread(partial(app_state.service.take_back, data, by=device_id))


@get(
    "/sync/snapshot",
    security=BY_TOKEN,
    media_type="application/gzip",
    responses=error_responses(errors.NotUnderstood, *WITH_A_TOKEN, errors.ProgramTooOld),
)
async def snapshot(
    app_state: SharedState, request_context: CurrentRequest, protocol: FromQuery[int] = PROTOCOL
) -> Stream:
    """The whole log, for a new device: a gzip file of JSON lines. The first line is a
    `SnapshotHeader`, each other a `LogEntry`. The device then pulls the later entries.

    `protocol`: the version that the device speaks. Another version than the server's is refused
    before anything is sent; that device pulls the log from its beginning.
    """
    request_context.require_bearer()
    pieces = app_state.service.snapshot(protocol)
    # A fault of the store is met here, before the answer has begun.
    first = await app_state.in_thread(next, pieces)
    return Stream(_in_thread(app_state, first, pieces), media_type="application/gzip")


async def _in_thread(
    app_state: AppState, first: bytes, pieces: Iterator[bytes]
) -> AsyncIterator[bytes]:
    piece: bytes | None = first
    while piece is not None:
        yield piece
        piece = await app_state.in_thread(next, pieces, None)


# ---------------------------------------------------------------- devices and tokens


@post("/sync/challenge", status_code=200, responses=error_responses(*WITH_A_BODY))
async def challenge(app_state: SharedState) -> Challenge:
    """A challenge to sign within one minute."""
    return app_state.service.challenge()


@post(
    "/sync/token",
    status_code=200,
    responses=error_responses(
        *WITH_A_BODY,
        errors.NotProved,
        errors.UnknownDevice,
        errors.DeviceIsWithdrawn,
        errors.UserIsWithdrawn,
        errors.Recovering,
    ),
)
async def token(
    data: JSONBody[TokenRequest], app_state: SharedState, request_context: CurrentRequest
) -> TokenResponse:
    """A token for fifteen minutes, for a device that signed the challenge."""
    request_context.line.facts["device"] = str(data.device_id)
    return await app_state.in_thread(app_state.service.token, data)


@post(
    "/sync/enrol",
    status_code=200,
    responses=error_responses(
        *WITH_A_BODY,
        errors.WrongCode,
        errors.NothingThere,
        errors.DeviceTaken,
        errors.KeyIsWithdrawn,
        errors.NotEmpty,
        errors.RefusedByRule,
        errors.Recovering,
    ),
)
async def enrol(
    data: JSONBody[EnrolRequest], app_state: SharedState, request_context: CurrentRequest
) -> EnrolResponse:
    """Enrol a device by its one-time code. The same request again has the same answer."""
    request_context.line.facts["device"] = str(data.device_id)
    return await app_state.in_thread(app_state.service.enrol, data)


@post(
    "/sync/renew",
    status_code=200,
    security=BY_TOKEN,
    responses=error_responses(
        *WITH_A_BODY,
        *WITH_A_TOKEN,
        errors.NotYours,
        errors.DeviceTaken,
        errors.KeyIsWithdrawn,
        errors.RefusedByRule,
    ),
)
async def renew(
    data: JSONBody[RenewRequest], app_state: SharedState, request_context: CurrentRequest
) -> EnrolResponse:
    """Give a device another id, with the same key, after it found a copy of itself."""
    request_context.line.facts["renewed"] = str(data.device_id)
    return await app_state.in_thread(
        partial(app_state.service.renew, data, by=request_context.require_bearer().device_id)
    )


@post(
    "/sync/codes",
    status_code=200,
    security=BY_TOKEN,
    responses=error_responses(
        *WITH_A_BODY, *WITH_A_TOKEN, *FOR_ADMINISTRATORS, errors.NothingThere
    ),
)
async def codes(
    data: JSONBody[CodeRequest], app_state: SharedState, request_context: CurrentRequest
) -> CodeResponse:
    """For administrators: a one-time code that enrols one device."""
    return await app_state.in_thread(
        partial(app_state.service.new_code, data, by=request_context.require_bearer())
    )


@get(
    "/sync/devices",
    security=BY_TOKEN,
    responses=error_responses(*WITH_A_TOKEN, *FOR_ADMINISTRATORS),
)
async def devices(app_state: SharedState, request_context: CurrentRequest) -> DevicesResponse:
    """For administrators: whether each device's program is older or newer than the server's."""
    bearer = request_context.require_bearer()
    programs = await app_state.in_thread(app_state.service.programs_shown_to, bearer)
    return DevicesResponse(
        devices=tuple(
            DeviceProgram(device_id=device_id, program=age) for device_id, age in programs.items()
        )
    )


@post(
    "/sync/devices/{device_id:uuid}/withdraw",
    status_code=204,
    security=BY_TOKEN,
    responses=error_responses(
        *WITH_A_BODY,
        *WITH_A_TOKEN,
        *FOR_ADMINISTRATORS,
        errors.NothingThere,
        errors.RefusedByRule,
    ),
)
async def withdraw(
    device_id: FromPath[UUID],
    data: JSONBody[WithdrawRequest],
    app_state: SharedState,
    request_context: CurrentRequest,
) -> None:
    """For administrators: end a device's right to exchange."""
    request_context.line.facts["withdrawn"] = str(device_id)
    await app_state.in_thread(
        partial(
            app_state.service.withdraw,
            DeviceId(device_id),
            data.reason,
            by=request_context.require_bearer(),
        )
    )


# ---------------------------------------------------------------- the server itself


@get("/healthz", responses=error_responses())
async def healthz(app_state: SharedState) -> Health:
    """Answers while the storage does."""
    if app_state.waiting_requests.closed:
        raise errors.Unavailable
    return Health(await app_state.in_thread(app_state.service.head))


@get("/metrics", media_type=MediaType.TEXT, responses=error_responses())
async def metrics(app_state: SharedState) -> Response[bytes]:
    """What the server counts about itself, for Prometheus on the same machine."""
    app_state.metrics.head.set(await app_state.in_thread(app_state.service.head))
    app_state.metrics.parked.set(await app_state.in_thread(app_state.service.count_parked))
    app_state.metrics.waiting.set(app_state.waiting_requests.count)
    programs = await app_state.in_thread(app_state.service.programs)
    for age in Age:
        app_state.metrics.programs.labels(age.value).set(list(programs.values()).count(age))
    return Response(app_state.metrics.exposition(), media_type="text/plain; version=0.0.4")


HANDLERS: list[ControllerRouterHandler] = [
    push,
    tail,
    snapshot,
    challenge,
    token,
    enrol,
    renew,
    codes,
    devices,
    withdraw,
    healthz,
    metrics,
]
