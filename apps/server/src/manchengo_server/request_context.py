"""One request: who sent it, and its line in the journal."""

from attrs import frozen

from manchengo_server.authorisation import Bearer
from manchengo_server.errors import NoToken
from manchengo_server.journal import Line


@frozen
class RequestContext:
    """``bearer``: whose token came with the request; None where the route needs no token."""

    line: Line
    bearer: Bearer | None

    def require_bearer(self) -> Bearer:
        """Raises ``NoToken`` when there is none."""
        if self.bearer is None:
            raise NoToken
        return self.bearer
