"""A server in other hands: some of its answers say what nobody recorded, sealed as it should be."""

from collections.abc import Callable
from random import Random

from attrs import evolve

from manchengo import codec
from manchengo.application.replication.effect_ids import derived_id
from manchengo.domain.access import Role, UserRolesChanged
from manchengo.domain.commit import Authorship, LogEntry, Recorded
from manchengo.domain.ids import DeviceId
from manchengo_sync import wire
from manchengo_sync.server_word import signed_word
from manchengo_sync.signing import sign
from tests.simulation.nodes import BOSS

ALL_RIGHTS = UserRolesChanged(roles=tuple(sorted(Role)))
GARBAGE = bytes(64)


def lie(
    random: Random,
    request: wire.PushRequest,
    answer: wire.PushResponse,
    key_of: Callable[[DeviceId], str],
) -> list[LogEntry]:
    """The entries of the answer with one that is forged, and those behind it sealed after it.

    ``key_of``: the private key of a device that helps the server; "" for one that does not.
    """
    forged = random.randrange(len(answer.new))
    entry = answer.new[forged]
    behind = {each.commit.device_id for each in answer.new[forged + 1 :]}
    lies = [_with_an_effect(entry), _with_other_content(entry)]
    if entry.commit.device_id not in behind:  # else the signature of a later one proves it
        lies.append(evolve(entry, signature=GARBAGE))
    key = key_of(entry.commit.device_id)
    if key and entry.commit.authorship is not None:
        lies.append(_in_somebodys_name(entry, entry.commit.authorship, key))
    forged_entries = [*answer.new[:forged], random.choice(lies), *answer.new[forged + 1 :]]
    previous = answer.new[forged - 1].hash if forged else request.log_hash
    for index in range(forged, len(forged_entries)):
        forged_entries[index] = codec.sealed_entry(forged_entries[index], previous)
        previous = forged_entries[index].hash
    return forged_entries


def signed_anew(answer: wire.PushResponse, key: str) -> wire.PushResponse:
    """With the server's word for what it says, where it says where its log ends."""
    last = answer.new[-1]
    if answer.word is None or last.global_seq != answer.head:
        return answer
    return evolve(answer, word=_signed(answer.word, last, key))


def hidden(random: Random, answer: wire.PushResponse, key: str) -> wire.PushResponse:
    """The log ends earlier, by the server's own word."""
    kept = answer.new[: random.randrange(1, len(answer.new) + 1)]
    word = answer.word and _signed(answer.word, kept[-1], key)
    return evolve(answer, new=kept, head=kept[-1].global_seq, more=False, word=word)


def _signed(word: wire.ServerWord, last: LogEntry, key: str) -> wire.ServerWord:
    return signed_word(
        key,
        plant_id=word.plant_id,
        log_epoch=word.log_epoch,
        global_seq=last.global_seq,
        log_hash=last.hash,
        nonce=word.nonce,
    )


def _with_an_effect(entry: LogEntry) -> LogEntry:
    """The boss is given rights by it, too."""
    name, payload = codec.events.name(ALL_RIGHTS), codec.events.encode(ALL_RIGHTS)
    begun = len(entry.effects)
    given = Recorded(
        id=derived_id(entry.commit, begun, name, payload),
        aggregate_type="user",
        aggregate_id=BOSS,
        event_type=name,
        schema_version=1,
        payload=payload,
        version=1,
    )
    return evolve(entry, effective=(*entry.effects, given))


def _with_other_content(entry: LogEntry) -> LogEntry:
    """Somebody asked for something else, by a hash that is true."""
    changed = evolve(entry.commit, command=entry.commit.command.replace(b"1", b"7") + b" ")
    return evolve(entry, commit=codec.sealed(changed))


def _in_somebodys_name(entry: LogEntry, part: Authorship, key: str) -> LogEntry:
    """What its author did not sign, carried by a device that does not ask."""
    commit = codec.sealed(evolve(entry.commit, authorship=evolve(part, signature=GARBAGE)))
    return evolve(entry, commit=commit, signature=sign(key, commit.hash))
