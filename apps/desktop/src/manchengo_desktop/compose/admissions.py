"""People and devices let in from this computer: codes, keys, passphrases, the keys of labels."""

from collections.abc import Callable

from attrs import frozen

from manchengo.application.keys import KeyLine
from manchengo.domain.ids import UserId
from manchengo.ports.rows import UserRow
from manchengo_desktop.compose.problems import problems
from manchengo_desktop.compose.typed_secrets import Secrets
from manchengo_presenters.screens.admissions import DeviceCode, LabelKeyState, PersonCode
from manchengo_presenters.screens.join_code import JoinCode, written_join_code
from manchengo_workplace import (
    invitations,
    label_keys,
    letting_in,
    personal_keys,
    proposing,
    server,
)
from manchengo_workplace.admission_request import plant_of, read_request
from manchengo_workplace.code_pictures import picture_of_code
from manchengo_workplace.workplace import Workplace


@frozen
class DeviceAdmissions:
    """``at_work``: whoever acts now; raises ``Problem`` where nobody does. ``secrets``: where the
    workplace asks for a passphrase that somebody chooses. Implements ``Admissions``.
    """

    _at_work: Callable[[], Workplace]
    _secrets: Secrets

    def keys(self, user_id: UserId) -> list[KeyLine]:
        """The keys of that person."""
        with problems():
            return self._at_work().dairy.keys(user_id)

    def people_here(self) -> frozenset[UserId]:
        """Who has a passphrase or PIN here."""
        with problems():
            return frozenset(each.id for each in self._at_work().sign_in.people_here())

    def device_code(self, user_id: UserId, minutes: int) -> DeviceCode:
        """A code for one more device of that person."""
        workplace = self._at_work()
        with problems():
            given = letting_in.let_in(
                workplace, _person(workplace, user_id), minutes, lambda *_how_far: None
            )
            address = server.server_of(workplace.store)
            picture = picture_of_code(written_join_code(JoinCode(address, str(given.code))))
        return DeviceCode(
            server=address,
            written=str(given.code),
            picture=picture,
            until=given.expires_at,
        )

    def invite(self, user_id: UserId, *, is_recovery: bool) -> PersonCode:
        """A code by which that person begins to sign."""
        workplace = self._at_work()
        until = invitations.last_day(workplace.clock.today(), invitations.USUAL_DAYS)
        with problems():
            invited = invitations.invite(
                workplace.dairy,
                _person(workplace, user_id),
                until=None if is_recovery else until,
            )
        return PersonCode(written=invited.code, until=invited.expires_on)

    def admit(self, user_id: UserId, request: str) -> None:
        """Admit the key for which another device asks."""
        with problems():
            proposing.execute(
                self._at_work(),
                lambda choices: read_request(request, user_id, plant_of(choices.snapshot)),
            )

    def give_secret(self, user_id: UserId, secret: str) -> None:
        """A new key here for somebody, under what they chose."""
        workplace = self._at_work()
        with problems(), self._secrets.typing(secret):
            user = _person(workplace, user_id)
            personal_keys.give_key(workplace.sign_in, workplace.dairy, user)

    def let_try_again(self, user_id: UserId) -> None:
        """Forget their wrong tries here."""
        workplace = self._at_work()
        with problems():
            user = _person(workplace, user_id)
            personal_keys.let_in_again(workplace.sign_in, workplace.dairy, user)

    def label_keys(self) -> LabelKeyState:
        """The key that labels are printed under, and who lacks one."""
        with problems(), self._at_work().store.reading() as snapshot:
            keys = label_keys.label_keys_of(snapshot).keys
            waiting = label_keys.devices_without_key(snapshot)
        return LabelKeyState(
            newest=keys[-1].number if keys else 0,
            waiting=tuple(
                each.row.name if each.row else str(each.request.device_id) for each in waiting
            ),
        )

    def make_label_key(self) -> int:
        """A new key for labels."""
        with problems():
            return label_keys.make(self._at_work()).number

    def give_label_keys(self) -> None:
        """To all who asked."""
        workplace = self._at_work()
        with problems():
            with workplace.store.reading() as snapshot:
                waiting = label_keys.devices_without_key(snapshot)
            label_keys.grant(workplace, [each.request for each in waiting])


def _person(workplace: Workplace, user_id: UserId) -> UserRow:
    with workplace.dairy.reading() as snapshot:
        row = snapshot.get(UserRow, user_id)
    assert row is not None, "somebody who is registered"
    return row
