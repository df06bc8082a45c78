"""A device in other hands: what it sends is not what its author signed, though it signs itself."""

from random import Random

from attrs import evolve

from manchengo import codec
from manchengo.domain.commit import NO_SIGNATURE, Authorship, Commit
from manchengo_sync import wire
from manchengo_sync.signing import DEVICE_KEY, sign
from tests.simulation.nodes import Device
from tests.support.signers import signer_of


def altered(device: Device, request: wire.PushRequest, random: Random) -> wire.PushRequest | None:
    """The request with one commit of which its author signed something else; None where nothing in
    it is signed by its author.
    """
    for place, offered in enumerate(request.commits):
        part = offered.commit.authorship
        if part is not None and offered.signature is not None:
            forged = _altered(device, offered.commit, part, random)
            with device.disk.store.reading() as snapshot:
                key = snapshot.setting(DEVICE_KEY) or ""
            sent = evolve(offered, commit=forged, signature=sign(key, forged.hash))
            return evolve(request, commits=(*request.commits[:place], sent))
    return None


def _altered(device: Device, commit: Commit, part: Authorship, random: Random) -> Commit:
    match random.randrange(3):
        case 0:
            return codec.sealed(evolve(commit, authorship=evolve(part, signature=NO_SIGNATURE)))
        case 1:
            asked = commit.command.replace(b"1", b"7") + b" "
            return codec.sealed(evolve(commit, command=asked))
        case _:
            other = signer_of("a stranger", device.name)
            by_another = other.sign(codec.authored_hash(commit, part))
            return codec.sealed(evolve(commit, authorship=evolve(part, signature=by_another)))
