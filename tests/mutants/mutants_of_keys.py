"""Whose key it is: each rule of decisions 0042 and 0044, broken."""

from tests.mutants.mutant import Mutant

AUTHORS = "tests/application/test_authors.py"
OF_DEVICES = "tests/application/test_keys_of_devices.py"
OWN_KEYS = "tests/application/test_own_keys.py"
INVITATIONS = "tests/application/test_invitations.py"
ASIDE = "tests/application/test_setting_aside.py"
IN_A_NAME = "tests/attacks/test_in_anothers_name.py"
LAST_DAY = "tests/application/test_last_unsigned_day.py"
FIRST_KEYS = "tests/attacks/test_first_keys.py"
EVERY_DOOR = "tests/attacks/test_every_door_of_the_server.py"
DOORS = "tests/attacks/test_at_the_servers_doors.py"
ALONE = f"{FIRST_KEYS}::test_a_server_alone_makes_nobody_of_the_plant"
POSSESSION = f"{IN_A_NAME}::test_nobody_is_given_a_key_that_did_not_sign_for_it"
LYING = (
    "tests/attacks/test_lying_about_authors.py"
    "::test_in_her_name_nothing_is_on_any_device_that_she_did_not_sign"
)

OF_AUTHORS: tuple[Mutant, ...] = (
    Mutant(
        name="The log asks nobody who they are",
        where="judge._author_refused",
        was="check_author(work, Author.of(commit, on=on))",
        becomes="None",
        killed_by=f"{AUTHORS}::test_a_driver_makes_nobody_an_administrator_in_anothers_name",
    ),
    Mutant(
        name="A device asks nobody who they are",
        where="Committer.execute",
        was="check_author(work, author)",
        becomes="None",
        killed_by=f"{AUTHORS}::test_on_the_phone_nothing_is_recorded_in_anothers_name",
    ),
    Mutant(
        name="A key of one person signs for another",
        where="authors.check_author",
        was="elif not _counts(work, user, author):",
        becomes="elif False:",
        killed_by=f"{AUTHORS}::test_a_key_of_one_person_signs_for_no_other",
    ),
    Mutant(
        name="A withdrawn key counts",
        where="authors._is_admitted",
        was="(each.public_key, each.family_id, each.withdrawn) == (key, author.family_id, '')",
        becomes="(each.public_key, each.family_id) == (key, author.family_id)",
        killed_by=f"{AUTHORS}::test_a_withdrawn_key_counts_no_more_and_gives_no_way_back",
    ),
    Mutant(
        name="A key counts on every device",
        where="authors._is_admitted",
        was="(each.public_key, each.family_id, each.withdrawn) == (key, author.family_id, '')",
        becomes="(each.public_key, each.withdrawn) == (key, '')",
        killed_by=f"{AUTHORS}::test_a_persons_key_counts_at_their_device_alone",
    ),
    Mutant(
        name="Who has a key need not use it",
        where="authors._may_be_unsigned",
        was="_has_a_key_at(work, user, author.device_id)",
        becomes="False",
        killed_by=f"{AUTHORS}::test_who_has_a_key_at_a_device_signs_there",
    ),
    Mutant(
        name="Where everybody must sign, nobody must",
        where="authors.everybody_must_sign",
        was="return plant is not None and plant.must_sign",
        becomes="return False",
        killed_by=f"{AUTHORS}::test_a_driver_makes_nobody_an_administrator_in_anothers_name",
    ),
    Mutant(
        name="Where everybody must sign, nobody begins",
        where="enrolments.was_enrolled_for",
        was="return device.user_id == user_id",
        becomes="return False",
        killed_by=(
            f"{AUTHORS}"
            "::test_where_all_must_sign_only_the_person_of_the_device_may_be_without_a_key"
        ),
    ),
    Mutant(
        name="A server records whatever it likes",
        where="authors._is_of_a_machine",
        was="kind in SAID_BY_A_SERVER and",
        becomes="",
        killed_by=f"{AUTHORS}::test_what_a_server_says_counts_without_a_persons_key",
    ),
    Mutant(
        name="What nobody with a right wrote is parked",
        where="judge._author_refused",
        was="if may_nothing:",
        becomes="if False:",
        killed_by=f"{AUTHORS}::test_what_nobody_with_a_right_wrote_is_refused_and_holds_nothing_up",
    ),
    Mutant(
        name="A parked commit keeps its author from being withdrawn",
        where="parked.NEVER_CLOSED",
        was="{'user', 'device', 'plant', 'resolution'}",
        becomes="{'plant', 'resolution'}",
        killed_by=(
            f"{AUTHORS}::test_a_parked_commit_keeps_no_administrator_from_withdrawing_its_author"
        ),
    ),
    Mutant(
        name="A parked commit holds up whatever it names",
        where="parked._may_change",
        was="return any((author.may(permission) for permission in permissions))",
        becomes="return True",
        killed_by=(
            "tests/application/test_parked.py::test_nobody_holds_up_what_their_roles_do_not_change"
        ),
    ),
    Mutant(
        name="A parked commit keeps people from deciding on it",
        where="parked.NEVER_CLOSED",
        was="{'user', 'device', 'plant', 'resolution'}",
        becomes="{'user', 'device', 'plant'}",
        killed_by=f"{ASIDE}::test_what_names_its_own_item_is_set_aside_all_the_same",
    ),
    Mutant(
        name="What is set aside goes on holding things up",
        where="resolution.evolve",
        was="return changed(item, closed=SET_ASIDE, reason=event.reason)",
        becomes="return changed(item, reason=event.reason)",
        killed_by=f"{ASIDE}::test_what_is_set_aside_holds_nothing_up_and_stays_to_be_seen",
    ),
    Mutant(
        name="What waited for what is set aside goes on waiting",
        where="server_log.receive",
        was="any((entry.commit.command_type in DECIDING for entry in received.entered))",
        becomes="False",
        killed_by=f"{ASIDE}::test_what_was_built_on_it_is_judged_at_once",
    ),
    Mutant(
        name="A server judges what people set aside",
        where="effects_check.must_wait",
        was="item is not None and item.status != 'open'",
        becomes="False",
        killed_by=f"{ASIDE}::test_a_server_that_judges_it_all_the_same_is_not_believed",
    ),
    Mutant(
        name="Anything is set aside",
        where="domain.resolution.set_aside",
        was="if item.matter is not Matter.PARKED:",
        becomes="if False:",
        killed_by=f"{ASIDE}::test_only_what_cannot_be_read_is_set_aside",
    ),
    Mutant(
        name="A key is for two people",
        where="people._must_be_free",
        was="raise KeyTaken(bearer=row.name)",
        becomes="pass",
        killed_by=f"{AUTHORS}::test_each_key_is_for_one_person_on_one_device",
    ),
)

