"""A code that was drawn for somebody, and the public key that is made from it."""

from attrs import frozen

from manchengo.domain.ids import InvitationId


@frozen(kw_only=True)
class DrawnCode:
    """``code``: shown once, and nowhere stored. ``public_key``: made from it and
    ``invitation_id``, in hexadecimal. ``invitations`` draws one.
    """

    code: str
    invitation_id: InvitationId
    public_key: str
