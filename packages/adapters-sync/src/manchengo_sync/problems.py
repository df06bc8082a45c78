"""Turns an answer with an error status into an error of ``link``, by its status and its content."""

from manchengo_sync import wire
from manchengo_sync.link import (
    AnotherPlant,
    LinkError,
    LogReset,
    NotUnderstood,
    Recovering,
    ServerFull,
    ServerTooOld,
    TooLarge,
    TooOld,
    Unauthorised,
    Unreachable,
)

LONGEST_RETRY_AFTER = 3_600.0


def error_of(status: int, problem: wire.Problem | None, retry_after: str = "") -> LinkError:
    """``problem``: None where a proxy or a captive portal answered; such errors are temporary."""
    code = problem.code if problem else ""
    why = problem.message if problem else f"HTTP {status}"
    match status:
        case 401 | 403 if problem:
            return Unauthorised(code=code, why=why)
        case 409 if problem and code == "log_reset":
            return LogReset(
                log_epoch=problem.log_epoch,
                keep=problem.keep,
                server_key=problem.server_key,
                bundle_key=problem.bundle_key,
                word=problem.word,
                succession=problem.succession,
            )
        case 413:
            return TooLarge()
        case 421 if problem:
            return AnotherPlant()
        case 426 if problem:
            is_older = 0 < problem.protocol < wire.PROTOCOL
            return ServerTooOld() if is_older else TooOld()
        case 503 if problem and code == "recovering":
            return Recovering(
                why=why,
                log_epoch=problem.log_epoch,
                keep=problem.keep,
                word=problem.word,
                succession=problem.succession,
            )
        case 507 if problem:
            return ServerFull(why=why)
        case 425 | 429:
            return Unreachable(why=why, retry_after=seconds(retry_after))
        case 408 | 502 | 504:  # a proxy or the server timed out
            return Unreachable(why=why, retry_after=seconds(retry_after), was_sent=True)
        case _ if problem is None or status >= 500:
            return Unreachable(why=why, retry_after=seconds(retry_after))
        case _:
            return NotUnderstood(code=code, why=why)


def seconds(header: str) -> float | None:
    """The seconds of a ``Retry-After`` header, at most an hour; None where it holds no number."""
    if not (header.isascii() and header.isdigit()):
        return None
    return min(float(header), LONGEST_RETRY_AFTER)
