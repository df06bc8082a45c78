"""A new computer joins the server of a dairy, step by step: each goes on where it was cut off."""

from pathlib import Path

from manchengo_desktop.compose.typed_secrets import Passphrases, Secrets
from manchengo_presenters.language import _
from manchengo_presenters.screens.exchanges import Entrance, Progress
from manchengo_presenters.screens.office import NewDevice
from manchengo_presenters.screens.problem import Problem
from manchengo_workplace import invitations, opening, server
from manchengo_workplace.failures import Failure
from manchengo_workplace.server import EnrolmentCode, Joining, NotAPlantId
from manchengo_workplace.workplace import Workplace

NO_ANSWER = "Unreachable"
"""The failure that leaves it open whether the server was heard."""


def request_of(entrance: Entrance) -> Joining:
    """What was typed, if it can be asked of a server. Raises ``Problem`` and ``Failure``."""
    try:
        code = EnrolmentCode.read(entrance.code)
    except NotAPlantId as error:
        sentence = _("What follows the @ in the code is not whole. Take the code as it was given.")
        raise Problem("NotAPlantId", sentence) from error
    request = Joining(url=entrance.address, code=code, name=entrance.name, allow_http=False)
    server.check_address(request)
    return request


def request_of_new(device: NewDevice) -> Joining:
    """The same of a computer that is empty: its code invites the person, too."""
    request = request_of(Entrance(address=device.address, code=device.code, name=device.name))
    if not request.code.invitation:
        sentence = _("The part of the code behind the + is missing. Take the code as it was given.")
        raise Problem("NotAPlantId", sentence)
    return request


def make(path: Path, request: Joining, device: NewDevice) -> None:
    """An empty database that the server lets in. It stays where no answer came: the server may have
    let it in, and then only this database may use the code again.
    """
    no_answer: Failure | None = None
    with opening.created_empty(
        path, passphrases=Passphrases(device.passphrase), secrets=Secrets()
    ) as workplace:
        try:
            server.join(workplace, request, user_id=None)
        except Failure as failure:
            if failure.name != NO_ANSWER:
                raise
            no_answer = failure
    if no_answer is not None:
        raise no_answer


def fill(
    workplace: Workplace, request: Joining, secrets: Secrets, secret: str, progress: Progress
) -> None:
    """Bring in what the server knows, and begin the key of the person for whom the code is. The
    invitation is in what the server knows; the key leaves in an exchange of its own.
    """

    def step(sent: int, received: int, head: int) -> None:
        progress(min(sent + received, head), head)

    if not server.server_of(workplace.store):
        server.join(workplace, request, user_id=None)
    if server.is_blank(workplace.store):
        server.begin(workplace, step)
    server.exchange(workplace, step)
    sign_in = workplace.sign_in
    user = sign_in.person(None)
    if not sign_in.has_key(user.id):
        with secrets.typing(secret):
            invitations.redeem(sign_in, user, request.code.invitation)
    if server.has_pending(workplace.store):
        server.exchange(workplace, step)
