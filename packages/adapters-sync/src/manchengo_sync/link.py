"""The way to the server, as an exchange sees it: what may be asked, and how it may fail.

Whatever fails, nothing is lost: a commit leaves the queue only when it is seen in the log.
"""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from attrs import frozen

from manchengo.application.replication.server_log import Offered
from manchengo.domain.commit import Commit
from manchengo.domain.ids import CommitId, DeviceId
from manchengo_sync.wire import (
    BundleKey,
    EnrolResponse,
    PushRequest,
    PushResponse,
    RenewRequest,
    ServerWord,
    TailRequest,
    TailResponse,
)


class Link(Protocol):
    """One server, reached somehow. A call blocks until it is answered or raises a ``LinkError``.

    The same question may be asked any number of times: the server knows commits by their ids. An
    answer may be lost after the server acted on the question, and says then nothing.
    """

    def push(self, request: PushRequest) -> PushResponse:
        """Pushes commits and returns the entries after the cursor. Acts as
        ``request.replica_id``. With ``request.wait``, may block that much longer.
        """

    def prepared(self, request: PushRequest) -> Callable[[], PushResponse]:
        """That push, to be called later: what needs no server is done now."""
        return partial(self.push, request)

    def let_in(
        self,
        device_id: DeviceId,  # noqa: ARG002 - most ways need not
        enrolment: Offered | None = None,  # noqa: ARG002 - as above
    ) -> None:
        """Show the server who asks, where it was not shown: the next question of that device then
        takes one way there and back. What is recorded meanwhile can still go with it.
        ``enrolment``: by what it was let in, for a server that is ``Recovering`` and does not know
        the device yet: it may then hand back.
        """
        return

    def renew(self, request: RenewRequest) -> EnrolResponse:
        """Tell the server that a device it knows bears another id from now on, under the same key.
        Speaks as ``request.former_id``. Saying it again changes nothing.
        """

    def return_tail(self, request: TailRequest) -> TailResponse:  # noqa: ARG002 - as above
        """Hand a server that is ``Recovering`` what it lacks of its own log. Speaks as
        ``request.replica_id``. Saying it again changes nothing. Not every way leads to a server
        that recovers: by default it wants nothing.
        """
        return TailResponse(up_to=0)


class LinkError(Exception):
    """The question was not answered. The queue stays as it is."""


@frozen(kw_only=True)
class Unreachable(LinkError):
    """No network, no server, or one that is busy or stopping. Ask again later, for ever.

    ``retry_after``: seconds before which the server does not want to be asked; None when it did
    not say. ``was_sent``: the question left, and no whole answer came: the server may have acted on
    it, and less to carry may pass.
    """

    why: str = ""
    retry_after: float | None = None
    was_sent: bool = False


@frozen(kw_only=True)
class Untrusted(Unreachable):
    """Whoever answered could not prove to be the server: another certificate, or a device whose
    clock is so wrong that none is valid.
    """


@frozen(kw_only=True)
class ServerFull(Unreachable):
    """The server's disk is full: it takes nothing in until its operator makes room."""

    retry_after: float | None = 60.0


@frozen(kw_only=True)
class Recovering(Unreachable):
    """The server was put back from a backup, and takes back from devices what it signed since: it
    takes in nothing else, and gives nothing out, until its operator begins the new epoch.

    ``keep``: where its log, still named ``log_epoch``, ended in the backup. ``word``: that end,
    signed; ``succession``: as in ``wire.PushResponse``. ``returned``: how many entries this device
    handed back just now.
    """

    retry_after: float | None = 15.0
    log_epoch: str = ""
    keep: int = 0
    word: ServerWord | None = None
    succession: tuple[Commit, ...] = ()
    returned: int = 0


@frozen(kw_only=True)
class Unauthorised(LinkError):
    """The server does not let this device or this person in: withdrawn, or never enrolled. Somebody
    has to do something about it; work goes on, and what is recorded waits.

    ``code``: why, as ``wire.Problem`` has it.
    """

    code: str = ""
    why: str = ""


@frozen(kw_only=True)
class LogReset(LinkError):
    """The server was put back from a backup: its log, now named ``log_epoch``, is another one
    beyond the entry ``keep``, or an earlier one that the server does not know.
    ``server_key``: the key for which file bundles are sealed now; "" from a server of before.
    ``word``: the end of that log, signed; None from a server of before. ``succession``,
    ``bundle_key``: as in ``wire.PushResponse``.
    """

    log_epoch: str
    keep: int
    server_key: str = ""
    word: ServerWord | None = None
    succession: tuple[Commit, ...] = ()
    bundle_key: BundleKey | None = None


@frozen(kw_only=True)
class AnotherPlant(LinkError):
    """The server keeps another plant than the one that this database belongs to: nothing was sent,
    or it accepted nothing.

    ``plant``: whose log this database holds, ``asked``: the server's; names, or ids where only
    those are known.
    """

    plant: str = ""
    asked: str = ""


@frozen(kw_only=True)
class ForgedLog(LinkError):
    """The server's log holds an entry that is not what its author and the rules can have made of
    it. The entries before it were applied; of it, and of those behind it, nothing was.

    ``entry``: its place in the log. ``why``: what is wrong with it, in English. ``code``: as
    ``ForgedEntry`` has it.
    """

    entry: int
    commit_id: CommitId
    why: str
    code: str = ""


@frozen(kw_only=True)
class UntrustedWord(LinkError):
    """What the server says of its log is not signed as it was before, or contradicts what it signed
    before. Nothing of the answer was applied, and what was recorded here stays.

    ``code``: "word_unsigned", "word_of_another_key", "word_forged", "log_went_back" or
    "two_histories". ``entry``: the place in the log that it is about, 0 where it is about none.
    """

    code: str
    entry: int = 0


@frozen
class TooOld(LinkError):
    """The server does not take commits from this version of the program any more; it may still be
    asked for what is new.
    """


@frozen
class ServerTooOld(TooOld):
    """The server's program is the older one, and does not take commits from this version yet."""


@frozen
class TooLarge(LinkError):
    """The server, or something on the way to it, does not take that much at once."""


@frozen(kw_only=True)
class NotUnderstood(LinkError):
    """One side did not understand the other: a fault of ours. Asking again will not help.

    ``code``: why, as ``wire.Problem`` has it; empty where it was this side that did not understand.
    """

    code: str = ""
    why: str = ""
