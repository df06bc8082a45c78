"""What may be asked over HTTP, and every answer to it: the server's own description is made of it.

The middleware knows the caller before a handler runs; Litestar has read the body.
"""

from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any
from uuid import UUID

from attrs import frozen
from litestar import MediaType, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, JSONBody, SkipValidation
from litestar.response import Stream
from litestar.types import ControllerRouterHandler

from manchengo.domain.ids import DeviceId
from manchengo_server import errors
from manchengo_server.pushing import Pushed
from manchengo_server.request_context import Asked, RequestContext
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
    TokenRequest,
    TokenResponse,
    WithdrawRequest,
)

AtDesk = NamedDependency[SkipValidation[RequestContext]]
Known = NamedDependency[SkipValidation[Asked]]

BEARER = "token"
BY_TOKEN: Any = [{BEARER: []}]

ALWAYS = (errors.TooMany, errors.Unavailable, errors.AnotherPlant)
WITH_A_BODY = (
    errors.NotUnderstood,
    errors.TooSlow,
    errors.TooLarge,
    errors.UnknownEncoding,
    errors.NoRoom,
)
WITH_A_TOKEN = (errors.NoToken, errors.UnknownDevice, errors.DeviceIsWithdrawn)


def or_else(*kinds: type[errors.TurnedDown]) -> dict[int, ResponseSpec]:
    """The other answers, as the description has them: by status, with the codes that come so."""
    by_status: dict[int, list[str]] = {}
    turned_down: tuple[type[errors.TurnedDown], ...] = (*ALWAYS, *kinds)
    for kind in turned_down:
        said = " ".join((kind.__doc__ or "").split())
        by_status.setdefault(kind.status, []).append(f"`{kind.code}`: {said}")
    return {
        status: ResponseSpec(Problem, description="\n\n".join(lines), generate_examples=False)
        for status, lines in sorted(by_status.items())
    }


@frozen
class Health:
    """The storage answers, and the log ends there."""

    head: int


# ---------------------------------------------------------------- exchanging


@post(
    "/sync/push",
    status_code=200,
    security=BY_TOKEN,
    responses=or_else(
        *WITH_A_BODY, *WITH_A_TOKEN, errors.NotYours, errors.LogReset, errors.ProgramTooOld
    ),
)
async def push(data: JSONBody[PushRequest], request_context: AtDesk, asked: Known) -> PushResponse:
    """Offer commits, and be told what is new beyond the cursor.

    Whatever is wrong with a commit is in the answer (`push_error`) and withholds nothing new. With
    `wait`, and nothing offered, the answer is held back until there is something new.
    """
    device_id = asked.by.device_id
    exchange = partial(request_context.service.pushed, by=device_id)
    pushed = await request_context.in_thread(exchange, data)
    if data.wait and not data.commits and not pushed.response.new:
        asked.line.waited = await request_context.room.news_beyond(data.cursor, data.wait)
        pushed = await request_context.in_thread(exchange, data)
    _count(request_context, asked, data, pushed)
    return pushed.response


def _count(
    request_context: RequestContext, asked: Asked, data: PushRequest, pushed: Pushed
) -> None:
    facts = asked.line.facts
    facts |= {"offered": len(data.commits), "new": len(pushed.response.new)}
    if pushed.verdicts:
        facts["verdicts"] = {kind.value: count for kind, count in pushed.verdicts.items()}
    for verdict, count in pushed.verdicts.items():
        request_context.metrics.commits.labels(verdict.value).inc(count)
    stopped = pushed.response.push_error
    if stopped is not None:
        facts |= {"push_error": stopped.code, "commit": str(stopped.commit_id), "why": pushed.why}
        request_context.metrics.push_errors.labels(stopped.code.value).inc()


@get(
    "/sync/snapshot",
    security=BY_TOKEN,
    media_type="application/gzip",
    responses=or_else(errors.NotUnderstood, *WITH_A_TOKEN, errors.ProgramTooOld),
)
async def snapshot(
    request_context: AtDesk, asked: Known, protocol: FromQuery[int] = PROTOCOL
) -> Stream:
    """The whole log, for a device that comes new: a gzip file of JSON lines, the first of which is
    a `SnapshotHeader`, each other a `LogEntry`. What came since is to be pulled.

    `protocol`: what the device speaks. One that speaks another is told so before anything is sent,
    and pulls the log from its beginning.
    """
    assert asked.known is not None, "the middleware has checked the token"
    pieces = request_context.service.snapshot(protocol)
    first = await request_context.in_thread(
        next, pieces
    )  # what can go wrong goes wrong before the answer
    return Stream(_in_thread(request_context, first, pieces), media_type="application/gzip")


async def _in_thread(
    request_context: RequestContext, first: bytes, pieces: Iterator[bytes]
) -> AsyncIterator[bytes]:
    piece: bytes | None = first
    while piece is not None:
        yield piece
        piece = await request_context.in_thread(next, pieces, None)


# ---------------------------------------------------------------- who may


