"""Why the server turns a request down: one tree, each with its HTTP status and a stable code.

``code`` is for programs and never changes; the sentence is for readers of a log. A commit that is
refused is no error: the answer says so and still brings the new entries.
"""

from typing import ClassVar

from attrs import frozen

from manchengo.domain.commit import Commit
from manchengo_sync.wire import PROTOCOL, BundleKey, Problem, ServerWord


@frozen(kw_only=True)
class TurnedDown(Exception):
    """The request was not done, and nothing of it was stored."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "turned_down"

    @property
    def message(self) -> str:
        """What went wrong, in English."""
        return " ".join((type(self).__doc__ or "").split())

    def problem(self) -> Problem:
        """What the client is sent as the body of the answer."""
        return Problem(code=self.code, message=self.message)


@frozen(kw_only=True)
class NotUnderstood(TurnedDown):
    """The request is not what was to be said there."""

    code = "not_understood"
    detail: str = ""

    @property
    def message(self) -> str:
        return f"{super().message} {self.detail}".strip()


@frozen(kw_only=True)
class TwoLengths(NotUnderstood):
    """The request gives its length in two ways, which a proxy might read otherwise."""


# ---------------------------------------------------------------- who asks


@frozen(kw_only=True)
class NoToken(TurnedDown):
    """There is no token, or it is not one of this server's, or its time is over."""

    status = 401
    code = "token"


@frozen(kw_only=True)
class ForgedToken(NoToken):
    """The token is not one that this server made, or it was made under a key of before."""


@frozen(kw_only=True)
class NotProved(TurnedDown):
    """The device did not sign this challenge, or the challenge is too old or was used before."""

    status = 401
    code = "not_proved"


@frozen(kw_only=True)
class AnotherPlant(TurnedDown):
    """The request names another plant than the one that this server keeps."""

    status = 421
    code = "another_plant"


@frozen(kw_only=True)
class UnknownDevice(TurnedDown):
    """The server's log does not know that device: it must be enrolled."""

    status = 401
    code = "device_unknown"


@frozen(kw_only=True)
class DeviceIsWithdrawn(TurnedDown):
    """The device was withdrawn: it may be enrolled again, and loses nothing meanwhile."""

    status = 403
    code = "device_withdrawn"


@frozen(kw_only=True)
class KeyIsWithdrawn(TurnedDown):
    """The key is or was another device's, and may be withdrawn: this one needs one of its own."""

    status = 403
    code = "key_withdrawn"


@frozen(kw_only=True)
class RenewalWaits(TurnedDown):
    """Another copy of this database took an id of its own lately: an administrator allows more."""

    status = 403
    code = "renewal_waits"


@frozen(kw_only=True)
class UserIsWithdrawn(TurnedDown):
    """The user may no longer act, or is nobody the log knows."""

    status = 403
    code = "user_withdrawn"


@frozen(kw_only=True)
class NotYours(TurnedDown):
    """A device speaks for itself alone."""

    status = 403
    code = "not_yours"


@frozen(kw_only=True)
class NotAllowed(TurnedDown):
    """This is for administrators."""

    status = 403
    code = "not_permitted"


@frozen(kw_only=True)
class PersonNotProved(TurnedDown):
    """This is for an administrator who signed for the token, and not for their device alone."""

    status = 403
    code = "person_not_proved"


@frozen(kw_only=True)
class WrongCode(TurnedDown):
    """The code is not one of this server's, or was used, or its time is over."""

    status = 403
    code = "code_refused"


# ---------------------------------------------------------------- what is asked


@frozen(kw_only=True)
class NothingThere(TurnedDown):
    """There is nobody and nothing by that name."""

    status = 404
    code = "not_found"


@frozen(kw_only=True)
class LogReset(TurnedDown):
    """The server's log is another one since: go on from the entry ``keep`` of ``log_epoch``."""

    status = 409
    code = "log_reset"
    log_epoch: str
    keep: int
    server_key: str
    word: ServerWord
    succession: tuple[Commit, ...]
    bundle_key: BundleKey | None = None

    def problem(self) -> Problem:
        return Problem(
            code=self.code,
            message=self.message,
            log_epoch=self.log_epoch,
            keep=self.keep,
            server_key=self.server_key,
            bundle_key=self.bundle_key,
            word=self.word,
            succession=self.succession,
        )


@frozen(kw_only=True)
class DeviceTaken(TurnedDown):
    """A device of that id works already, with another key."""

    status = 409
    code = "device_taken"


@frozen(kw_only=True)
class NotEmpty(TurnedDown):
    """The plant has a device already: an administrator gives the codes from here on."""

    status = 409
    code = "plant_not_empty"


@frozen(kw_only=True)
class RefusedByRule(TurnedDown):
    """A rule of the dairy does not allow this."""

    status = 422
    code = "refused"
    refusal: str

    @property
    def message(self) -> str:
        return f"{super().message} {self.refusal}"


@frozen(kw_only=True)
class ProgramTooOld(TurnedDown):
    """The two programs do not speak the same protocol: bring the older one up to date."""

    status = 426
    code = "protocol"

    def problem(self) -> Problem:
        return Problem(code=self.code, message=self.message, protocol=PROTOCOL)


# ---------------------------------------------------------------- how it is asked


@frozen(kw_only=True)
class TooSlow(TurnedDown):
    """The request did not come in whole in time."""

    status = 408
    code = "too_slow"


@frozen(kw_only=True)
class TooLarge(TurnedDown):
    """The request is larger than the server reads."""

    status = 413
    code = "too_large"


@frozen(kw_only=True)
class UnknownEncoding(TurnedDown):
    """A body is JSON in clear or in gzip, and nothing else."""

    status = 415
    code = "encoding"


@frozen(kw_only=True)
class TooMany(TurnedDown):
    """Too many requests: wait before the next one."""

    status = 429
    code = "too_many"
    seconds: int


@frozen(kw_only=True)
class Unavailable(TurnedDown):
    """The server is stopping, or cannot reach its storage: try again later."""

    status = 503
    code = "unavailable"


@frozen(kw_only=True)
class StorageFull(TurnedDown):
    """The server's disk is full: it takes nothing in until its operator makes room."""

    status = 507
    code = "storage_full"


@frozen(kw_only=True)
class Recovering(TurnedDown):
    """The server was put back from a backup, and takes back what it lacks: its operator begins the
    new epoch, and nothing else comes into the log, or goes out, before that.
    """

    status = 503
    code = "recovering"
    log_epoch: str = ""
    keep: int = 0
    word: ServerWord | None = None
    succession: tuple[Commit, ...] = ()

    def problem(self) -> Problem:
        return Problem(
            code=self.code,
            message=self.message,
            log_epoch=self.log_epoch,
            keep=self.keep,
            word=self.word,
            succession=self.succession,
        )


@frozen(kw_only=True)
class NotOurWord(TurnedDown):
    """What is handed back is not under the signature of this server, or not what it signed."""

    status = 422
    code = "word_not_ours"


@frozen(kw_only=True)
class NoRoom(TurnedDown):
    """The server holds as many bytes of requests as it may: try again later."""

    status = 503
    code = "no_room"


# ---------------------------------------------------------------- the server itself


@frozen
class NotFounded(Exception):
    """The store holds no plant yet: ``found`` one first."""


@frozen
class AlreadyFounded(Exception):
    """The store holds a plant already."""

    plant: str


TURNED_DOWN: tuple[type[TurnedDown], ...] = tuple(TurnedDown.__subclasses__())
