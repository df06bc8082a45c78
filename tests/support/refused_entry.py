"""An entry that a server of before took in, and that no device takes in."""

import pytest
from attrs import evolve

from manchengo import codec
from manchengo.application.replication import verdicts
from manchengo.commands import StartImport
from manchengo.domain.commit import Verdict
from manchengo.domain.ids import ImportId
from manchengo.domain.import_batch import ImportKind
from manchengo_server.service import Service
from manchengo_sync.signing import sign
from tests.support.dairy import MONDAY, an_id
from tests.support.server import Device


def an_import(name: str) -> StartImport:
    return StartImport(
        import_id=ImportId(an_id(name)),
        kind=ImportKind.LOTS,
        file_name="lots.csv",
        digest=name,
        on=MONDAY,
    )


def taken_in_before(service: Service, thief: Device, monkeypatch: pytest.MonkeyPatch) -> int:
    """Its place in the log. The start of one import, beside the event of another."""
    thief.does(an_import("one"))
    (offered,) = thief.offered()
    asked = codec.commands.encode(an_import("two"))
    commit = codec.sealed(evolve(offered.commit, command=asked))
    altered = evolve(offered, commit=commit, signature=sign(thief.key, commit.hash))
    request = evolve(thief.request(), commits=(altered,))
    with monkeypatch.context() as before:
        before.setattr(verdicts, "_forged", lambda *_given, **_named: None)
        answer = service.push(request, by=thief.id)
    assert (answer.push_error, answer.new[-1].verdict) == (None, Verdict.ACCEPTED)
    return answer.new[-1].global_seq