OF_OWN_KEYS: tuple[Mutant, ...] = (
    Mutant(
        name="A driver admits a key for the administrator",
        where="authors._admits_a_first_key",
        was="return not user.keys or was_enrolled_for(work, author.device_id, author.user_id)",
        becomes="return True",
        killed_by=f"{OWN_KEYS}::test_a_driver_admits_no_key_for_the_administrator",
    ),
    Mutant(
        name="A first key begins at the device of another",
        where="authors._admits_a_first_key",
        was="if everybody_must_sign(work):",
        becomes="if False:",
        killed_by=f"{OWN_KEYS}::test_where_all_must_sign_no_key_begins_at_another_persons_device",
    ),
    Mutant(
        name="A server is anybody by enrolling a device for them",
        where="authors._begins_here",
        was="bool(user and user.keys)",
        becomes="False",
        killed_by=(
            f"{OWN_KEYS}"
            "::test_where_all_must_sign_who_has_a_key_elsewhere_begins_nowhere_by_enrolment"
        ),
    ),
    Mutant(
        name="One admits a key that one does not have",
        where="authors._admits_a_first_key",
        was="if command.public_key != author.key.hex():",
        becomes="if False:",
        killed_by=f"{OWN_KEYS}::test_a_first_key_is_signed_with_itself",
    ),
    Mutant(
        name="A first key comes without a signature",
        where="authors.check_author",
        was="author.admits is not None or",
        becomes="",
        killed_by=f"{OWN_KEYS}::test_a_first_key_is_signed_with_itself",
    ),
    Mutant(
        name="A key begins on a withdrawn device",
        where="authors._admits_a_first_key",
        was="if not _is_for_its_device(work, author):",
        becomes="if False:",
        killed_by=f"{OWN_KEYS}::test_on_a_withdrawn_device_no_key_begins",
    ),
    Mutant(
        name="After a withdrawn key one begins anew",
        where="authors._admits_a_first_key",
        was="if _has_a_key_at(work, user, author.device_id, command.family_id):",
        becomes="if False:",
        killed_by=f"{OWN_KEYS}::test_a_withdrawn_key_leaves_no_way_to_a_first_one",
    ),
    Mutant(
        name="A first key is for another device",
        where="authors._counts",
        was="author.admits.family_id != author.family_id",
        becomes="False",
        killed_by=f"{OWN_KEYS}::test_the_key_of_another_device_changes_none",
    ),
    Mutant(
        name="Everybody manages everybody's keys",
        where="permissions._needed",
        was="and command.user_id == actor.user_id",
        becomes="",
        killed_by=f"{OWN_KEYS}::test_for_somebody_else_it_takes_the_right_to_manage_keys",
    ),
    Mutant(
        name="The key before the new one stays",
        where="person_keys._replace",
        was="return (*admitted, *replaced)",
        becomes="return admitted",
        killed_by=(f"{OWN_KEYS}::test_another_key_takes_the_place_of_the_one_that_signed_for_it"),
    ),
    Mutant(
        name="A key that proves nothing is admitted",
        where="person_keys._admit",
        was="if not is_sound(command.public_key):",
        becomes="if False:",
        killed_by=f"{OWN_KEYS}::test_a_key_that_proves_nothing_is_nobodys",
    ),
)

