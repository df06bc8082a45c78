"""Answers a request that came as a file, by a file, just as over the network."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from attrs import evolve, frozen

from manchengo.ports.rows import DeviceRow
from manchengo_server.authorisation import active_device, bearer
from manchengo_server.bundle_keys import BundleKeys
from manchengo_server.errors import TurnedDown
from manchengo_server.let_in_since import key_let_in_since
from manchengo_server.service import Service
from manchengo_sync.bundle import Question, Reply, answered, open_request, seal_answer
from manchengo_sync.sealing import NotForUs
from manchengo_sync.wire import RenewRequest


@frozen(kw_only=True)
class Answered:
    """``sealed``: the file to carry back; the others are shown at the terminal. ``code``: why the
    device was turned down; "" when it was not.
    """

    sealed: bytes
    device: str
    synced: int
    new: int
    code: str


def answer(service: Service, sealed: bytes) -> Answered:
    """Raises a ``BundleError`` of ``manchengo_sync.sealing`` when the file is no request that this
    server may read.
    """
    server_key, question = _opened(service, sealed)
    reply = _reply(service, question)
    return Answered(
        sealed=seal_answer(reply, server_key=server_key, answer_key=question.answer_key),
        device=service.name_of(question.known_as),
        synced=sum(len(response.synced) for response in reply.responses),
        new=sum(len(response.new) for response in reply.responses),
        code=reply.problem.code if reply.problem else "",
    )


def _opened(service: Service, sealed: bytes) -> tuple[str, Question]:
    """The request, and the private key for which it was sealed: the device knows the server by
    that, and has to be answered with it.
    """
    with service.context.reading() as snapshot:
        keys = BundleKeys.read(snapshot, service.context.wrapping)
    for key in keys.readable(service.context.clock.now()):
        with suppress(NotForUs):
            return key, open_request(sealed, server_key=key, keys_of=_keys_of(service))
    raise NotForUs


def _keys_of(service: Service) -> Callable[[Question], list[str]]:
    """Keys of withdrawn devices too: their sealed answer says that they are withdrawn."""

    def keys(question: Question) -> list[str]:
        with service.context.reading() as snapshot:
            row = snapshot.get(DeviceRow, question.known_as)
        since = _key_let_in_since(service, question)
        return [key for key in (since, row.public_key if row else None) if key]

    return keys


def _key_let_in_since(service: Service, question: Question) -> str | None:
    """With which it may do nothing but hand back."""
    with service.context.reading() as snapshot:
        return key_let_in_since(service.context, snapshot, question.known_as, question.enrolment)


def _reply(service: Service, question: Question) -> Reply:
    known_as, mark = question.known_as, ""
    try:
        service.context.must_keep(str(question.plant_id or ""))
        if question.public_key != _key_let_in_since(service, question):
            with service.door("session.push", known_as), service.context.reading() as snapshot:
                bearer(snapshot, known_as)
                mark = active_device(snapshot, known_as).mark
        for page in question.tail:
            service.take_back(evolve(page, replica_id=known_as), by=known_as)
        if question.device_id != known_as:
            renewal = RenewRequest(former_id=known_as, device_id=question.device_id)
            mark = service.renew(renewal, by=known_as).mark
            known_as = question.device_id
        responses = answered(question, partial(service.push, by=known_as))
    except TurnedDown as no:
        return Reply(known_as=known_as, mark=mark, problem=no.problem(), status=no.status)
    return Reply(known_as=known_as, mark=mark, responses=responses)
