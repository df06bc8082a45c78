"""Faults that somebody could put into the rules one day, each with the test that would notice.

What a mutant is called is what would then be true of the dairy. How to write one:
docs/how-to/test-a-change.md.
"""

from tests.mutants.mutant import Mutant

IN_RECALLS = "tests/application/test_claims_in_recalls.py"

MUTANTS = (
    # -------------------------------------------------------------------------------------- labels
    Mutant(
        name="A label of another dairy is taken for ours",
        where="manchengo_qr.payload.read_label",
        was="not hmac.compare_digest(_tag(body, key.secret), tag)",
        becomes="False",
        killed_by="tests/qr/test_payload.py::test_a_label_of_another_dairy_is_refused",
    ),
    Mutant(
        name="A label under a key that leaked is still trusted",
        where="manchengo_qr.payload.read_label",
        was="key.revoked",
        becomes="False",
        killed_by="tests/qr/test_payload.py::TestKeys::test_a_label_of_a_revoked_key_is_refused",
    ),
    Mutant(
        name="A letter that a computer makes a K is taken for one",
        where="manchengo_qr.payload.read_label",
        was="scanned.upper() if scanned.isascii() else scanned",
        becomes="scanned.upper().replace('\N{KELVIN SIGN}', 'K')",
        killed_by="tests/qr/test_payload.py::test_a_kelvin_sign_is_no_letter_k",
    ),
    Mutant(
        name="A picture fills the memory, however many points it claims",
        where="manchengo_qr.images.open_picture",
        was="picture.width * picture.height > MOST_POINTS",
        becomes="False",
        killed_by=(
            "tests/qr/test_reading.py::TestPictures::test_a_small_file_of_endless_points_is_refused"
        ),
    ),
    # -------------------------------------------------------------------------------------- screens
    Mutant(
        name="Things of a screen that is not for a person are found",
        where="manchengo_presenters.screens.finder.Finder._of",
        was="screen is None or not self._is_open(screen)",
        becomes="screen is None",
        killed_by=(
            "tests/presenters/screens/test_finder.py"
            "::test_things_of_a_screen_that_is_not_for_a_role_are_not_found"
        ),
    ),
    Mutant(
        name="A count that differs from what is expected takes no reason",
        where="manchengo_presenters.screens.count_form.CountForm.check",
        was="(self.reason_field,) if self.difference else ()",
        becomes="()",
        killed_by=(
            "tests/presenters/screens/test_stock_count.py::test_every_difference_takes_its_reason"
        ),
    ),
    Mutant(
        name="Some of the counts that were to be recorded together are recorded",
        where="manchengo_presenters.screens.stock_count.StockCount._is_allowed",
        was="refused == []",
        becomes="refused is not None",
        killed_by=(
            "tests/presenters/screens/test_stock_count.py"
            "::test_a_lot_that_a_rule_refuses_holds_back_all"
        ),
    ),
    Mutant(
        name="A database that was to join a server is taken for one that holds a dairy",
        where="manchengo_desktop.compose.device_office.DeviceOffice.access",
        was="Access.UNFINISHED if is_blank else Access.OPEN",
        becomes="Access.OPEN",
        killed_by=(
            "tests/desktop/test_exchange.py"
            "::test_what_was_cut_off_goes_on_with_the_same_code[begin]"
        ),
    ),
    Mutant(
        name="A window exchanges only when somebody asks for it",
        where="manchengo_desktop.compose.device_exchanges.DeviceExchanges.begin",
        was="self._thread is None and server.server_of(workplace.store)",
        becomes="False",
        killed_by="tests/desktop/test_exchange.py::test_what_one_office_records_the_other_shows",
    ),
    Mutant(
        name="A code that a screen takes leads away from it too",
        where="manchengo_presenters.screens.shell.Shell.scan",
        was="if is_taken:",
        becomes="if False:",
        killed_by="tests/presenters/screens/test_scans.py::test_a_screen_may_take_a_code_itself",
    ),
    Mutant(
        name="The first letter of a scan presses what that letter stands for",
        where="manchengo_flet.keyboard.Keyboard._unless_a_scan_begins",
        was="self._heard == heard",
        becomes="True",
        killed_by=("tests/flet_kit/test_keyboard.py::test_no_code_begins_with_a_letter_that_acts"),
    ),
    # --------------------------------------------------------------------------------------- lists
    Mutant(
        name="A search misses what is written with an accent",
        where="manchengo.domain.names._as_typed",
        was="kind == MARK",
        becomes="False",
        killed_by="tests/domain/test_names.py::test_a_search_finds_what_people_type_in_a_hurry",
    ),
    Mutant(
        name="A page repeats the rows that share the value at which the page before it ended",
        where="manchengo.ports.list_statements._rank",
        was="(dialect.or_empty(column) if column.optional else column.name, *kind.KEY)",
        becomes="(dialect.or_empty(column) if column.optional else column.name,)",
        killed_by=(
            "tests/contracts/test_lists.py"
            "::test_page_after_page_equals_the_whole_list_in_every_order"
        ),
    ),
    Mutant(
        name="A search looks at names of a lot and no longer at its own code",
        where="manchengo.ports.list_statements._Conditions._has_word",
        was="[self._contains(word)] if self._kind.SEARCHED else []",
        becomes="[]",
        killed_by=(
            "tests/contracts/test_lists.py"
            "::test_a_search_finds_codes_and_names_however_they_are_typed"
        ),
    ),
    Mutant(
        name="Who may not read an amount sorts a list by it and reads it from the order",
        where="PermittedSnapshot._require_columns",
        was="name == column",
        becomes="False",
        killed_by=(
            "tests/application/test_reading.py"
            "::test_a_driver_is_refused_and_an_administrator_is_not"
        ),
    ),
    Mutant(
        name="A lot that may be used today counts as expired",
        where="manchengo.application.dashboard._expired",
        was="today - timedelta(days=1)",
        becomes="today",
        killed_by=(
            "tests/application/test_dashboard.py::test_a_lot_may_be_used_on_the_day_it_expires"
        ),
    ),
    Mutant(
        name="An order is late on the very day it is wanted",
        where="dashboard.late_sales",
        was="today - timedelta(days=1)",
        becomes="today",
        killed_by=(
            "tests/application/test_dashboard.py"
            "::test_an_order_is_late_from_the_day_after_it_was_wanted"
        ),
    ),
    Mutant(
        name="An order without a wanted day is never late",
        where="views.orders.sales_order",
        was="state.wanted_on or state.on",
        becomes="state.wanted_on or state.on.max",
        killed_by=(
            "tests/application/test_dashboard.py"
            "::test_an_order_is_late_from_the_day_after_it_was_wanted"
        ),
    ),
    Mutant(
        name="Milk that never came was received",
        where="manchengo.application.charts._moved_each_day",
        was="_never_came(snapshot, product_id, kinds, each.day)",
        becomes="0",
        killed_by="tests/application/test_dashboard.py::test_milk_that_never_came_is_not_counted",
    ),
    Mutant(
        name="What clients gave back counts as used",
        where="manchengo.application.dashboard.USED",
        was="Movement.DELIVERY, Movement.CUSTOMER_RETURN}",
        becomes="Movement.DELIVERY}",
        killed_by=(
            "tests/application/test_dashboard.py"
            "::test_what_is_thrown_away_or_came_back_was_not_used"
        ),
    ),
    Mutant(
        name="An order is wanted before it was placed",
        where="manchengo.domain.sales_order.order.place",
        was="command.wanted_on or command.on",
        becomes="command.on",
        killed_by=("tests/domain/test_sales_order.py::test_nothing_is_wanted_before_it_is_ordered"),
    ),
    Mutant(
        name="An order is cancelled once something of it has left",
        where="manchengo.domain.sales_order.order.ALLOWED",
        was="'cancel': {OrderStatus.PLACED, OrderStatus.CONFIRMED}",
        becomes="'cancel': LIVING",
        killed_by=(
            "tests/domain/test_sales_order.py::test_an_order_is_not_called_off_once_something_left"
        ),
    ),
    Mutant(
        name="A van that has left is loaded",
        where="manchengo.domain.delivery.state.ALLOWED",
        was="'load': {DeliveryStatus.PREPARED}",
        becomes="'load': {DeliveryStatus.PREPARED, DeliveryStatus.DISPATCHED}",
        killed_by=("tests/presenters/screens/test_deliveries.py"),
    ),
    Mutant(
        name="What the client may have is not lowered to what is left",
        where="manchengo_presenters.screens.new_sale.NewSale.order_what_is_left",
        was="min(line.quantity, left)",
        becomes="left",
        killed_by=(
            "tests/presenters/screens/test_new_sale.py::test_no_more_is_ordered_than_is_left"
        ),
    ),
    # --------------------------------------------------------------------------- a line that loses
    Mutant(
        name="What may be in the log already is offered again before the log is read",
        where="_Synchronisation.begin",
        was="self._offering = not self._unconfirmed",
        becomes="self._offering = True",
        killed_by=(
            "tests/sync/test_lossy_line.py"
            "::test_what_the_log_holds_is_confirmed_before_anything_is_offered_again"
        ),
    ),
    Mutant(
        name="What the pages sent ahead brought is dropped when one of them is lost",
        where="_Synchronisation._push_ahead",
        was="self._apply_first_answer(ahead.answer)",
        becomes="pass",
        killed_by=(
            "tests/sync/test_lossy_line.py::test_each_answered_try_moves_the_cursor_or_the_queue"
        ),
    ),
    Mutant(
        name="A page that the line does not carry is sent again as it is",
        where="_Synchronisation._failed",
        was="self.size.lost()",
        becomes="",
        killed_by=(
            "tests/sync/test_lossy_line.py"
            "::test_pages_shrink_to_what_the_line_carries_and_grow_again"
        ),
    ),
    Mutant(
        name="A search for the last common entry begins again after each lost answer",
        where="common_up_to",
        was="_kept_search(store, of_this_search) or (0, most + 1)",
        becomes="(0, most + 1)",
        killed_by=(
            "tests/sync/test_lossy_line.py"
            "::test_a_search_for_the_common_place_goes_on_where_it_was_broken_off"
        ),
    ),
    Mutant(
        name="What the server withheld is never offered again while nothing changes",
        where="Worker.look",
        was="self._has_something_new() or self._is_time_to_offer_again()",
        becomes="self._has_something_new()",
        killed_by=(
            "tests/sync/test_worker.py"
            "::test_what_the_server_withheld_is_offered_again_though_nothing_changes_here"
        ),
    ),
    Mutant(
        name="A proxy that cuts what waits is taken for a server that does not answer",
        where="Worker.listen",
        was="return",
        becomes="raise",
        killed_by=(
            "tests/sync/test_worker.py"
            "::test_behind_a_proxy_that_cuts_what_waits_questions_learn_to_wait_less"
        ),
    ),
    # ------------------------------------------------------------------------------------- files
    Mutant(
        name="A figure of two readings is read with a decimal mark",
        where="FigureColumn.plain",
        was="if mark is None:",
        becomes="if mark is not None and figure is None:",
        killed_by=(
            "tests/files/test_conventions.py"
            "::test_an_ambiguous_decimal_mark_is_refused_until_it_is_declared"
        ),
    ),
    Mutant(
        name="A file that has the month first is read with the day first where that is possible",
        where="DayColumn._order",
        was=("DayOrder.DAY_FIRST if clear and self.counts[DayOrder.DAY_FIRST] > odd else None"),
        becomes="DayOrder.DAY_FIRST",
        killed_by=(
            "tests/files/test_conventions.py"
            "::test_a_contradiction_stops_the_days_that_have_two_readings"
        ),
    ),
    Mutant(
        name="The rows of an order that stand apart are two orders",
        where="grouping.together",
        was="ORDER BY group_id, number",
        becomes="ORDER BY number",
        killed_by=(
            "tests/files/test_groups.py"
            "::test_the_rows_of_an_order_are_one_order_wherever_they_stand"
        ),
    ),
    Mutant(
        name="A code is taken in its exact spelling alone",
        where="CODE_KEY",
        was="Factory(lambda row: comparison_key(row.code), takes_self=True)",
        becomes="Factory(lambda row: row.code, takes_self=True)",
        killed_by=(
            "tests/application/test_spellings.py"
            "::test_a_code_that_differs_in_spelling_alone_is_taken"
        ),
    ),
    Mutant(
        name="A number of the legal series is given again in another case",
        where="NUMBER_KEY",
        was="None if row.number is None else comparison_key(row.number)",
        becomes="row.number",
        killed_by=(
            "tests/application/test_spellings.py"
            "::test_a_number_of_the_series_is_given_once_however_it_is_spelt"
        ),
    ),
    Mutant(
        name="A reason that nobody can see is one",
        where="visible",
        was="return text.strip() if comparison_key(text) else ''",
        becomes="return text.strip()",
        killed_by="tests/application/test_spellings.py::test_what_nobody_can_see_was_not_given",
    ),
    Mutant(
        name="Of two codes that read alike, the first is taken for the one that was typed",
        where="by_code._found",
        was="bearers = spelt_so(code, list(rows_of_code(snapshot, code, *kinds)))",
        becomes="bearers = list(rows_of_code(snapshot, code, *kinds))[:1]",
        killed_by=(
            "tests/application/test_spellings.py"
            "::test_of_two_from_before_only_the_one_as_typed_is_meant"
        ),
    ),
    Mutant(
        name="A batch gives one code to two lots, written differently",
        where="ports.write_buffer.WriteBuffer.has_code",
        was="(kind, key) in",
        becomes="(kind, code) in",
        killed_by="tests/contracts/test_store.py::test_a_code_is_one_however_it_is_spelt",
    ),
    Mutant(
        name="A code that came in since a batch last looked is given once more",
        where="SqliteWriteBuffer.flush",
        was="self._no_codes.clear()",
        becomes="",
        killed_by=(
            "tests/contracts/test_store.py"
            "::test_a_code_is_found_beside_codes_that_were_looked_for_before"
        ),
    ),
    Mutant(
        name="A lot that came in is new once more when something else is taken back",
        where="SqliteTransaction._undo",
        was="self._no_streams = None",
        becomes="",
        killed_by=(
            "tests/contracts/test_store.py"
            "::test_a_stream_is_found_beside_streams_that_were_looked_for_before"
        ),
    ),
    Mutant(
        name="A name may erase what a terminal shows",
        where="command_check._is_plain",
        was="b'\\\\u00' in content or b'\\\\b' in content or b'\\\\f' in content",
        becomes="False",
        killed_by=(
            "tests/attacks/test_terminals.py"
            "::test_none_of_the_signs_that_drive_a_terminal_is_recorded"
        ),
    ),
    Mutant(
        name="Two lots that come out of one make read alike",
        where="_worth_telling",
        was="key = comparison_key(output.code)",
        becomes="key = output.code",
        killed_by=(
            "tests/application/test_spellings.py"
            "::test_two_lots_of_one_make_have_codes_that_read_otherwise"
        ),
    ),
    Mutant(
        name="The codes of an older database are found in the case they were written in alone",
        where="_key_of_bytes",
        was="return comparison_key(code.decode('utf-8', 'replace'))",
        becomes="return code.decode('utf-8', 'replace')",
        killed_by=(
            "tests/sqlite/test_migrations.py::test_what_was_claimed_before_is_found_however_typed"
        ),
    ),
    Mutant(
        name="A label is not looked for on claimed lots in another case",
        where="Links.claimed_under",
        was="self._claims({'code_key': comparison_key(code)})",
        becomes="self._claims({'code': code})",
        killed_by=f"{IN_RECALLS}::test_a_new_lot_under_the_code_of_a_recalled_claim_is_recalled",
    ),
    Mutant(
        name="Of two prices of one code in a file, one is taken",
        where="Checks._first_two_values",
        was="self.reader.kind.complete and len(entry) > 1",
        becomes="()",
        killed_by=(
            "tests/files/test_update.py::test_a_list_with_two_prices_for_one_code_changes_neither"
        ),
    ),
    Mutant(
        name="A file may say that a litre is a kilogram",
        where="manchengo_files.kinds.catalogue.change_product",
        was="objections = tuple(_objections(values, row))",
        becomes="objections = ()",
        killed_by="tests/files/test_update.py::test_what_never_changes_is_refused",
    ),
    Mutant(
        name="A row is not told how the register spells its code",
        where="Codes.other_spelling",
        was="return None if code in known else next(iter(known), None)",
        becomes="return None",
        killed_by=("tests/files/test_registers.py::test_no_register_has_two_codes_that_read_alike"),
    ),
    Mutant(
        name="Of two sheets of lots the second is left out without a word",
        where="workbook._chosen",
        was="if len(whole) > 1:",
        becomes="if len(whole) > 99:",
        killed_by=(
            "tests/cli/importing/test_whereabouts.py"
            "::test_of_two_sheets_with_such_a_table_one_must_be_named"
        ),
    ),
    Mutant(
        name="The unit in a header means nothing",
        where="Checks._other_units",
        was="[unit for unit in units if unit != kept_in]",
        becomes="[]",
        killed_by=(
            "tests/cli/importing/test_whereabouts.py"
            "::test_a_unit_in_the_header_is_that_of_the_product"
        ),
    ),
    Mutant(
        name="Two lines of one product are promised the same kilograms",
        where="SalesOrder.wanted",
        was="before + line.quantity if before else line.quantity",
        becomes="line.quantity",
        killed_by=(
            "tests/domain/test_sales_order.py::test_two_lines_of_one_product_are_short_together"
        ),
    ),
    # ----------------------------------------------------------------------------- which lot leaves
    Mutant(
        name="The lot entered first in the computer leaves first",
        where="allocation.allocate",
        was="in sorted(candidates, key=ORDER[policy]):",
        becomes="in candidates:",
        killed_by=(
            "tests/domain/test_allocation_properties.py"
            "::test_the_order_in_which_lots_are_handed_in_means_nothing"
        ),
    ),
    Mutant(
        name="A lot may not be used on the day it expires",
        where="allocation.unfit",
        was="if expires_on < on:",
        becomes="if expires_on <= on:",
        killed_by="tests/domain/test_lot.py::test_milk_is_poured_until_its_last_day",
    ),
    Mutant(
        name="Only what has expired may be used",
        where="allocation.unfit",
        was="if expires_on < on:",
        becomes="if expires_on >= on:",
        killed_by=(
            "tests/domain/test_allocation_properties.py"
            "::test_the_reason_is_the_one_a_person_would_give"
        ),
    ),
    Mutant(
        name="A lot may not be used on the day it comes in",
        where="allocation.unfit",
        was="if received_on > on:",
        becomes="if received_on >= on:",
        killed_by=(
            "tests/domain/test_allocation_properties.py"
            "::test_a_lot_serves_from_its_reception_to_its_last_day_less_the_life_asked"
        ),
    ),
    Mutant(
        name="Of the lots of one day, what never expires leaves first",
        where="fifo",
        was="return (lot.received_on, lot.expires_on or date.max, lot.lot_id)",
        becomes="return (lot.received_on, lot.expires_on or date.min, lot.lot_id)",
        killed_by=(
            "tests/domain/test_allocation_properties.py"
            "::test_ties_are_broken_by_the_other_date_and_then_by_the_identifier"
        ),
    ),
    Mutant(
        name="Where the first expired leaves first, what never expires leaves before it",
        where="fefo",
        was="return (lot.expires_on or date.max, lot.received_on, lot.lot_id)",
        becomes="return (lot.expires_on or date.min, lot.received_on, lot.lot_id)",
        killed_by=(
            "tests/domain/test_allocation_properties.py"
            "::test_ties_are_broken_by_the_other_date_and_then_by_the_identifier"
        ),
    ),
    Mutant(
        name="Between two lots of the same dates, chance decides",
        where="fifo",
        was="return (lot.received_on, lot.expires_on or date.max, lot.lot_id)",
        becomes="return (lot.received_on, lot.expires_on or date.max)",
        killed_by=(
            "tests/domain/test_allocation_properties.py"
            "::test_the_order_in_which_lots_are_handed_in_means_nothing"
        ),
    ),
    Mutant(
        name="A client is given one day of shelf life too few",
        where="allocation.unfit",
        was="if (expires_on - on).days < minimum_shelf_life_days:",
        becomes="if (expires_on - on).days < minimum_shelf_life_days - 1:",
        killed_by=(
            "tests/domain/test_sales_order.py"
            "::test_a_client_who_wants_it_fresh_gets_what_lives_long_enough"
        ),
    ),
    Mutant(
        name="A client is promised one day of shelf life too many",
        where="allocation.unfit",
        was="if (expires_on - on).days < minimum_shelf_life_days:",
        becomes="if (expires_on - on).days <= minimum_shelf_life_days:",
        killed_by=(
            "tests/domain/test_allocation_properties.py"
            "::test_a_lot_serves_from_its_reception_to_its_last_day_less_the_life_asked"
        ),
    ),
    Mutant(
        name="What is in quarantine is used",
        where="UNFIT",
        was="Standing.QUARANTINED: Skipped.QUARANTINED,",
        becomes="",
        killed_by=(
            "tests/domain/test_allocation_properties.py"
            "::test_what_is_not_released_is_neither_made_into_anything_nor_sold"
        ),
    ),
    Mutant(
        name="What may not be used may not be destroyed either",
        where="allocation.unfit",
        was="if purpose is Purpose.DISPOSAL:",
        becomes="if purpose is Purpose.DISPOSAL and standing is Standing.RELEASED:",
        killed_by="tests/domain/test_lot.py::test_what_may_not_be_used_may_still_be_destroyed",
    ),
    Mutant(
        name="The lots behind the last one needed are picked for nothing",
        where="allocation.allocate",
        was="elif missing:",
        becomes="else:",
        killed_by=(
            "tests/domain/test_allocation_properties.py"
            "::test_no_pick_is_empty_none_exceeds_its_lot_and_all_but_the_last_drain_theirs"
        ),
    ),
    Mutant(
        name="An empty lot is picked for nothing",
        where="allocation.allocate",
        was="(not lot.free)",
        becomes="lot.free is None",
        killed_by=(
            "tests/domain/test_allocation_properties.py"
            "::test_no_pick_is_empty_none_exceeds_its_lot_and_all_but_the_last_drain_theirs"
        ),
    ),
    Mutant(
        name="Nothing is ever said to be missing",
        where="allocation.allocate",
        was="shortfall=missing,",
        becomes="shortfall=wanted.with_thousandths(0),",
        killed_by="tests/domain/test_production_order.py::test_everything_that_is_missing_is_named",
    ),
    Mutant(
        name="Where the first expired should leave first, the first in does",
        where="ORDER",
        was="Policy.FEFO: fefo}",
        becomes="Policy.FEFO: fifo}",
        killed_by=(
            "tests/domain/test_sales_order.py"
            "::test_by_the_other_policy_the_cheese_that_expires_first_is_kept_first"
        ),
    ),
    # ------------------------------------------------------------------------- the account of a lot
    Mutant(
        name="A count changes nothing",
        where="Ledger.counted",
        was="lambda _: counted)",
        becomes="lambda before: before)",
        killed_by="tests/domain/test_lot.py::test_the_stock_follows_the_count",
    ),
    Mutant(
        name="What leaves in the past looks only at its own day",
        where="Ledger.can_give",
        was="lowest = min(lowest, line.balance)",
        becomes="pass",
        killed_by=(
            "tests/domain/test_lot.py::test_a_loss_dated_before_a_use_leaves_enough_for_that_use"
        ),
    ),
    Mutant(
        name="What leaves in the past answers for what happened after the next count",
        where="Ledger.can_give",
        was="if line.movement is Movement.COUNT:\n    break",
        becomes="",
        killed_by=(
            "tests/domain/test_ledger_properties.py"
            "::test_what_can_leave_is_exactly_the_most_that_leaves_no_later_balance_below_zero"
        ),
    ),
    Mutant(
        name="The balances after a line written late stay as they were",
        where="Ledger._with",
        was="later = _rebalanced(balance, self.lines[place:])",
        becomes="later = self.lines[place:]",
        killed_by=(
            "tests/domain/test_ledger_properties.py"
            "::test_the_running_balance_is_the_sum_of_all_before_from_the_last_count_on"
        ),
    ),
    Mutant(
        name="A line written late changes what the next count saw",
        where="_rebalanced",
        was="line.balance - balance if line.movement is Movement.COUNT else line.change",
        becomes="line.change",
        killed_by=(
            "tests/domain/test_ledger_properties.py"
            "::test_what_was_seen_on_the_shelf_stays_seen_whatever_is_written_later"
        ),
    ),
    Mutant(
        name="Within a day the last recorded comes first",
        where="Ledger._with",
        was="while place and self.lines[place - 1].on > on:",
        becomes="while place and self.lines[place - 1].on >= on:",
        killed_by=(
            "tests/domain/test_ledger_properties.py"
            "::test_the_running_balance_is_the_sum_of_all_before_from_the_last_count_on"
        ),
    ),
    Mutant(
        name="What happened on a day is not there when it ends",
        where="Ledger.balance_on",
        was=("if line.on > on:\n    break"),
        becomes=("if line.on >= on:\n    break"),
        killed_by=(
            "tests/domain/test_ledger_properties.py"
            "::test_the_balance_of_a_day_is_that_of_its_evening"
        ),
    ),
    # ---------------------------------------------------------------------------- what a lot allows
    Mutant(
        name="A lot gives more than it has",
        where="rules._enough",
        was="if wanted > free:",
        becomes="if wanted > free and not wanted:",
        killed_by="tests/domain/test_lot.py::test_one_millilitre_too_many_is_refused",
    ),
    Mutant(
        name="What is kept for an order is free to everybody",
        where="Lot.free",
        was="self.ledger.can_give(on) - kept_for_others)",
        becomes="self.ledger.can_give(on))",
        killed_by="tests/domain/test_lot.py::test_what_one_order_keeps_is_free_to_nobody_else",
    ),
    Mutant(
        name="What is kept for an order is not free to that order",
        where="Lot.free",
        was="self.reserved_for(owner).thousandths if owner is not None else 0",
        becomes="0",
        killed_by="tests/domain/test_lot.py::test_what_one_order_keeps_is_free_to_nobody_else",
    ),
    Mutant(
        name="What an order uses stays kept for it",
        where="_used",
        was="from_reservation = min(lot.reserved_for(owner), quantity).thousandths",
        becomes="from_reservation = 0",
        killed_by=(
            "tests/domain/test_lot.py"
            "::test_what_an_order_pours_comes_from_its_own_reservation_first"
        ),
    ),
    Mutant(
        name="What a later count did not find is proposed all the same",
        where="Lot.candidate",
        was="free=min(self.free(on, owner=owner), self.free(date.max, owner=owner)),",
        becomes="free=self.free(on, owner=owner),",
        killed_by=(
            "tests/application/test_stock.py"
            "::test_what_a_count_no_longer_found_is_not_proposed_for_a_day_before_it"
        ),
    ),
    Mutant(
        name="A recall is lifted by a release",
        where="lot.decide._release",
        was=("not_recalled(lot)\nif lot.standing is Standing.RELEASED:"),
        becomes="if lot.standing is Standing.RELEASED:",
        killed_by="tests/domain/test_lot.py::test_a_recalled_lot_stays_recalled",
    ),
    Mutant(
        name="Milk is poured whatever its date or its quality",
        where="_consume",
        was="fit(lot, command.on, Purpose.PRODUCTION)",
        becomes="",
        killed_by="tests/domain/test_lot.py::test_milk_is_not_poured_the_day_after",
    ),
    Mutant(
        name="Cheese leaves whatever its date or its quality",
        where="_deliver",
        was="fit(lot, command.on, Purpose.SALE)",
        becomes="",
        killed_by=(
            "tests/domain/test_delivery.py"
            "::test_the_last_day_of_a_cheese_is_a_good_day_to_leave_and_the_next_is_not"
        ),
    ),
    Mutant(
        name="More comes back than was delivered",
        where="_return",
        was="if command.quantity > delivered:",
        becomes="if not delivered:",
        killed_by="tests/domain/test_delivery.py::test_no_more_comes_back_than_left",
    ),
    Mutant(
        name="What is spilt is spilt only if promised to nobody",
        where="_write_off",
        was=(
            "enough_on_hand(lot, command.quantity, command.on)\n"
            "reason = reason_given(command.reason, 'write off')"
        ),
        becomes=(
            "_enough(lot, command.quantity, command.on, owner=None)\n"
            "reason = reason_given(command.reason, 'write off')"
        ),
        killed_by=(
            "tests/domain/test_lot.py::test_what_is_spilt_is_spilt_whoever_it_was_promised_to"
        ),
    ),
    # ------------------------------------------------------------------- what the log says for ever
    Mutant(
        name="The same command is written in other bytes on every run",
        where="Codec._encoder",
        was="msgspec.json.Encoder(order='sorted')",
        becomes="msgspec.json.Encoder()",
        killed_by=(
            "tests/application/test_codec.py"
            "::test_what_has_no_order_of_its_own_is_written_in_one_order_everywhere"
        ),
    ),
    Mutant(
        name="What a newer program wrote is guessed at",
        where="Codec.decode",
        was="if schema is None or version > schema.version:",
        becomes="if schema is None:",
        killed_by=(
            "tests/application/test_codec.py::test_what_a_newer_program_wrote_is_not_guessed_at"
        ),
    ),
    Mutant(
        name="An old version is read as if it were today's",
        where="Codec.decode",
        was="for upcast in schema.upcasters[version - 1:]:",
        becomes="for upcast in schema.upcasters[version:]:",
        killed_by=(
            "tests/application/test_codec.py::test_each_past_version_is_led_step_by_step_to_today"
        ),
    ),
    Mutant(
        name="The seal does not cover what happened",
        where="_feed_events",
        was="_feed(digest, event.payload)",
        becomes='_feed(digest, b"")',
        killed_by="tests/application/test_codec.py::test_the_hash_covers_every_part_of_a_commit",
    ),
    Mutant(
        name="The seal does not cover what was asked",
        where="commit_hash",
        was="_feed(digest, commit.command)",
        becomes='_feed(digest, b"")',
        killed_by="tests/application/test_codec.py::test_the_hash_covers_every_part_of_a_commit",
    ),
    Mutant(
        name="The seal does not cover the commit before",
        where="commit_hash",
        was="_feed(digest, commit.previous)",
        becomes='_feed(digest, b"")',
        killed_by="tests/application/test_codec.py::test_the_hash_covers_every_part_of_a_commit",
    ),
    Mutant(
        name="The seal does not say where one part ends and the next begins",
        where="_feed",
        was="len(part).to_bytes(8, 'big') + part",
        becomes="part",
        killed_by=(
            "tests/application/test_codec.py::test_bytes_do_not_pass_from_one_part_to_the_next"
        ),
    ),
    Mutant(
        name="The seal does not cover the import",
        where="commit_hash",
        was="commit.import_id",
        becomes="",
        killed_by="tests/application/test_codec.py::test_the_hash_covers_every_part_of_a_commit",
    ),
    Mutant(
        name="The seal does not cover the version an event claims",
        where="_feed_events",
        was="event.version",
        becomes="",
        killed_by="tests/application/test_codec.py::test_the_hash_covers_every_part_of_a_commit",
    ),
    # --------------------------------------------------------------- one command in, one commit out
    Mutant(
        name="A command given twice is done twice",
        where="committing._answered",
        was="known = transaction.commit(command_id)",
        becomes="known = None",
        killed_by=(
            "tests/application/test_command_ids.py"
            "::test_a_repeated_command_is_answered_again_and_done_once"
        ),
    ),
    Mutant(
        name="The id of a command answers for another one",
        where="committing._answered",
        was="if known.command_type != admitted.name or known.command != admitted.content:",
        becomes="if known.command_type != admitted.name:",
        killed_by=(
            "tests/application/test_command_ids.py::test_an_id_is_not_used_for_another_command"
        ),
    ),
    Mutant(
        name="A command holds values of any type",
        where="encoded",
        was="_check(kind, command, name)",
        becomes="",
        killed_by=(
            "tests/application/test_command_check.py"
            "::test_a_value_of_the_wrong_type_is_refused_and_leaves_nothing"
        ),
    ),
    Mutant(
        name="A moment is as good as a day",
        where="_question",
        was="[f'type({value}) is {name(annotation)}', *inside]",
        becomes="[f'isinstance({value}, {name(annotation)})', *inside]",
        killed_by=(
            "tests/application/test_command_check.py"
            "::test_a_value_of_the_wrong_type_is_refused_and_leaves_nothing"
        ),
    ),
    Mutant(
        name="What the clock says is sealed unseen",
        where="Committer._commit",
        was="check_commit(commit)",
        becomes="",
        killed_by=(
            "tests/application/test_command_check.py::test_a_clock_whose_day_has_an_hour_is_refused"
        ),
    ),
    Mutant(
        name="An event is sealed without being read back",
        where="Committer._recorded",
        was="payload=codec.events.encode_readable(new.event)",
        becomes="payload=codec.events.encode(new.event)",
        killed_by=(
            "tests/application/test_command_check.py"
            "::test_a_rule_that_tells_what_cannot_be_read_stores_nothing"
        ),
    ),
    Mutant(
        name="What nobody can read and was noted is left where it is",
        where="unreadable.set_aside",
        was="reseal_pending(transaction, device_id, state_cache=state_cache)",
        becomes="pass",
        killed_by=(
            "tests/application/test_unreadable.py"
            "::test_without_a_server_it_is_set_aside_when_the_database_is_opened"
        ),
    ),
    Mutant(
        name="An instant is offered as a day",
        where="_out_of_chain",
        was="and (not isinstance(commit.on, datetime))",
        becomes="",
        killed_by=(
            "tests/application/test_unreadable.py"
            "::test_a_queue_with_what_nobody_reads_drains_and_everybody_agrees"
        ),
    ),
    Mutant(
        name="What is made in one millisecond stands in any order",
        where="_Moments.next",
        was="max(now, self._last + 1)",
        becomes="now",
        killed_by=(
            "tests/contracts/test_clock_and_ids.py::test_ids_increase_whatever_the_clock_does"
        ),
    ),
    Mutant(
        name="An order may lose its confirmation behind a loaded van",
        where="_dependants",
        was="case SalesOrder(status=OrderStatus.PLACED):",
        becomes="case SalesOrder(status=OrderStatus.CLOSED):",
        killed_by="tests/application/test_imports.py::test_what_rests_on_a_step_keeps_the_step",
    ),
    Mutant(
        name="An undoing may leave nobody who gives rights",
        where="imports._nothing_rests_on_it",
        was=(
            "one_must_remain(work, [(each.before, each.after) for each in undone "
            "if each.kind == USER.name])"
        ),
        becomes="pass",
        killed_by="tests/application/test_imports.py::test_somebody_who_gives_rights_is_left",
    ),
    Mutant(
        name="Anybody may do anything",
        where="permissions._permit",
        was="if not actor.may(permission):",
        becomes="if not actor.roles:",
        killed_by="tests/application/test_permissions.py::test_a_driver_receives_no_milk",
    ),
    Mutant(
        name="Who knows the id of a command is told its answer",
        where="committing.admit",
        was="permit(actor, command)",
        becomes="",
        killed_by=(
            "tests/application/test_command_ids.py"
            "::test_knowing_the_id_does_not_let_somebody_else_in"
        ),
    ),
    Mutant(
        name="Nothing of a command shows",
        where="store_views",
        was="transaction.put(changed)",
        becomes="",
        killed_by=(
            "tests/application/test_views.py"
            "::test_rows_written_as_things_happen_are_those_made_from_the_log"
        ),
    ),
    Mutant(
        name="What is no longer so still shows",
        where="store_views",
        was="transaction.drop(gone)",
        becomes="pass",
        killed_by=(
            "tests/application/test_imports.py"
            "::test_after_undoing_everything_shows_as_before_the_file"
        ),
    ),
    Mutant(
        name="What somebody else wrote meanwhile is not seen",
        where="UnitOfWork._nobody_else_wrote",
        was="return self.state_cache.head == self.snapshot.head()",
        becomes="return True",
        killed_by=(
            "tests/application/test_atomicity.py"
            "::test_what_another_program_wrote_is_seen_by_the_next_command"
        ),
    ),
    Mutant(
        name="What somebody else wrote is forgotten after one command",
        where="UnitOfWork.remember",
        was=("if not self._cache_is_current:\n    self.state_cache.others_wrote = head"),
        becomes="",
        killed_by=(
            "tests/application/test_atomicity.py"
            "::test_what_another_program_wrote_is_seen_even_after_a_command_about_something_else"
        ),
    ),
    Mutant(
        name="What was taken back is still remembered",
        where="Manchengo._forgetting_on_failure",
        was=("self._state_cache.forget()\nraise"),
        becomes="raise",
        killed_by=(
            "tests/application/test_atomicity.py::test_a_dry_run_does_everything_and_keeps_nothing"
        ),
    ),
    Mutant(
        name="An import is undone under those who rely on it",
        where="handlers.imports.undo",
        was="_nothing_rests_on_it(work, batch.id)",
        becomes="",
        killed_by=(
            "tests/application/test_imports.py"
            "::test_what_something_depends_on_stays_and_what_depends_on_it_is_named"
        ),
    ),
    Mutant(
        name="A commit is recorded that no exchange carries",
        where="Committer.execute",
        was="check_size(commit)",
        becomes="",
        killed_by=(
            "tests/application/test_imports_undone_in_parts.py"
            "::test_a_command_that_no_exchange_would_carry_is_refused"
        ),
    ),
    Mutant(
        name="A part of an import is undone to its first row",
        where="to_undo",
        was="commit.id == back_to",
        becomes="False",
        killed_by=(
            "tests/application/test_imports_undone_in_parts.py"
            "::test_each_part_takes_back_what_its_rows_did"
        ),
    ),
    Mutant(
        name="A part of an import that was undone is undone again",
        where="imported_commits._newest_first",
        was="before=before",
        becomes="before=None",
        killed_by=("tests/application/test_imports_undone_in_parts.py::test_a_part_is_undone_once"),
    ),
    Mutant(
        name="Undoing an import takes back what came after it",
        where="_made_and_still_last",
        was="any((entry.commit_id not in commits for entry in in_force[len(in_force) - made:]))",
        becomes="not in_force",
        killed_by=(
            "tests/application/test_imports.py"
            "::test_what_something_depends_on_stays_and_what_depends_on_it_is_named"
        ),
    ),
    Mutant(
        name="A refused command leaves half of itself in memory",
        where="MemoryStore.writing",
        was="undo()",
        becomes="pass",
        killed_by=(
            "tests/contracts/test_store.py::test_a_transaction_left_by_an_exception_leaves_no_trace"
        ),
    ),
    # --------------------------------------------------------------------------- the encrypted file
    Mutant(
        name="The rows of this transaction are not seen by its look-ups",
        where="ports.write_buffer.WriteBuffer.rows",
        was="if gathered and (equal.keys()",
        becomes="if not gathered and (equal.keys()",
        killed_by=(
            "tests/contracts/test_store.py::test_rows_are_found_by_any_column_empty_ones_included"
        ),
    ),
    Mutant(
        name="The lots of this transaction are not candidates",
        where="ports.write_buffer.WriteBuffer.candidates",
        was=("if self._rows[kind]:\n    self.flush()"),
        becomes="",
        killed_by=(
            "tests/contracts/test_store.py"
            "::test_candidates_come_oldest_first_with_ties_broken_by_expiry_then_id"
        ),
    ),
    Mutant(
        name="The events of this transaction are not in their streams",
        where="manchengo_sqlite.write_buffer.SqliteWriteBuffer.stream",
        was=("if aggregate_id in self._touched:\n    self.flush()"),
        becomes="",
        killed_by=(
            "tests/contracts/test_store.py"
            "::test_a_stream_is_numbered_without_gap_and_read_beyond_a_position"
        ),
    ),
    Mutant(
        name="A device's chain never moves on",
        where="SqliteTransaction.set_tip",
        was="self._moved_tips.add(device_id)",
        becomes="",
        killed_by="tests/contracts/test_store.py::test_each_device_has_its_own_tip",
    ),
    Mutant(
        name="An event stands where its author says",
        where="SqliteTransaction._happen",
        was="event_columns(number, position, index, event, end, derived, entry)",
        becomes="event_columns(number, position, index, event, event.version, derived, entry)",
        killed_by=(
            "tests/contracts/test_store.py"
            "::test_an_event_stands_at_the_end_of_its_stream_whatever_its_author_expected"
        ),
    ),
    Mutant(
        name="Of a row that stands only what cannot change is written",
        where="manchengo_sqlite.mapping.Mapping.upsert",
        was="if column.name not in kept",
        becomes="if column.name in kept",
        killed_by=(
            "tests/contracts/test_store.py::test_all_of_a_row_is_replaced_but_what_is_fixed"
        ),
    ),
    # --------------------------------------------------------------------------- opening stock
    Mutant(
        name="A lot of the opening stock leaves by the day it was entered",
        where="_entered",
        was="entered_on=event.dated,",
        becomes="entered_on=event.on,",
        killed_by=(
            "tests/domain/test_opening_stock.py"
            "::test_the_older_cheese_leaves_first_whenever_it_was_entered"
        ),
    ),
    Mutant(
        name="A lot of the opening stock is there before the books begin",
        where="Lot.here_from",
        was="return self.origin.on if isinstance(self.origin, Opening) else self.entered_on",
        becomes="return self.entered_on",
        killed_by=(
            "tests/domain/test_opening_stock.py::test_nothing_happens_to_it_before_the_opening_day"
        ),
    ),
    Mutant(
        name="The opening stock is missing from the mass balance",
        where="figure_of",
        was="'entered'",
        becomes="'adjusted' if movement is Movement.OPENING else 'entered'",
        killed_by=(
            "tests/domain/test_opening_stock.py"
            "::test_a_recall_of_it_reaches_its_clients_and_its_balance_is_exact"
        ),
    ),
    Mutant(
        name="What came in since is entered as opening stock",
        where="decide._enter",
        was="if command.dated > command.on:",
        becomes="if command.dated < date.min:",
        killed_by="tests/domain/test_opening_stock.py::test_what_makes_no_sense_is_refused",
    ),
    Mutant(
        name="What expired before the books begin may not be entered",
        where="decide._enter",
        was="dates_in_order(command.code, command.dated, command.expires_on)",
        becomes="dates_in_order(command.code, command.on, command.expires_on)",
        killed_by=(
            "tests/domain/test_opening_stock.py"
            "::test_what_had_expired_by_then_is_there_all_the_same_to_be_written_off"
        ),
    ),
    # ----------------------------------------------------------------------------- corrections
    Mutant(
        name="A correction leaves no old value behind",
        where="_corrected",
        was="corrections=(*lot.corrections, *corrections)",
        becomes="corrections=corrections",
        killed_by=(
            "tests/domain/test_lot_correction.py"
            "::test_what_was_and_how_much_had_moved_on_it_stay_in_sight"
        ),
    ),
    Mutant(
        name="A corrected expiry is not written where lots are looked for",
        where="projection.difference",
        was="gone.append(was)",
        becomes="pass",
        killed_by="tests/domain/test_lot_correction.py::test_only_what_is_given_is_corrected",
    ),
    Mutant(
        name="A lot expires before it came in, once it is corrected",
        where="_correct",
        was="if command.expiry is not None:",
        becomes="if command.expiry is None:",
        killed_by=(
            "tests/domain/test_lot_correction.py"
            "::test_a_correction_is_not_older_than_the_lot_nor_is_its_expiry"
        ),
    ),
    Mutant(
        name="A price that an undone import had set still wins over another's",
        where="_last_write",
        was="reversed(not_undone(stream, map(_event, stream)))",
        becomes="reversed(stream)",
        killed_by=(
            "tests/application/test_field_merge.py"
            "::test_what_was_undone_wins_over_nothing_written_before_it"
        ),
    ),
    Mutant(
        name="A person is asked about a price that an undone import had set",
        where="_unseen",
        was="others > expected - 1 - own and entry.position in in_force",
        becomes="others > expected - 1 - own",
        killed_by=(
            "tests/application/test_field_merge.py"
            "::test_what_was_undone_wins_over_nothing_written_before_it"
        ),
    ),
    Mutant(
        name="Two corrections of one lot made apart are nobody's business",
        where="field_merge.SENSITIVE",
        was="LotCorrected: frozenset(CORRECTABLE)",
        becomes="LotCorrected: frozenset()",
        killed_by=(
            "tests/application/test_replication.py"
            "::test_the_later_correction_of_a_lot_holds_and_a_person_is_asked"
        ),
    ),
    Mutant(
        name="What is done after a correction is said to be done on the old value",
        where="corrections.corrected_since",
        was="if movement.number <= each.movements",
        becomes="if movement.number <= each.movements + 1",
        killed_by=(
            "tests/application/test_genealogy.py"
            "::test_what_left_before_a_correction_left_on_the_old_value"
        ),
    ),
    Mutant(
        name="A lot that expired stays reserved and nobody is told",
        where="_hold",
        was="expires_on=lot.expires_on,",
        becomes="expires_on=None,",
        killed_by=(
            "tests/application/test_holds.py"
            "::test_an_expiry_corrected_to_an_earlier_day_names_the_orders_that_hold_the_lot"
        ),
    ),
    Mutant(
        name="A van that has not left is not named",
        where="_loaded",
        was="delivery.status == 'prepared'",
        becomes="delivery.status == 'dispatched'",
        killed_by=(
            "tests/application/test_holds.py::test_a_lot_in_a_van_that_has_not_left_names_the_van"
        ),
    ),
    Mutant(
        name="Whether a lot may be used is decided for ever when it comes in",
        where="RawLotRow.FIXED",
        was="'expires_on', 'opening_on', 'supplier_id',",
        becomes="'expires_on', 'opening_on', 'status',",
        killed_by=(
            "tests/contracts/test_store.py::test_all_of_a_row_is_replaced_but_what_is_fixed"
        ),
    ),
    Mutant(
        name="What was gathered is never written",
        where="SqliteStore.writing",
        was="transaction.flush()",
        becomes="",
        killed_by="tests/contracts/test_store.py::test_a_commit_comes_back_to_the_byte",
    ),
    Mutant(
        name="A commit is written without what happened in it",
        where="manchengo_sqlite.write_buffer.SqliteWriteBuffer.flush",
        was="self._many(sql.ADD_EVENT, self._events)",
        becomes="",
        killed_by="tests/contracts/test_store.py::test_a_commit_comes_back_to_the_byte",
    ),
    Mutant(
        name="What was written half-way through an import is written again",
        where="manchengo_sqlite.write_buffer.SqliteWriteBuffer.flush",
        was="self._events.clear()",
        becomes="",
        killed_by=(
            "tests/contracts/test_store.py::test_many_commits_in_one_transaction_are_all_there"
        ),
    ),
    Mutant(
        name="Nothing waits to be sent to the server",
        where="manchengo_sqlite.write_buffer.SqliteWriteBuffer.flush",
        was="self._many(sql.QUEUE, self._queued)",
        becomes="pass",
        killed_by="tests/sqlite/test_tables.py::test_every_commit_waits_for_the_server",
    ),
    Mutant(
        name="What failed half-way stays half done",
        where="connection._transaction",
        was=(
            "try:\n    yield connection\n    bare.commit()\nfinally:\n    file.abandon(connection)"
        ),
        becomes="try:\n    yield connection\nfinally:\n    bare.commit()",
        killed_by=(
            "tests/contracts/test_store.py::test_a_transaction_left_by_an_exception_leaves_no_trace"
        ),
    ),
    Mutant(
        name="Only the first page of lots is looked at",
        where="SqliteSnapshot.candidates",
        was=("if len(page) < size:\n    return"),
        becomes="return",
        killed_by="tests/contracts/test_store.py::test_candidates_are_all_there_however_many",
    ),
    Mutant(
        name="Only the first page of the queue is seen",
        where="page_by_page",
        was=("if len(found) < size:\n    return"),
        becomes="return",
        killed_by=(
            "tests/contracts/test_replication_store.py"
            "::test_the_queue_is_followed_while_the_log_confirms_it"
        ),
    ),
    Mutant(
        name="What was not there when it was first asked for stays away",
        where="ports.write_buffer.WriteBuffer._gather_row",
        was="self._firsts.pop(type(row), None)",
        becomes="",
        killed_by=(
            "tests/contracts/test_store.py"
            "::test_whether_there_is_any_such_row_is_asked_again_after_each_change"
        ),
    ),
    Mutant(
        name="In every database, the first in leaves first even where the first expired should",
        where="manchengo.ports.rows.lots.ORDER_OF",
        was="Policy.FEFO: (OrNever('expires_on'), 'entered_on', 'id')",
        becomes="Policy.FEFO: ('entered_on', OrNever('expires_on'), 'id')",
        killed_by=(
            "tests/contracts/test_store.py"
            "::test_candidates_come_oldest_first_with_ties_broken_by_expiry_then_id"
        ),
    ),
    Mutant(
        name="Finding a lot reads every lot there ever was",
        where="manchengo_sqlite.statements.CANDIDATES",
        was="AND {FREE_LOTS}",
        becomes="AND quantity_remaining + 0 > 0",
        killed_by=(
            "tests/sqlite/test_tables.py"
            "::test_finding_a_lot_reads_one_index_of_open_lots_and_nothing_else"
        ),
    ),
    Mutant(
        name="A lot that is promised whole is found for others",
        where="manchengo_sqlite.statements.CANDIDATES",
        was="AND {FREE_LOTS}",
        becomes="AND {OPEN_LOTS}",
        killed_by=(
            "tests/contracts/test_store.py"
            "::test_candidates_come_oldest_first_with_ties_broken_by_expiry_then_id"
        ),
    ),
    Mutant(
        name="The number of an event taken back is given again",
        where="SqliteTransaction._undo",
        was="self.set_setting(NUMBERS_GIVEN, str(self._last_number()))",
        becomes="pass",
        killed_by=(
            "tests/sqlite/test_places.py"
            "::test_the_number_of_an_event_taken_back_is_never_given_again"
        ),
    ),
    Mutant(
        name="A setting is read as it was before it was set",
        where="SqliteTransaction.set_setting",
        was="self._settings.pop(name, None)",
        becomes="pass",
        killed_by="tests/contracts/test_store.py::test_a_transaction_reads_what_it_set_last",
    ),
    Mutant(
        name="A database of before forgets the last number that it gave",
        where="places.number_events_without_sqlite_sequence",
        was="seq > (SELECT ifnull(max(seq), 0) FROM _events)",
        becomes="seq > 9",
        killed_by="tests/sqlite/test_places.py::test_a_database_of_before_goes_on_with_its_numbers",
    ),
    Mutant(
        name="Every reception writes one index more",
        where="RawLotRow.LOOK_UPS",
        was="('code_key', 'product_id')",
        becomes="('code_key', 'product_id', 'supplier_id')",
        killed_by=(
            "tests/sqlite/test_written_pages.py"
            "::test_a_usual_command_writes_no_more_than_its_budget[receive]"
        ),
    ),
    Mutant(
        name="All that an order took was poured of one lot",
        where="Links._poured_of",
        was="if scan.lot_id == lot_id",
        becomes="if True",
        killed_by=("tests/application/test_genealogy.py::test_what_was_poured_is_found_lot_by_lot"),
    ),
    # --------------------------------------------------------------------------- the view tables
    Mutant(
        name="A view that an older program made otherwise stays as it was",
        where="manchengo.ports.view_tables.outdated",
        was="rows.append(each)",
        becomes="pass",
        killed_by=(
            "tests/contracts/test_view_tables.py"
            "::test_a_view_that_was_made_otherwise_is_made_anew_from_the_log"
        ),
    ),
    Mutant(
        name="Indexes that an older program made otherwise stay as they were",
        where="manchengo.ports.view_tables.outdated",
        was="indexes.append(each)",
        becomes="pass",
        killed_by=(
            "tests/contracts/test_view_tables.py"
            "::test_indexes_that_changed_are_made_anew_and_rows_stay"
        ),
    ),
    Mutant(
        name="A new edition of a view changes nothing",
        where="manchengo.ports.view_tables.ViewTable.rows_fingerprint",
        was=", str(self.kind.EDITION)",
        becomes="",
        killed_by=(
            "tests/application/test_view_tables.py::test_another_edition_has_another_fingerprint"
        ),
    ),
    Mutant(
        name="A stream that makes no sense keeps a database closed",
        where="manchengo.application.views.refill._rows",
        was="suppress(BrokenHistory)",
        becomes="suppress()",
        killed_by=(
            "tests/contracts/test_view_tables.py"
            "::test_a_stream_that_makes_no_sense_does_not_keep_a_base_closed"
        ),
    ),
    Mutant(
        name="Views are made anew, and no backup hears of it",
        where="manchengo_sqlite.view_update._update",
        was="if transaction.head():",
        becomes="if False:",
        killed_by=(
            "tests/sqlite/test_view_update.py::test_a_backup_is_told_that_the_views_were_made_again"
        ),
    ),
    Mutant(
        name="What has expired counts as usable",
        where="manchengo_sqlite.statements._FIT",
        was='(expires_on, {NEVER}) >= ?"',
        becomes='(expires_on, {NEVER}) >= substr(?, 11)"',
        killed_by=(
            "tests/contracts/test_store.py::test_stock_is_counted_usable_only_where_fit_and_free"
        ),
    ),
    Mutant(
        name="What moved on a day is not there when it ends",
        where="MOVED_UNTIL",
        was="WHERE day <= ?",
        becomes="WHERE day < ?",
        killed_by="tests/sqlite/test_stock_at.py",
    ),
    # --------------------------------------------------------------------- is it what was recorded?
    Mutant(
        name="A commit taken out of the middle is not missed",
        where="Chains._fault",
        was="if commit.sequence != before.sequence + 1:",
        becomes="if commit.sequence <= before.sequence:",
        killed_by=(
            "tests/application/test_integrity.py"
            "::test_a_commit_that_was_taken_out_leaves_a_gap_before_the_next"
        ),
    ),
    Mutant(
        name="A commit that does not follow the one before is believed",
        where="Chains._fault",
        was="if commit.previous != before.hash:",
        becomes="if not commit.previous:",
        killed_by=(
            "tests/application/test_integrity.py"
            "::test_a_change_sealed_anew_breaks_the_link_of_the_next"
        ),
    ),
    Mutant(
        name="A changed byte is not noticed",
        where="Chains._fault",
        was="if sealed_anew or codec.commit_hash(commit) != commit.hash:",
        becomes="if sealed_anew:",
        killed_by=(
            "tests/application/test_integrity.py"
            "::test_whatever_is_changed_in_a_commit_names_that_commit"
        ),
    ),
    Mutant(
        name="Commits taken off the end are not missed",
        where="Chains.cut_short",
        was="if (known.sequence, known.hash) != (end.sequence, end.hash):",
        becomes="if known.sequence < end.sequence:",
        killed_by="tests/application/test_integrity.py::test_commits_cut_off_at_the_end_are_missed",
    ),
    Mutant(
        name="Whoever delivers may recall a lot",
        where="commands.COMMANDS",
        was="RecallLot, Permission.RECALL_LOTS",
        becomes="RecallLot, Permission.DELIVER",
        killed_by=(
            "tests/application/test_permissions.py::test_every_command_asks_for_its_own_permission"
        ),
    ),
    Mutant(
        name="Whoever sells may void a payment",
        where="commands.COMMANDS",
        was="VoidPayment, Permission.CREDIT_OR_VOID",
        becomes="VoidPayment, Permission.SELL",
        killed_by=(
            "tests/application/test_permissions.py::test_every_command_asks_for_its_own_permission"
        ),
    ),
    Mutant(
        name="A number in the tables that was changed is believed",
        where="integrity.verify",
        was="or misplaced(snapshot)",
        becomes="",
        killed_by=(
            "tests/faults/test_tampering_with_the_log.py"
            "::test_one_value_changed_anywhere_in_the_log_is_found"
        ),
    ),
    Mutant(
        name="A time stamp that nobody wrote is believed",
        where="integrity.verify",
        was="or chains.stamp_changed()",
        becomes="",
        killed_by=(
            "tests/faults/test_tampering_with_the_log.py"
            "::test_one_value_changed_anywhere_in_the_log_is_found"
        ),
    ),
    Mutant(
        name="An accepted commit that lost its effects is believed",
        where="lost_its_effects",
        was="has_none and (not may_do_nothing(entry.commit))",
        becomes="False",
        killed_by=(
            "tests/faults/test_tampering_with_the_log.py"
            "::test_an_accepted_commit_whose_effects_were_taken_away_is_found"
        ),
    ),
    Mutant(
        name="A damaged page is not looked at",
        where="verify_store",
        was="damaged = store.damaged_pages()",
        becomes="damaged: list[str] = []",
        killed_by="tests/faults/test_damaged_pages.py::test_one_byte_changed_on_any_page_is_noticed",
    ),
    Mutant(
        name="A payment and a paper may lose what they did",
        where="_ALWAYS_THERE",
        was="isinstance(schema.nature, Fact | Intent)",
        becomes="schema.type in MOVES.values()",
        killed_by=(
            "tests/faults/test_tampering_with_the_log.py"
            "::test_an_accepted_commit_whose_effects_were_taken_away_is_found"
        ),
    ),
    Mutant(
        name="A doubled withdrawal is told that it failed",
        where="enrolment.withdraw",
        was="by is not None and _was_withdrawn(transaction, device_id, reason)",
        becomes="by is None and not reason",
        killed_by=(
            "tests/server/test_http.py"
            "::test_a_request_that_comes_twice_is_answered_twice_and_done_once"
        ),
    ),
    Mutant(
        name="An enrolment is not answered again once its code has ended",
        where="_is_kept",
        was="ANSWERED_AGAIN if code.used_by else timedelta()",
        becomes="timedelta()",
        killed_by=(
            "tests/server/test_service.py"
            "::test_an_enrolment_is_answered_again_after_its_code_has_ended"
        ),
    ),
    Mutant(
        name="What goes under its bearer's name by now is taken for the sign of a twin",
        where="_Reading.look_at",
        was="commit is None or is_settled or commit.hash != self.hashes.get(commit.id)",
        becomes="commit is None or is_settled",
        killed_by=(
            "tests/sync/test_bundle.py"
            "::test_a_commit_that_goes_under_its_bearer_s_name_now_is_no_sign_of_a_twin"
        ),
    ),
    Mutant(
        name="A file whose pages could not be checked is called sound without a word",
        where="verify_store",
        was="pages_checked=damaged is not None",
        becomes="pages_checked=True",
        killed_by=(
            "tests/faults/test_damaged_pages.py::test_the_verdict_says_that_pages_were_not_checked"
        ),
    ),
    Mutant(
        name="A row that the log does not explain is believed",
        where="Verification.sound",
        was="and self.views_digest == self.rebuilt_digest",
        becomes="and bool(self.views_digest)",
        killed_by=(
            "tests/application/test_views.py"
            "::test_views_somebody_meddled_with_are_noticed_and_made_again"
        ),
    ),
    # ------------------------------------------------------------------------- where a lot has gone
    Mutant(
        name="A return of the client lifts a block",
        where="lot.state.evolve",
        was=("lot = _existing(lot)\nreturn changed(lot, ledger="),
        becomes=(
            "lot = _existing(lot)\n"
            "if isinstance(event, LotReturned):\n"
            "    lot = _standing(lot, Standing.RELEASED, lot.standing_reason)\n"
            "return changed(lot, ledger="
        ),
        killed_by="tests/domain/test_lot_standing.py::test_what_comes_back_is_judged_as_its_lot_is",
    ),
    Mutant(
        name="A return to a recalled lot can be released",
        where="lot.state.evolve",
        was=("lot = _existing(lot)\nreturn changed(lot, ledger="),
        becomes=(
            "lot = _existing(lot)\n"
            "if isinstance(event, LotReturned):\n"
            "    lot = _standing(lot, Standing.QUARANTINED, lot.standing_reason)\n"
            "return changed(lot, ledger="
        ),
        killed_by=(
            "tests/domain/test_lot_standing.py::test_a_return_to_a_recalled_lot_cannot_be_released"
        ),
    ),
    Mutant(
        name="A count lifts a block",
        where="lot.state.evolve",
        was=("lot = _existing(lot)\nreturn changed(lot, ledger="),
        becomes=(
            "lot = _existing(lot)\n"
            "if isinstance(event, LotCounted):\n"
            "    lot = _standing(lot, Standing.RELEASED, '')\n"
            "return changed(lot, ledger="
        ),
        killed_by=(
            "tests/domain/test_lot_standing.py::test_only_a_judgement_changes_the_standing_of_a_lot"
        ),
    ),
    Mutant(
        name="A recall reaches what was made from the lot and no further",
        where="_follow",
        was="waiting.append(child)",
        becomes="",
        killed_by=(
            "tests/application/test_genealogy.py"
            "::test_a_culture_carried_on_for_weeks_is_recalled_to_the_last_day"
        ),
    ),
    Mutant(
        name="What comes out of a recalled milk after its recall is sold",
        where="recalled_material",
        was="if material.standing is Standing.RECALLED:",
        becomes="if material.standing is Standing.BLOCKED:",
        killed_by=(
            "tests/application/test_genealogy.py"
            "::test_what_comes_out_after_the_recall_is_recalled_as_it_comes_out"
        ),
    ),
    Mutant(
        name="A recall forgets the by-products",
        where="Links.yielded_by",
        was="snapshot.rows(FinishedLotRow, order_id=order_id)",
        becomes='snapshot.rows(FinishedLotRow, order_id=order_id, role="main")',
        killed_by=(
            "tests/application/test_genealogy.py"
            "::test_a_recall_flags_every_lot_made_of_it_and_no_other"
        ),
    ),
    Mutant(
        name="A by-product of recalled milk is sold",
        where="_yield_lot",
        was="code=output.code, material=recalled, on=on",
        becomes=(
            "code=output.code, on=on, material=recalled if output.role.value == 'main' else None"
        ),
        killed_by=f"{IN_RECALLS}::test_a_make_and_a_recall_that_cross_recall_what_came_out",
    ),
    Mutant(
        name="What comes out of a vat with a claim of recalled milk is sold",
        where="recalled_material",
        was="links.claimed_sources(order_id)",
        becomes="()",
        killed_by=f"{IN_RECALLS}::test_what_comes_out_of_a_vat_with_a_claim_of_recalled_milk_is_recalled",
    ),
    Mutant(
        name="A new lot under the label of a recalled one is sold",
        where="recall_at_birth",
        was="links.claimed_under(code, but=lot_id)",
        becomes="()",
        killed_by=f"{IN_RECALLS}::test_a_new_lot_under_the_code_of_a_recalled_claim_is_recalled",
    ),
    Mutant(
        name="Who may not resolve may not even have recorded under an id that was taken",
        where="judge.judge",
        was="permit_or_printed(work, commit, asked_for)",
        becomes="permit_or_printed(work, commit, command)",
        killed_by=(
            "tests/application/test_reused_ids.py"
            "::test_whoever_may_do_a_thing_may_have_recorded_it_under_a_reused_id"
        ),
    ),
    Mutant(
        name="A recall waits for a program that can read something else",
        where="judge",
        was="not _withdraws_a_lot(snapshot, command) and",
        becomes="",
        killed_by=(
            f"{IN_RECALLS}::test_a_lot_is_withdrawn_whatever_a_newer_program_wrote_about_it"
        ),
    ),
    Mutant(
        name="A claim that arrives after the recall recalls nothing",
        where="_record_effects",
        was="_recall_what_is_claimed(work, commit)",
        becomes="pass",
        killed_by=f"{IN_RECALLS}::test_a_claim_that_arrives_after_the_recall_recalls_what_it_reaches",
    ),
    Mutant(
        name="What its author may not do recalls lots all the same",
        where="_record_effects",
        was="and (not isinstance(judgement.refusal, AUTHOR_REFUSALS))",
        becomes="",
        killed_by=f"{IN_RECALLS}::test_a_claim_of_somebody_without_the_right_recalls_nothing",
    ),
    Mutant(
        name="A recall does not follow what is claimed",
        where="reach.reach",
        was="_follow(links, found, deque(found), with_claims=True)",
        becomes="",
        killed_by=f"{IN_RECALLS}::test_a_lot_that_is_only_claimed_is_found_by_its_code_and_traced",
    ),
    Mutant(
        name="One label on two lots recalls one of them",
        where="_next",
        was="yield (other, True)",
        becomes="return",
        killed_by=f"{IN_RECALLS}::test_one_label_on_two_lots_recalls_both",
    ),
    Mutant(
        name="Claims that join lots in a circle stop the trace",
        where="_Tree._node",
        was="for child, link in branches if child in self._grown",
        becomes="for child, link in branches",
        killed_by=f"{IN_RECALLS}::test_claims_that_join_lots_in_a_circle_are_followed_once",
    ),
    Mutant(
        name="Milk in a vat that is not over is in no trace",
        where="whereabouts.whereabouts",
        was="orders=tuple(_pourings(links, lot_id)),",
        becomes="orders=(),",
        killed_by=f"{IN_RECALLS}::test_milk_in_a_vat_that_is_not_over_is_traced_and_recalled",
    ),
    Mutant(
        name="A van that has not left is in no recall",
        where="whereabouts.whereabouts",
        was="=tuple((van for is_gone, van in (*vans, *claimed) if not is_gone))",
        becomes="=()",
        killed_by=f"{IN_RECALLS}::test_a_van_that_has_not_left_and_an_order_that_waits_are_recalled",
    ),
    Mutant(
        name="What was given back is still kept for the order",
        where="_reserved",
        was="if not thousandths:",
        becomes="if thousandths is None:",
        killed_by=f"{IN_RECALLS}::test_milk_in_a_vat_that_is_not_over_is_traced_and_recalled",
    ),
    Mutant(
        name="A lot that is only claimed is not found by its code",
        where="lots_of_code",
        was="births = (claim for claim in claims if is_birth(claim))",
        becomes="births = ()",
        killed_by=f"{IN_RECALLS}::test_a_lot_that_is_only_claimed_is_found_by_its_code_and_traced",
    ),
    Mutant(
        name="Of what cannot be judged yet nothing is followed",
        where="touched_by",
        was="return (*touched, *claims_of(commit))",
        becomes="return tuple(touched)",
        killed_by=f"{IN_RECALLS}::test_what_nobody_can_read_yet_is_listed_with_what_can_be_read_of_it",
    ),
    Mutant(
        name="An ingredient too little to weigh is left out of the make",
        where="at_least_a_thousandth",
        was="return quantity or quantity.with_thousandths(1)",
        becomes="return quantity",
        killed_by=(
            "tests/domain/test_production_order.py"
            "::test_of_an_ingredient_no_less_than_a_thousandth_is_needed"
        ),
    ),
    Mutant(
        name="An ingredient that an older program planned nothing of is left out of the make",
        where="production._picks",
        was="wanted = recipes.at_least_a_thousandth(need.quantity)",
        becomes="wanted = need.quantity",
        killed_by=(
            "tests/domain/test_production_order.py"
            "::test_a_plan_of_an_older_program_takes_each_ingredient_too"
        ),
    ),
    # ------------------------------------------------------------------------------ a make at once
    Mutant(
        name="A make at once leaves the first of its lots full",
        where="handlers.production.produce",
        was="for pick in picks: work.ask(pick.lot_id, ConsumeLot(",
        becomes="for pick in picks[1:]: work.ask(pick.lot_id, ConsumeLot(",
        killed_by=(
            "tests/domain/test_production_order.py"
            "::test_a_whole_make_at_once_is_one_event_of_the_order"
        ),
    ),
    Mutant(
        name="A make at once does not say what it was made of",
        where="order._made",
        was="consumed=tuple(poured)",
        becomes="consumed=()",
        killed_by=(
            "tests/application/test_make_at_once.py"
            "::test_what_is_made_at_once_stands_as_if_made_step_by_step"
        ),
    ),
    Mutant(
        name="Cheese is made at once of no milk at all",
        where="order.make",
        was="if not picks:",
        becomes="if picks is None:",
        killed_by=(
            "tests/application/test_make_at_once.py::test_cheese_is_not_made_of_nothing_at_all"
        ),
    ),
    Mutant(
        name="What came out at once, and how, is nobody's business",
        where="order.make",
        was="_worth_telling(command, order=plan.code, product_id=plan.product_id)",
        becomes="",
        killed_by=(
            "tests/application/test_make_at_once.py"
            "::test_what_is_refused_step_by_step_is_refused_at_once"
        ),
    ),
    # ------------------------------------------------------------------------- what others recorded
    Mutant(
        name="Lots taken at once offline are always chosen again",
        where="handlers.production._poured",
        was=("if work.facts is None:\n    return _picks("),
        becomes=("if work.facts is not None:\n    return _picks("),
        killed_by=(
            "tests/application/test_judge.py"
            "::test_lots_taken_at_once_are_kept_even_where_an_older_lot_came_to_light"
        ),
    ),
    Mutant(
        name="A choice recorded as milk may be a lot of whey",
        where="UnitOfWork._pinned",
        was="if lot.product_id == product.id and candidate.free",
        becomes="if candidate.free",
        killed_by=(
            "tests/application/test_judge.py"
            "::test_a_lot_of_another_product_is_no_choice_whoever_recorded_it"
        ),
    ),
    Mutant(
        name="Whatever another device recorded is accepted",
        where="_settled",
        was=("if work.facts is not None or work.pinned is None:\n    raise as_recorded"),
        becomes=("if work.facts is not None or work.pinned is None:\n    return Accepted(())"),
        killed_by=(
            "tests/application/test_judge.py"
            "::test_a_fact_that_contradicts_what_came_first_is_rejected_and_never_bent"
        ),
    ),
    Mutant(
        name="Lots chosen offline that are gone are never chosen again",
        where="_settled",
        was="if work.facts is not None or work.pinned is None:",
        becomes="if work.facts is not None or work.pinned is not None:",
        killed_by=(
            "tests/application/test_judge.py::test_a_lot_blocked_meanwhile_gives_way_to_the_next"
        ),
    ),
    Mutant(
        name="Lots chosen offline are always chosen again",
        where="judge",
        was="pinned=_choices(recorded) or None",
        becomes="pinned=None",
        killed_by=(
            "tests/application/test_judge.py"
            "::test_a_choice_still_possible_stands_even_where_an_older_lot_came_to_light"
        ),
    ),
    # ------------------------------------------------------------------------- which plant it is
    Mutant(
        name="A server takes what was meant for another plant",
        where="_Request._check_and_serve",
        was="self.app_state.service.context.must_keep(named)",
        becomes="",
        killed_by=(
            "tests/server/test_http.py"
            "::test_whoever_names_another_plant_is_turned_down_before_anything"
        ),
    ),
    Mutant(
        name="An address that httpx cannot read is a crash",
        where="server_address",
        was="except (httpx.InvalidURL, ValueError):",
        becomes="except ValueError:",
        killed_by="tests/sync/test_address.py",
    ),
    Mutant(
        name="A port that no machine has is taken for an address",
        where="_is_usable",
        was="and (url.port is None or 0 < url.port <= LARGEST_PORT)",
        becomes="",
        killed_by="tests/sync/test_address.py",
    ),
    Mutant(
        name="A key of another database is taken for a missing key file",
        where="not_readable",
        was="return KeyOfAnotherDatabase(path=path) if key",
        becomes="return NeedsKey(path=path) if key",
        killed_by="tests/sqlite/test_opening.py",
    ),
    Mutant(
        name="The answer to another device is taken for a database that joined no server",
        where="import_answer",
        was="snapshot.setting(settings.BUNDLE_KEY) or sealing.new_key()",
        becomes="settings.required(snapshot, settings.BUNDLE_KEY)",
        killed_by="tests/cli/test_sync.py::test_the_answer_to_another_device_is_told_so",
    ),
    Mutant(
        name="A challenge answers whoever signed it",
        where="_use_up",
        was="if before.owner != owner:",
        becomes="if not before.owner:",
        killed_by="tests/server/test_service.py::test_a_challenge_answers_one_device_alone",
    ),
    Mutant(
        name="A question for a token that comes twice is refused",
        where="_use_up",
        was="if before.owner != owner:",
        becomes="if drawn in used:",
        killed_by=(
            "tests/server/test_service.py"
            "::test_the_same_answer_to_a_challenge_is_given_a_token_each_time"
        ),
    ),
    Mutant(
        name="A line that is too slow for a challenge is taken for a matter of rights",
        where="HttpLink._new_token",
        was="took <= wire.CHALLENGE_SECONDS",
        becomes="took >= 0",
        killed_by=(
            "tests/sync/test_http.py::test_a_line_too_slow_for_any_challenge_is_no_matter_of_rights"
        ),
    ),
    Mutant(
        name="A long answer is taken for a clock that is wrong",
        where="ahead_of",
        was="min(answered_at - server_time, RIGHT)",
        becomes="min(asked_at - server_time, RIGHT)",
        killed_by="tests/sync/test_clocks.py",
    ),
    Mutant(
        name="A clock in 1970 is not named on other devices",
        where="_is_far_behind",
        was=("if commit.occurred_at < PROGRAM_BEGAN:\n    return True"),
        becomes=("if commit.occurred_at < PROGRAM_BEGAN:\n    return False"),
        killed_by="tests/cli/test_sync.py::test_a_clock_in_1970_is_named_on_every_device",
    ),
    Mutant(
        name="A device shows a code to the server of another plant",
        where="HttpLink._opened",
        was="self._must_be_our_plant(response)",
        becomes="",
        killed_by=(
            "tests/sync/test_http.py"
            "::test_a_server_of_another_plant_is_shown_neither_a_token_nor_a_code"
        ),
    ),
    Mutant(
        name="What a lost server wrote is not believed by the one begun again",
        where="own_keys",
        was="*dict.fromkeys(lost)]",
        becomes="]",
        killed_by="tests/server/test_rebuilding.py::test_the_lost_servers_word_is_still_believed",
    ),
    Mutant(
        name="A server is begun again from what somebody changed",
        where="rebuilding.rebuild",
        was="if not integrity.verify(snapshot, SignedLog()).sound:",
        becomes="if False:",
        killed_by="tests/server/test_rebuilding.py::test_a_changed_log_makes_no_server",
    ),
    Mutant(
        name="A server is begun again over another",
        where="rebuilding.rebuild",
        was="must_be_free(snapshot)",
        becomes="",
        killed_by="tests/server/test_rebuilding.py::test_where_a_plant_is_kept_none_begins_again",
    ),
    # --------------------------------------------------------------------- days, past and to come
    Mutant(
        name="An order may hold less than nothing on a past day",
        where="reserved_on",
        was="reserved[lot_id] += max(0, quantity)",
        becomes="reserved[lot_id] += quantity",
        killed_by=(
            "tests/contracts/test_store.py"
            "::test_a_use_dated_before_its_reservation_owes_nothing_to_nobody[memory]"
        ),
    ),
    Mutant(
        name="A step may be dated before the one that it follows",
        where="Timeline.follows",
        was="if after_on is not None and on < after_on:",
        becomes="if after_on is None:",
        killed_by=(
            "tests/domain/test_order_of_days.py"
            "::test_on_the_day_itself_it_is_right_and_on_the_eve_it_is_refused"
        ),
    ),
    Mutant(
        name="A step may not be taken on the day of the one that it follows",
        where="Timeline.follows",
        was="if after_on is not None and on < after_on:",
        becomes="if after_on is not None and on <= after_on:",
        killed_by=(
            "tests/domain/test_order_of_days.py"
            "::test_on_the_day_itself_it_is_right_and_on_the_eve_it_is_refused"
        ),
    ),
    Mutant(
        name="Cheese may be dated before its milk was poured",
        where="order.complete",
        was="order.follows_pouring('complete', command.on)",
        becomes="order.follows_start('complete', command.on)",
        killed_by=(
            "tests/domain/test_order_of_days.py"
            "::test_the_milk_and_the_cheese_made_of_it_are_never_both_in_stock"
        ),
    ),
    Mutant(
        name="A credit note may take back at a rate that the invoice does not bear",
        where="credit_note.no_more_than_billed",
        was="if of_rate.rate not in left or of_rate.base > still:",
        becomes="if of_rate.rate in left and of_rate.base > still:",
        killed_by=(
            "tests/domain/test_credit_note.py"
            "::test_what_was_billed_at_one_rate_is_not_taken_back_at_another"
        ),
    ),
    Mutant(
        name="What is dated ahead counts as stock of today",
        where="Stock.by_product",
        was="_lines_now(whole(snapshot), today) if at is None else",
        becomes="snapshot.stock(on=today) if at is None else",
        killed_by="tests/application/test_stock.py::test_what_is_dated_ahead_is_no_stock_of_today",
    ),
    Mutant(
        name="A lot promised whole shows as available",
        where="status_on",
        was="> lot.quantity_reserved else 'RESERVED'",
        becomes="> 0 else 'RESERVED'",
        killed_by=(
            "tests/application/test_shelf.py"
            "::test_a_lot_has_one_state_and_an_expired_or_promised_one_is_not_available"
        ),
    ),
    Mutant(
        name="A lot promised whole is recorded as available",
        where="lots.status",
        was="'AVAILABLE' if lot.ledger.on_hand > lot.reserved else 'RESERVED'",
        becomes="'AVAILABLE'",
        killed_by=(
            "tests/application/test_views.py"
            "::test_a_lot_is_available_while_a_gram_of_it_is_promised_to_nobody"
        ),
    ),
    Mutant(
        name="An expired lot shows as available",
        where="status_on",
        was=("if why is Skipped.EXPIRED:\n    return why.name"),
        becomes="",
        killed_by=(
            "tests/application/test_shelf.py"
            "::test_a_lot_has_one_state_and_an_expired_or_promised_one_is_not_available"
        ),
    ),
    Mutant(
        name="An invoice shows as cancelled once a dinar of it is taken back",
        where="Issued.status",
        was="if self.credited and self.credited >= self.totals.gross:",
        becomes="if self.credited:",
        killed_by="tests/application/test_views.py::test_an_invoice_is_cancelled_once_all_of_it_is_taken_back_and_settled_once_all_is_paid",
    ),
    Mutant(
        name="A payment never shows as allocated",
        where="Payment.status",
        was="return 'received' if self.left else 'allocated'",
        becomes="return 'received'",
        killed_by="tests/application/test_views.py::test_a_payment_is_allocated_once_nothing_is_left_and_voided_once_taken_back",
    ),
    Mutant(
        name="A loss is not shown with its make",
        where="orders.production_order",
        was="lost=done.lost.thousandths if done and done.lost else 0",
        becomes="lost=0",
        killed_by="tests/application/test_views.py::test_a_make_shows_what_came_out_without_what_came_beside_it_and_what_was_lost",
    ),
    Mutant(
        name="What came out beside the cheese counts as cheese",
        where="orders.production_order",
        was="if out.role is Role.MAIN]",
        becomes="if out.role]",
        killed_by="tests/application/test_views.py::test_a_make_shows_what_came_out_without_what_came_beside_it_and_what_was_lost",
    ),
    Mutant(
        name="What came back is not shown with its delivery",
        where="orders.delivery",
        was="returned=sum(back)",
        becomes="returned=0",
        killed_by="tests/application/test_views.py::test_a_delivery_shows_what_came_back_and_why_each_lot_was_taken",
    ),
    Mutant(
        name="A lot received without a date never expires",
        where="handlers.lots.receive",
        was="expires_on=product.expiry(command.expires_on, on=command.on),",
        becomes="expires_on=command.expires_on,",
        killed_by=("tests/domain/test_lot.py::test_milk_without_a_date_expires_by_its_shelf_life"),
    ),
    Mutant(
        name="What a client asks of freshness is not asked again when a van is loaded",
        where="delivery.decide.load",
        was=("if stale and (not reason):\n    raise stale"),
        becomes="",
        killed_by="tests/domain/test_freshness.py::test_on_the_day_after_it_is_not_loaded",
    ),
    Mutant(
        name="What a client asks of freshness is not asked again when the van leaves",
        where="handlers.deliveries.dispatch",
        was="raise stale",
        becomes="pass",
        killed_by=(
            "tests/domain/test_freshness.py"
            "::test_what_was_fresh_enough_when_loaded_does_not_leave_once_it_is_not"
        ),
    ),
    Mutant(
        name="Why a client takes a cheese with few days left is forgotten",
        where="delivery.decide.load",
        was="override_reason=reason if stale or not proposed else ''",
        becomes="override_reason=reason if not proposed else ''",
        killed_by=(
            "tests/domain/test_freshness.py"
            "::test_the_client_may_take_it_all_the_same_and_the_reason_is_kept"
        ),
    ),
    Mutant(
        name="A lot that is free beside those proposed is not named for an order that runs",
        where="order_materials._running",
        was="others=_beside(usable, set(proposed))",
        becomes="others=()",
        killed_by=(
            "tests/application/test_order_materials.py"
            "::test_another_lot_than_those_proposed_is_named_once_started"
        ),
    ),
    Mutant(
        name="What a running order still lacks counts what was poured as missing",
        where="order_materials._running",
        was="needed.thousandths - covered",
        becomes="needed.thousandths",
        killed_by=(
            "tests/application/test_order_materials.py"
            "::test_once_started_it_says_what_is_still_reserved"
        ),
    ),
    Mutant(
        name="A date beyond tomorrow passes without a word",
        where="of_day",
        was="on - today",
        becomes="today - on",
        killed_by=(
            "tests/application/test_doubts.py::test_a_day_beyond_tomorrow_or_years_back_is_doubted"
        ),
    ),
    Mutant(
        name="A thousand times the yield of the recipe passes without a word",
        where="_compared",
        was="if obtained.thousandths > MOST_YIELD * most.thousandths:",
        becomes="if obtained.thousandths > 1001 * most.thousandths:",
        killed_by=(
            "tests/application/test_doubts.py"
            "::test_a_yield_a_quarter_away_from_the_recipe_is_doubted"
        ),
    ),
    # --------------------------------------------------------------------------- withdrawn by key
    Mutant(
        name="A withdrawn device's copy still gets in",
        where="handlers.devices._sharing_keys",
        was="for key in member.keys for n, each",
        becomes="for key in () for n, each",
        killed_by=(
            "tests/application/test_devices.py"
            "::test_withdrawing_a_device_withdraws_every_id_of_its_key"
        ),
    ),
    Mutant(
        name="A copy gets in under the key that the device had before",
        where="device._enrolled",
        was="keys=key | device.keys if device else key,",
        becomes="keys=key,",
        killed_by=(
            "tests/application/test_devices.py::test_a_replaced_key_still_withdraws_whoever_has_it"
        ),
    ),
    Mutant(
        name="A withdrawn key gets in under an id that comes later",
        where="enrol_device",
        was="if reason:",
        becomes="if False:",
        killed_by=(
            "tests/application/test_devices.py"
            "::test_an_id_that_comes_later_under_a_withdrawn_key_is_withdrawn_too"
        ),
    ),
    Mutant(
        name="A device goes on with letters that the log gave to another",
        where="own_mark",
        was="if enrolled is not None:",
        becomes="if False:",
        killed_by="tests/application/test_marks.py::test_the_log_says_which_letters_a_device_has",
    ),
    Mutant(
        name="A new file takes the place of one that is there",
        where="give_name",
        was="os.link(draft, path)",
        becomes="os.replace(draft, path)",
        killed_by="tests/house/test_new_files.py::test_what_came_meanwhile_is_kept",
    ),
    # ---------------------------------------------------------------------------------- one person
    Mutant(
        name="One person is two, by the case of their name",
        where="comparison_key",
        was="return ' '.join(name.casefold().split())",
        becomes="return ' '.join(name.split())",
        killed_by="tests/domain/test_names.py::test_case_never_tells_two_names_apart",
    ),
    Mutant(
        name="Of two who bear a name the first is served",
        where="people.user_named",
        was="if len(found) > 1:",
        becomes="if False:",
        killed_by=(
            "tests/application/test_people.py"
            "::test_of_two_from_before_only_the_one_as_typed_is_meant"
        ),
    ),
    Mutant(
        name="An order is stored without the price that was looked up for it",
        where="Committer.execute",
        was="admitted = _stored_as(with_prices(work, admitted.command))",
        becomes=(
            "priced = with_prices(work, admitted.command)\n"
            "admitted = Admitted(priced, admitted.name, admitted.content)"
        ),
        killed_by="tests/application/test_order_prices.py::test_the_stored_command_says_the_price",
    ),
    Mutant(
        name="The last digit of a barcode is not looked at",
        where="gtin_given",
        was="if int(digits[-1]) != expected:",
        becomes="if False:",
        killed_by="tests/domain/test_gtin.py::test_a_mistyped_barcode_is_refused_by_every_command",
    ),
    Mutant(
        name="A barcode written with other leading zeros is another one",
        where="barcodes.products_with_barcode",
        was="same_number(gtin)",
        becomes="[gtin] if gtin else []",
        killed_by="tests/domain/test_gtin.py::test_a_barcode_written_longer_is_the_same_one",
    ),
    Mutant(
        name="Half a piece comes in",
        where="Product.whole_in_stock_unit",
        was="return kept_in.in_whole_pieces()",
        becomes="return kept_in",
        killed_by="tests/domain/test_pieces.py::test_half_a_piece_is_refused_by_every_command",
    ),
    Mutant(
        name="A price for a hundred is that of one",
        where="UnitPrice.centimes_of",
        was="1000 * 10000 * self.per",
        becomes="1000 * 10000",
        killed_by="tests/domain/test_unit_price.py::test_what_so_many_cost_is_rounded_half_up_once",
    ),
    Mutant(
        name="The cost of a lot forgets for how many units it is",
        where="_raw",
        was="price_per=origin.unit_price.per",
        becomes="price_per=1",
        killed_by=(
            "tests/domain/test_unit_price.py"
            "::test_what_a_lot_cost_may_be_for_a_hundred_and_is_corrected_so"
        ),
    ),
    # ------------------------------------------------------------------------------------- undoing
    Mutant(
        name="What was taken back is taken back again",
        where="application.last_recorded._is_passed_over",
        was="bool(snapshot.known([id_of_undo(snapshot, commit.id, commit.device_id)]))",
        becomes="False",
        killed_by="tests/application/test_last_recorded.py::test_what_was_taken_back_is_passed_over",
    ),
    Mutant(
        name="What took another back is the last that somebody recorded",
        where="application.last_recorded._is_passed_over",
        was="(kind in TAKE_BACK and _takes_another_back(snapshot, commit))",
        becomes="False",
        killed_by="tests/application/test_last_recorded.py::test_what_was_taken_back_is_passed_over",
    ),
    Mutant(
        name="What somebody else recorded is the last that one recorded",
        where="application.last_recorded.last_recorded",
        was="commit.user_id == actor.user_id",
        becomes="True",
        killed_by="tests/application/test_last_recorded.py::test_what_others_recorded_is_theirs",
    ),
    Mutant(
        name="A step counts as taken back though the log refused it",
        where="application.last_recorded.id_of_undo",
        was="_came_to_nothing(snapshot, attempt)",
        becomes="False",
        killed_by=(
            "tests/application/test_last_recorded.py"
            "::test_what_the_log_refused_to_take_back_can_be_taken_back_again"
        ),
    ),
    Mutant(
        name="A lot that comes off the van stays reserved, and those let go for it stay free",
        where="handlers.unloading.unload",
        was="_reverse(work, delivery.order_id, lot.id, exchange, on=command.on)",
        becomes="pass",
        killed_by="tests/application/test_do_then_undo.py::test_a_lot_loaded_and_taken_off_again",
    ),
    Mutant(
        name="The order gives up a lot that came off the van though the others are taken",
        where="handlers.unloading._reverse",
        was="freed = work.lot(exchange.let_go).reserved_for(order_id) - before",
        becomes="pass",
        killed_by=(
            "tests/domain/test_delivery.py"
            "::test_the_order_keeps_the_lot_that_came_off_where_the_others_are_taken"
        ),
    ),
    Mutant(
        name="More comes off the van than is in it",
        where="domain.delivery.decide.unload",
        was="quantity > loaded or not loaded",
        becomes="not loaded",
        killed_by=(
            "tests/domain/test_delivery.py::test_more_than_the_van_holds_of_a_lot_does_not_come_off"
        ),
    ),
    Mutant(
        name="What is taken back of a pouring is reserved for nobody",
        where="domain.production_order.taking_back.kept_again",
        was="min(reserved, poured) - min(reserved, left)",
        becomes="0",
        killed_by="tests/application/test_do_then_undo.py::test_a_material_poured_and_taken_back",
    ),
    Mutant(
        name="What is taken back is found beside what was counted since",
        where="Ledger.taken_back",
        was=", place=place",
        becomes="",
        killed_by=(
            "tests/domain/test_production_order.py"
            "::test_what_was_counted_since_stays_what_was_counted"
        ),
    ),
    Mutant(
        name="What was taken back still leaves too little for what left before",
        where="Ledger.can_give",
        was="if not is_taken_back:",
        becomes="if True:",
        killed_by="tests/application/test_do_then_undo.py::test_a_material_poured_and_taken_back",
    ),
    Mutant(
        name="More is taken back than was poured",
        where="domain.production_order.taking_back.take_back",
        was="quantity > total or not total",
        becomes="not total",
        killed_by=(
            "tests/domain/test_production_order.py::test_more_than_was_poured_is_not_taken_back"
        ),
    ),
    Mutant(
        name="A count is taken back without which more left than was there",
        where="lot.decide._take_back_count",
        was="if lowest < 0:",
        becomes="if lowest < -counted.thousandths:",
        killed_by=(
            "tests/domain/test_taking_back_a_count.py"
            "::test_what_was_there_only_by_the_count_may_not_have_left"
        ),
    ),
    Mutant(
        name="A count that was taken back still says what was there",
        where="Ledger.without_count",
        was="*_rebalanced(balance, self.lines[place + 1:])",
        becomes="*self.lines[place + 1:]",
        killed_by=(
            "tests/domain/test_taking_back_a_count.py::test_all_that_is_there_without_it_may_leave"
        ),
    ),
    Mutant(
        name="A void lot holds what is counted in it",
        where="domain.lot.rules.not_void",
        was="lot.voided_on is not None and step is not None",
        becomes="False",
        killed_by="tests/domain/test_void_lot.py::test_nothing_is_done_with_a_void_lot",
    ),
    Mutant(
        name="A lot of which something was used is void",
        where="domain.lot.decide._void",
        was="used is not None",
        becomes="False",
        killed_by=(
            "tests/domain/test_void_lot.py::test_a_lot_of_which_something_was_used_is_not_void"
        ),
    ),
    Mutant(
        name="A lot is void though somebody claims to have poured it",
        where="handlers.lots.void_untouched",
        was="any(Links(work.snapshot).claims(*USES, subject=command.lot_id))",
        becomes="False",
        killed_by=(
            "tests/application/test_undoing_apart.py"
            "::test_a_lot_is_not_void_while_somebody_claims_to_have_used_it"
        ),
    ),
    Mutant(
        name="A void lot was there until somebody said so",
        where="domain.lot.state._voided",
        was="lot.here_from, reason",
        becomes="event.on, reason",
        killed_by="tests/domain/test_void_lot.py::test_a_void_lot_holds_nothing_on_any_day",
    ),
    Mutant(
        name="An order that goes on has nothing reserved",
        where="handlers.reopening._reserve_again",
        was="if quantity:",
        becomes="if False:",
        killed_by="tests/domain/test_reopening.py::test_a_closed_order_has_its_rest_again",
    ),
    Mutant(
        name="An order goes on with less than it had",
        where="handlers.reopening.reopen_sales_order",
        was="chosen(work, order, _lacking(let_go, again), on=command.on)",
        becomes="[]",
        killed_by=(
            "tests/domain/test_reopening.py::test_an_order_is_not_reopened_with_less_than_it_had"
        ),
    ),
    Mutant(
        name="What came out of an order that goes on is still there",
        where="handlers.reopening.reopen_production",
        was="void_untouched(work, VoidLot(lot_id=lot_id, on=command.on, reason=command.reason))",
        becomes="pass",
        killed_by="tests/application/test_do_then_undo.py::test_a_make_that_ends_and_is_reopened",
    ),
    Mutant(
        name="A delivery of which some came back since is on its way again",
        where="domain.delivery.decide.reopen",
        was="len(delivery.returned) > delivery.returned_before",
        becomes="False",
        killed_by=(
            "tests/domain/test_reopening.py"
            "::test_a_delivery_of_which_some_came_back_since_stays_received"
        ),
    ),
    Mutant(
        name="Who has a delivery by now is forgotten by who saw another have it",
        where="manchengo.events.EVENTS",
        was="EventSchema(delivery.DeliveryReopened, Fact())",
        becomes="EventSchema(delivery.DeliveryReopened, RECORD)",
        killed_by=(
            "tests/application/test_undoing_apart.py::test_who_has_a_delivery_by_now_still_has_it"
        ),
    ),
    Mutant(
        name="A device does not follow the log where an order ended in vain",
        where="effects_left_out._is_open",
        was="not isinstance(last[0], ends) if last else True",
        becomes="False",
        killed_by=(
            "tests/application/test_undoing_apart.py"
            "::test_an_order_whose_end_was_refused_needs_no_reopening"
        ),
    ),
    Mutant(
        name="A device does not follow the log where a make ended in vain",
        where="effects_left_out._may_be_left_out",
        was="isinstance(event, lot.LotVoided) and (not _was_here(case, effect.subject))",
        becomes="False",
        killed_by=(
            "tests/application/test_undoing_apart.py"
            "::test_a_make_whose_end_was_refused_needs_no_reopening"
        ),
    ),
    Mutant(
        name="A block is undone though somebody decided on the lot since",
        where="application.undoing._release",
        was="any((isinstance(event, JUDGED) for event in since))",
        becomes="False",
        killed_by=(
            "tests/application/test_undo_of.py"
            "::test_a_block_of_which_somebody_decided_since_is_left_to_them"
        ),
    ),
    Mutant(
        name="What nobody may take back is offered to them",
        where="Manchengo._permitted",
        was="permit_all(work, self._committer.actor, command)",
        becomes="pass",
        killed_by="tests/application/test_undo_of.py::test_nobody_takes_back_what_they_may_not",
    ),
    # ------------------------------------------------------------------------ the shell, the server
    Mutant(
        name="What went wrong is said though the server answered since",
        where="failed_exchange.failed_exchange",
        was="noted['at'] < (snapshot.setting(LAST_EXCHANGE) or '')",
        becomes="False",
        killed_by=(
            "tests/cli/test_sync.py"
            "::test_what_went_wrong_the_last_time_is_said_until_the_server_answers"
        ),
    ),
    Mutant(
        name="A press of the tabulator asks for the passphrase",
        where="database.glanced",
        was="PassphrasesAtHand(session.passphrase_file)",
        becomes="Passphrases(session.passphrase_file)",
        killed_by="tests/cli/test_completion.py::test_a_look_asks_nobody_at_a_terminal_either",
    ),
    Mutant(
        name="A mistyped address of PostgreSQL passes for a file, and its password is shown",
        where="Settings._is_a_file_or_an_address",
        was="if LIKE_AN_ADDRESS.match(database.removeprefix(SQLITE)):",
        becomes="if False:",
        killed_by=(
            "tests/server/test_program.py"
            "::test_an_address_that_is_none_is_refused_and_its_password_not_shown"
        ),
    ),
)