OF_ENROLMENTS: tuple[Mutant, ...] = (
    Mutant(
        name="A server says who begins where",
        where="authors._begins_here",
        was="is_vouched_for(work, author.device_id, author.user_id)",
        becomes="was_enrolled_for(work, author.device_id, author.user_id)",
        killed_by=f"{ALONE}[begins_as_somebody_who_signs_nowhere-a_founded_plant]",
    ),
    Mutant(
        name="What is not signed counts for ever",
        where="authors._begins_here",
        was="not last_unsigned_day.is_past(work)",
        becomes="True",
        killed_by=f"{LAST_DAY}::test_what_waited_too_long_becomes_an_item_and_is_not_lost",
    ),
    Mutant(
        name="On its last day what is not signed counts no more",
        where="last_unsigned_day.is_past",
        was="reached > plant.unsigned_until",
        becomes="reached >= plant.unsigned_until",
        killed_by=f"{LAST_DAY}::test_to_its_last_day_what_is_not_signed_counts",
    ),
    Mutant(
        name="A device that is years ahead ends it for all",
        where="last_unsigned_day.day_reached",
        was="entry.hlc_eff",
        becomes="entry.commit.hlc",
        killed_by=f"{LAST_DAY}::test_a_clock_that_is_set_back_gains_no_day",
    ),
    Mutant(
        name="Whoever has everybody sign again puts the day off",
        where="plant._earlier",
        was="min((day for day in (one, other) if day is not None), default=None)",
        becomes="other",
        killed_by=f"{LAST_DAY}::test_the_day_only_ever_comes_forward",
    ),
    Mutant(
        name="A last day leaves nobody who manages keys",
        where="people.plant_step",
        was="somebody_must_sign(work)",
        becomes="None",
        killed_by=f"{LAST_DAY}::test_where_no_administrator_signs_there_is_no_last_day",
    ),
    Mutant(
        name="A server says another last day than was asked for",
        where="effects_on_rights.is_asked_for",
        was="effect.event == asked",
        becomes="True",
        killed_by=f"{LAST_DAY}::test_no_server_gives_another_last_day_than_was_signed",
    ),
    Mutant(
        name="A server adds a key to a device that was vouched for",
        where="enrolments.is_vouched_for",
        was="return keys <= vouched_for",
        becomes="return bool(vouched_for)",
        killed_by=f"{ALONE}[begins_under_a_key_beside_the_one_that_was_vouched_for-a_founded_plant]",
    ),
    Mutant(
        name="A device that was vouched for is anybody's",
        where="enrolments.is_vouched_for",
        was="enrolment.user_id == user_id and",
        becomes="",
        killed_by=f"{ALONE}[begins_on_what_was_vouched_for_as_anothers-a_founded_plant]",
    ),
    Mutant(
        name="An enrolment counts wherever it stands",
        where="enrolments._counts",
        was="entry.global_seq < before",
        becomes="True",
        killed_by=f"{ALONE}[begins_as_somebody_who_signs_nowhere-a_plant_of_before]",
    ),
    Mutant(
        name="What a server writes before the genesis counts",
        where="enrolments._where_signing_began",
        was="plant is None or plant.genesis is not None",
        becomes="plant is None",
        killed_by=f"{FIRST_KEYS}::test_what_it_let_in_before_the_genesis_is_nobodys",
    ),
    Mutant(
        name="An administrator vouches for nothing",
        where="enrolments._counts",
        was="is_signed or",
        becomes="",
        killed_by=(
            f"{FIRST_KEYS}::test_on_a_device_that_an_administrator_signed_for_her_she_begins"
        ),
    ),
    Mutant(
        name="The code of an invitation is sent to the server",
        where="EnrolmentCode.read",
        was="return cls(code.strip(), plant_id, invitation.strip())",
        becomes="return cls(codes.strip(), plant_id, invitation.strip())",
        killed_by="tests/sync/test_enrolment_code.py::test_the_invitation_is_apart_from_the_code",
    ),
    Mutant(
        name="A plant of its own is let in by a code of another",
        where="enrolment._must_be_of_this_plant",
        was="raise AnotherPlant",
        becomes="return",
        killed_by=(
            "tests/server/test_service.py"
            "::test_a_database_with_people_of_its_own_is_not_let_in_by_a_code_for_one_of_ours"
        ),
    ),
    Mutant(
        name="People of a plant of before join another",
        where="joining._plant_to_join",
        was="raise AnotherPlant(asked=str(named))",
        becomes="pass",
        killed_by=(
            "tests/sync/test_enrolment_code.py"
            "::test_people_of_a_plant_of_before_join_no_other_by_a_code_that_names_it"
        ),
    ),
    Mutant(
        name="A code is shown before the server has the invitation",
        where="letting_in.let_in",
        was="_must_be_in_the_log(workplace, invited, user)",
        becomes="None",
        killed_by=(
            "tests/cli/test_sync.py::test_a_code_whose_invitation_does_not_arrive_is_not_shown"
        ),
    ),
)