@post("/sync/challenge", status_code=200, responses=or_else(*WITH_A_BODY))
async def challenge(request_context: AtDesk) -> Challenge:
    """Something to sign, within the minute."""
    return request_context.service.challenge()


@post(
    "/sync/token",
    status_code=200,
    responses=or_else(
        *WITH_A_BODY,
        errors.NotProved,
        errors.UnknownDevice,
        errors.DeviceIsWithdrawn,
        errors.UserIsWithdrawn,
    ),
)
async def token(
    data: JSONBody[TokenRequest], request_context: AtDesk, asked: Known
) -> TokenResponse:
    """A token for a quarter of an hour, for a device that signed the challenge."""
    asked.line.facts["device"] = str(data.device_id)
    return await request_context.in_thread(request_context.service.token, data)


@post(
    "/sync/enrol",
    status_code=200,
    responses=or_else(
        *WITH_A_BODY,
        errors.WrongCode,
        errors.NothingThere,
        errors.DeviceTaken,
        errors.KeyIsWithdrawn,
        errors.NotEmpty,
        errors.RuleSaysNo,
    ),
)
async def enrol(
    data: JSONBody[EnrolRequest], request_context: AtDesk, asked: Known
) -> EnrolResponse:
    """Let a device in, with a one-time code. The same once more has the same answer."""
    asked.line.facts["device"] = str(data.device_id)
    return await request_context.in_thread(request_context.service.enrol, data)


@post(
    "/sync/renew",
    status_code=200,
    security=BY_TOKEN,
    responses=or_else(
        *WITH_A_BODY,
        *WITH_A_TOKEN,
        errors.NotYours,
        errors.DeviceTaken,
        errors.KeyIsWithdrawn,
        errors.RuleSaysNo,
    ),
)
async def renew(
    data: JSONBody[RenewRequest], request_context: AtDesk, asked: Known
) -> EnrolResponse:
    """A device that found a twin goes on under another id, with the same key."""
    asked.line.facts["renewed"] = str(data.device_id)
    return await request_context.in_thread(
        partial(request_context.service.renew, data, by=asked.by.device_id)
    )


@post(
    "/sync/codes",
    status_code=200,
    security=BY_TOKEN,
    responses=or_else(*WITH_A_BODY, *WITH_A_TOKEN, errors.NotAllowed, errors.NothingThere),
)
async def codes(data: JSONBody[CodeRequest], request_context: AtDesk, asked: Known) -> CodeResponse:
    """For administrators: a code that lets one device in."""
    return await request_context.in_thread(
        partial(request_context.service.new_code, data, by=asked.by)
    )


@get(
    "/sync/devices",
    security=BY_TOKEN,
    responses=or_else(*WITH_A_TOKEN, errors.NotAllowed),
)
async def devices(request_context: AtDesk, asked: Known) -> DevicesResponse:
    """For administrators: how the programs of the devices stand beside the server's."""
    if not asked.by.is_administrator:
        raise errors.NotAllowed
    programs = await request_context.in_thread(request_context.service.programs)
    return DevicesResponse(
        devices=tuple(
            DeviceProgram(device_id=device_id, program=age) for device_id, age in programs.items()
        )
    )


@post(
    "/sync/devices/{device_id:uuid}/withdraw",
    status_code=204,
    security=BY_TOKEN,
    responses=or_else(
        *WITH_A_BODY, *WITH_A_TOKEN, errors.NotAllowed, errors.NothingThere, errors.RuleSaysNo
    ),
)
async def withdraw(
    device_id: FromPath[UUID],
    data: JSONBody[WithdrawRequest],
    request_context: AtDesk,
    asked: Known,
) -> None:
    """For administrators: from here on that device is not let in any more."""
    asked.line.facts["withdrawn"] = str(device_id)
    await request_context.in_thread(
        partial(request_context.service.withdraw, DeviceId(device_id), data.reason, by=asked.by)
    )


# ---------------------------------------------------------------- the server itself


@get("/healthz", responses=or_else())
async def healthz(request_context: AtDesk) -> Health:
    """Whether the storage answers."""
    if request_context.room.closed:
        raise errors.Unavailable
    return Health(await request_context.in_thread(request_context.service.head))


@get("/metrics", media_type=MediaType.TEXT, responses=or_else())
async def metrics(request_context: AtDesk) -> Response[bytes]:
    """What the server counts about itself, for Prometheus on the same machine."""
    request_context.metrics.head.set(await request_context.in_thread(request_context.service.head))
    request_context.metrics.parked.set(
        await request_context.in_thread(request_context.service.count_parked)
    )
    request_context.metrics.waiting.set(request_context.room.count)
    programs = await request_context.in_thread(request_context.service.programs)
    for age in Age:
        request_context.metrics.programs.labels(age.value).set(list(programs.values()).count(age))
    return Response(request_context.metrics.told(), media_type="text/plain; version=0.0.4")


HANDLERS: list[ControllerRouterHandler] = [
    push,
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
