"""When a command cannot be done: one sentence on standard error, and an exit code that says whose
doing it is. 1: a rule of the dairy refused. 2: the command line is wrong. 3: the machine.

Nobody sees a traceback for a mistake of theirs. With ``--json`` the same is said as an object:
``{"error": name, "facts": {…}, "message": sentence}``.
"""

import os
import sys
import traceback
from typing import Any

from manchengo_cli.exit_codes import ENVIRONMENT, MISUSED, REFUSED
from manchengo_cli.explanation import Explanation
from manchengo_cli.output import Lines, say, write_json
from manchengo_cli.own_sentences import SENTENCES
from manchengo_workplace.failures import Origin, failure_of

EXIT_CODES = {Origin.RULE: REFUSED, Origin.REQUEST: MISUSED, Origin.MACHINE: ENVIRONMENT}

DEBUG = "MANCHENGO_DEBUG"


def report(error: BaseException, *, in_json: bool) -> int:
    """Say what went wrong, and answer the exit code."""
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    explained = explain(error)
    if in_json:
        shape = {
            "error": explained.name,
            "facts": explained.facts,
            "message": explained.message,
        }
        write_json(shape, sys.stderr, otherwise=str)
        return explained.exit_code
    if explained.usage:
        say(Lines([explained.usage]))
    say(explained.message)
    return explained.exit_code


def explain(error: BaseException) -> Explanation:
    """The sentence, the exit code and the facts that an exception is reported with."""
    if getattr(error, "exit_code", None) == MISUSED:
        from manchengo_cli.usage_errors import misuse  # late: only a wrong command line needs it

        return misuse(error)
    from manchengo.domain.errors import Refused  # late: what failed has loaded it already

    if isinstance(error, Refused):
        from manchengo_presenters.refusal_text import sentence  # late, for the same reason

        return Explanation(type(error).__name__, sentence(error), REFUSED, _facts(error))
    failure = failure_of(error)
    return Explanation(
        failure.name, failure.worded(SENTENCES), EXIT_CODES[failure.origin], failure.facts
    )


def _facts(refusal: Any) -> dict[str, object]:
    """The facts of a refusal in the shapes of every answer: decimals as text, dates in ISO form."""
    from attrs import asdict

    from manchengo_presenters.shapes import plain

    return {name: plain(fact) for name, fact in asdict(refusal, recurse=False).items()}
