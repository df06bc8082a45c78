"""The keys under which a dairy signs its labels: one signs, older ones are still read."""

from collections.abc import Iterable

from attrs import field, frozen, validators

KEY_IDS = range(8)
"""A label names its key in three bits; after the eighth key, the first id comes again."""

SECRET_BYTES = 32


@frozen(kw_only=True)
class SiteKey:
    """``id``: what labels name it by. ``revoked``: its labels are refused, because it leaked."""

    id: int = field(validator=validators.in_(KEY_IDS))
    secret: bytes = field(
        repr=False,
        validator=[validators.min_len(SECRET_BYTES), validators.max_len(SECRET_BYTES)],
    )
    revoked: bool = False


@frozen
class SiteKeys:
    """The keys of one dairy: the last one signs what is printed, unless it was revoked. None on a
    device that has not been given any.
    """

    keys: tuple[SiteKey, ...] = field()

    @keys.validator
    def _one_key_each_id(self, _: object, keys: Iterable[SiteKey]) -> None:
        ids = [key.id for key in keys]
        assert len(set(ids)) == len(ids), "two keys of one id cannot be told apart on a label"

    @property
    def can_sign(self) -> bool:
        """Whether there is a key for what is printed now: a last one, not revoked."""
        return bool(self.keys) and not self.keys[-1].revoked

    @property
    def current(self) -> SiteKey:
        """The key that signs what is printed now."""
        assert self.can_sign, "whoever prints asks for a key first"
        return self.keys[-1]

    def find(self, key_id: int) -> SiteKey | None:
        """The key that labels name by that id; None where the dairy has none."""
        return next((key for key in self.keys if key.id == key_id), None)
