"""What a refusal carries, for those who keep or show it."""

from attrs import asdict

from manchengo.domain.errors import Refused


def facts(refusal: Refused) -> dict[str, object]:
    """What a refusal carries, by name."""
    return asdict(refusal, recurse=False)