OF_POSSESSION: tuple[Mutant, ...] = (
    Mutant(
        name="A key is admitted of which nobody has shown that they have it",
        where="people._must_be_proved",
        was="raise KeyNotProved(given=command.public_key)",
        becomes="pass",
        killed_by=f"{POSSESSION}[nothing]",
    ),
    Mutant(
        name="The server does not look whether a new key signed for its admission",
        where="signatures._wrong",
        was="admits_only_what_is_proved(offered.commit)",
        becomes="True",
        killed_by=f"{POSSESSION}[his own]",
    ),
    Mutant(
        name="What a key signed for one person admits it for another",
        where="person_keys.possession_message",
        was="str(command.user_id)",
        becomes="''",
        killed_by=f"{POSSESSION}[for another person]",
    ),
    Mutant(
        name="What a key signed for one device admits it on another",
        where="person_keys.possession_message",
        was="str(command.family_id)",
        becomes="''",
        killed_by=f"{POSSESSION}[for another device]",
    ),
    Mutant(
        name="What a key signed for one plant admits it in another",
        where="person_keys.possession_message",
        was="str(plant_id or '')",
        becomes="''",
        killed_by=f"{POSSESSION}[for another plant]",
    ),
    Mutant(
        name="What a key signed for one way of admitting it is good for every other",
        where="person_keys.possession_message",
        was="signed_with if is_own else 'administrator'",
        becomes="''",
        killed_by=f"{POSSESSION}[for what she does herself]",
    ),
    Mutant(
        name="No device looks whether a new key signed for its admission",
        where="log_proofs.look_at",
        was="not why and (not admits_only_what_is_proved(entry.commit))",
        becomes="False",
        killed_by=f"{LYING}[is_a_key_that_did_not_sign_for_its_admission]",
    ),
    Mutant(
        name="An administrators rights at the server are the drivers for the asking",
        where="authorisation.bearer",
        was="user_id=device.user_id, roles=roles(user), is_proved=is_believed",
        becomes="user_id=device.user_id, roles=frozenset({Role.ADMIN}), is_proved=is_believed",
        killed_by=(f"{IN_A_NAME}::test_the_server_does_not_take_a_device_for_whomever_it_names"),
    ),
    Mutant(
        name="Every role reads at the server which program each device runs",
        where="Service.programs_shown_to",
        was="must_be_administrator(by)",
        becomes="pass",
        killed_by=f"{EVERY_DOOR}::test_a_role_opens_what_it_is_for[livreur]",
    ),
    Mutant(
        name="A token of before lets those in who were sent away",
        where="authorisation.bearer",
        was="if user is not None and (not user.active):",
        becomes="if False:",
        killed_by=(
            f"{EVERY_DOOR}::test_with_a_token_of_before_nobody_comes_in_who_was_sent_away[who_left]"
        ),
    ),
    Mutant(
        name="A device key is an administrator at the servers doors",
        where="authorisation.must_be_administrator",
        was="if not bearer.is_proved:",
        becomes="if False:",
        killed_by=f"{DOORS}::test_without_her_signature_it_is_nobodys_administrator",
    ),
    Mutant(
        name="Any key is the administrators at the servers doors",
        where="authors.signs_at",
        was="each.public_key == key and",
        becomes="",
        killed_by=f"{DOORS}::test_another_key_at_her_own_computer_is_the_devices_word",
    ),
    Mutant(
        name="The key of one device opens the servers doors at another",
        where="authors.signs_at",
        was="and _is_of_the_family(work, device_id, each.family_id)",
        becomes="",
        killed_by=f"{DOORS}::test_another_key_in_her_name_is_the_devices_word",
    ),
    Mutant(
        name="A withdrawn key opens the servers doors",
        where="authors.signs_at",
        was="and (not each.withdrawn)",
        becomes="",
        killed_by=f"{DOORS}::test_a_key_that_was_withdrawn_opens_nothing_more",
    ),
    Mutant(
        name="Nobody looks at the signature of a person for a token",
        where="tokens._signed_by",
        was="if not is_signed(request.person_key, request.person_signature, message):",
        becomes="if False:",
        killed_by=f"{DOORS}::test_her_signature_is_for_one_challenge_and_one_device",
    ),
    Mutant(
        name="A name proves somebody who signs there",
        where="authors.must_sign_at",
        was="has_key or",
        becomes="",
        killed_by=f"{DOORS}::test_in_a_plant_that_believes_names_a_device_is_its_persons",
    ),
    Mutant(
        name="A device is let in under the key of a person",
        where="devices.enrol_device",
        was="must_be_nobodys(work, command.public_key)",
        becomes="pass",
        killed_by=f"{IN_A_NAME}::test_no_device_is_let_in_under_the_key_of_a_person",
    ),
)

OF_INVITATIONS: tuple[Mutant, ...] = (
    Mutant(
        name="An invitation is used twice",
        where="invitations.must_be_usable",
        was="if invitation.used:",
        becomes="if False:",
        killed_by=f"{INVITATIONS}::test_an_invitation_is_used_once",
    ),
    Mutant(
        name="An invitation is not used up",
        where="people.key_step",
        was="work.record(USER, command.user_id, _redeemed(work, known))",
        becomes="pass",
        killed_by=f"{INVITATIONS}::test_an_invitation_is_used_once",
    ),
    Mutant(
        name="A withdrawn invitation is used",
        where="invitations.must_be_usable",
        was="if invitation.withdrawn:",
        becomes="if False:",
        killed_by=f"{INVITATIONS}::test_a_withdrawn_invitation_begins_nothing",
    ),
    Mutant(
        name="An invitation has no last day",
        where="invitations.must_be_usable",
        was="and (on > invitation.expires_on)",
        becomes="and False",
        killed_by=f"{INVITATIONS}::test_on_its_last_day_an_invitation_counts_and_on_the_next_no_more",
    ),
    Mutant(
        name="The server does not look at the last day of an invitation",
        where="server_log.enter",
        was="on=received_at.date()",
        becomes="on=None",
        killed_by=f"{INVITATIONS}::test_the_server_says_whether_an_invitation_has_expired",
    ),
    Mutant(
        name="Invitations stand when who gave them is gone",
        where="authors._is_invited",
        was="if host is None or not host.may_invite:",
        becomes="if False:",
        killed_by=f"{INVITATIONS}::test_invitations_fall_with_who_gave_them",
    ),
    Mutant(
        name="Who has no key left goes on inviting",
        where="User.may_invite",
        was="and (self.has_living_key or not self.keys)",
        becomes="",
        killed_by=f"{INVITATIONS}::test_invitations_fall_with_who_gave_them[without a key]",
    ),
    Mutant(
        name="The code of an invitation signs anything",
        where="authors.admits_own_key",
        was="if isinstance(command, AdmitOwnKey) and command.user_id == user_id:",
        becomes="if hasattr(command, 'family_id'):",
        killed_by=f"{INVITATIONS}::test_the_code_signs_nothing_else",
    ),
    Mutant(
        name="The code of an invitation becomes a key",
        where="people._must_be_free",
        was="taken |= {each.public_key for each in user.invitations if each.id != may_be}",
        becomes="pass",
        killed_by=f"{INVITATIONS}::test_the_key_of_a_code_signs_for_nobody",
    ),
    Mutant(
        name="An invitation is used on a withdrawn device",
        where="authors._is_for_its_device",
        was="and (not _is_withdrawn(work, device_id))",
        becomes="",
        killed_by=f"{INVITATIONS}::test_on_a_withdrawn_device_no_invitation_is_used",
    ),
    Mutant(
        name="A key is begun for a device that somebody else has",
        where="authors._is_for_its_device",
        was="and _is_of_the_family(work, device_id, command.family_id)",
        becomes="",
        killed_by=f"{OWN_KEYS}::test_a_first_key_of_another_devices_id_is_refused",
    ),
    Mutant(
        name="The last administrator who signs gives up their key",
        where="people.key_step",
        was="one_must_remain(work, [(known, work.load(USER, command.user_id))])",
        becomes="pass",
        killed_by=(
            f"{INVITATIONS}::test_where_all_must_sign_the_last_administrator_with_a_key_keeps_it"
        ),
    ),
    Mutant(
        name="An administrator without a key keeps the dairy going where everybody must sign",
        where="administrators._administers_and_signs",
        was="user.has_living_key",
        becomes="True",
        killed_by=(
            f"{INVITATIONS}::test_where_all_must_sign_the_last_administrator_with_a_key_keeps_it"
        ),
    ),
    Mutant(
        name="A device is withdrawn, and the keys on it are not",
        where="devices.withdraw_device",
        was="going = keys_that_go(work, command)",
        becomes="going: list[tuple[UserId, str]] = []",
        killed_by=f"{OF_DEVICES}::test_the_keys_that_people_have_there_go_with_it",
    ),
    Mutant(
        name="The last administrator loses the key with the device",
        where="devices.keys_that_go",
        was="there and _may_go(work, [*changes, (user, without)])",
        becomes="there",
        killed_by=f"{OF_DEVICES}::test_the_last_administrator_who_can_sign_keeps_their_key",
    ),
    Mutant(
        name="A key that was begun under an id that no server knew is on no device",
        where="devices._is_at",
        was="any((device_id in relatives for device_id in _began_at(work, user, key)))",
        becomes="False",
        killed_by=f"{OF_DEVICES}"
        "::test_a_device_that_was_restored_before_it_met_the_server_is_told_by_who_began_there",
    ),
    Mutant(
        name="A device of before withdrew the keys on another all along",
        where="schemas.before_keys_went_along",
        was="'withdraws_keys': False",
        becomes="'withdraws_keys': True",
        killed_by=f"{OF_DEVICES}"
        "::test_the_withdrawal_by_a_program_of_before_leaves_people_their_keys",
    ),
    Mutant(
        name="A server chooses which keys go with a device",
        where="author_check._takes_its_keys_along",
        was="withdrawn == ({*going} if DEVICE_WITHDRAWN in kinds else set())",
        becomes="True",
        killed_by="tests/attacks/test_withdrawn_devices.py"
        "::test_a_server_leaves_nobody_a_key_on_a_withdrawn_device",
    ),
    Mutant(
        name="A server that withdraws keys with a device is not believed",
        where="log_proofs._is_a_servers_own",
        was="commit.command_type == DEVICE_WITHDRAWAL and event.event_type == KEY_WITHDRAWAL",
        becomes="False",
        killed_by="tests/attacks/test_withdrawn_devices.py"
        "::test_what_an_honest_server_says_of_it_is_believed",
    ),
    Mutant(
        name="An enrolment counts that nobody had seen when all had to sign",
        where="enrolments._where_signing_began",
        was="min(place, part.seen.global_seq + 1) if is_as_seen(work.snapshot, part.seen) else 0",
        becomes="place",
        killed_by=f"{AUTHORS}::test_an_enrolment_that_nobody_had_seen_lets_nobody_begin[2-False]",
    ),
    Mutant(
        name="What was seen of another log counts",
        where="enrolments.is_as_seen",
        was="found.hash == seen.log_hash",
        becomes="True",
        killed_by=f"{AUTHORS}::test_of_another_log_nothing_was_seen",
    ),
    Mutant(
        name="What verify takes for seen is a place of the whole log",
        where="RightsSoFar._as_seen_here",
        was="place = bisect_right(self._places, seen.global_seq)",
        becomes="place = seen.global_seq",
        killed_by=f"{FIRST_KEYS}"
        "::test_what_it_let_in_before_all_must_sign_and_nobody_had_seen_is_nobodys",
    ),
)
