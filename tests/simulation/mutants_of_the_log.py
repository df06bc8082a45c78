"""Faults in how the log is kept and judged: what any way of exchanging would show."""

from tests.mutants.source import Change
from tests.simulation.mutant import Mutant

OF_THE_LOG = (
    Mutant(
        name="Sealed again, it keeps its place before those that it follows now",
        changes=(Change("reseal_in_chain", "transaction.move_to_end(waiting.commit.id)", "pass"),),
        breaks="8",
        scenario="a lost commit of another comes in behind what its witness recorded since",
    ),
    Mutant(
        name="Sealed again since it was offered, one's own commit is taken for a twin's",
        changes=(
            Change(
                "_is_recorded_here",
                "known is not None and known.events == commit.events and is_same(known, commit)",
                "known is not None and known.hash == commit.hash",
            ),
        ),
        breaks="0",
        scenario="one file brings why a commit is sealed again and then the commit as it was",
    ),
    Mutant(
        name="No guard: a lot gives more than it holds",
        changes=(Change("rules._enough", "if wanted > free:", "if wanted.thousandths < 0:"),),
        breaks="2",
    ),
    Mutant(
        name="No dedupe: what comes twice is placed twice",
        changes=(
            Change(
                "server_log.receive",
                (
                    "if earlier is not None and earlier.commit.hash == commit.hash:\n"
                    "    received.synced.append(commit.id)\n"
                    "    continue\n"
                    "received.stopped = _out_of_place(transaction, commit, is_taken=earlier "
                    "is not None)"
                ),
                "received.stopped = _out_of_place(transaction, commit, is_taken=False)",
            ),
            Change(
                "_out_of_place",
                "commit.sequence <= tip.sequence or commit.previous != tip.hash",
                "commit.sequence > tip.sequence and commit.previous != tip.hash",
            ),
        ),
        breaks="4 5 9",
        scenario="an answer is lost and the same is offered again",
    ),
    Mutant(
        name="Fork ignored: two databases go on under one id",
        changes=(
            Change(
                "_out_of_place",
                "commit.sequence <= tip.sequence or commit.previous != tip.hash",
                "commit.sequence < 0",
            ),
        ),
        breaks="5 9",
        scenario="two copies of one database go on",
    ),
    Mutant(
        name="Rejected dropped: what the rules refuse never comes into the log",
        changes=(
            Change(
                "server_log.receive",
                (
                    "received.entered.append(enter(transaction, offered, "
                    "received_at=received_at, state_cache=state_cache))"
                ),
                (
                    "if judge_at_head(transaction, commit, hlc_eff=commit.hlc, "
                    "state_cache=state_cache).verdict is Verdict.REJECTED:\n"
                    "    received.synced.append(commit.id)\n"
                    "    continue\n"
                    "received.entered.append(enter(transaction, offered, "
                    "received_at=received_at, state_cache=state_cache))"
                ),
            ),
        ),
        breaks="3 9",
    ),
    Mutant(
        name="Rejected without a word: nobody is asked to decide",
        changes=(
            Change(
                "verdicts._record_item",
                "elif judgement.matter is not None:",
                "elif judgement.matter not in (None, Matter.REJECTED):",
            ),
        ),
        breaks="7 11",
    ),
    Mutant(
        name="Outbox split from events: the queue is written beside the transaction",
        changes=(
            Change(
                "MemoryStore.append",
                (
                    "self._set(self._pending, commit.id, waiting)\n"
                    "self._lengthen(commit, commit.events)"
                ),
                ("self._pending[commit.id] = waiting\nself._lengthen(commit, commit.events)"),
            ),
        ),
        breaks="3 8 9",
        scenario="a command dies at every write",
    ),
    Mutant(
        name="Delete on acknowledgement: what the server says it has leaves the queue",
        changes=(
            Change(
                "ExchangeSession._apply_answer",
                "self.result.head, self.result.more = (answer.head, answer.more)",
                (
                    "self.result.head, self.result.more = (answer.head, answer.more)\n"
                    "with self.store.writing() as transaction:\n"
                    "    for commit_id in answer.synced:\n"
                    "        getattr(transaction, '_pending', {}).pop(commit_id, None)"
                ),
            ),
        ),
        breaks="0 1 3 5 8 9",
    ),
    Mutant(
        name="Cursor moved first: the log goes on where its effects were lost",
        changes=(
            Change(
                "MemoryStore._place",
                ("self._log.append(entry)\nself._journal.append(self._log.pop)"),
                "self._log.append(entry)",
            ),
        ),
        breaks="0 1 3 5 8 9",
    ),
    Mutant(
        name="Error blocks pull: whose commit is not taken is told nothing new",
        changes=(
            Change(
                "ExchangeSession.round_trip",
                "self._apply_answer(page, answer)",
                ("if answer.push_error is None:\n    self._apply_answer(page, answer)"),
            ),
        ),
        breaks="9",
    ),
    Mutant(
        name="Gap wedges: behind a number that never comes everything waits",
        changes=(
            Change(
                "_out_of_chain",
                ("if not is_next:\n    broken.add(author)"),
                ("if not is_next and commit.sequence <= tip.sequence + 1:\n    broken.add(author)"),
            ),
        ),
        breaks="9",
        scenario="the commit before came in under another seal",
    ),
    Mutant(
        name="Sequence holes: the log skips a number",
        changes=(
            Change(
                "next_entry",
                ("global_seq=transaction.cursor() + 1,\ncommit=commit,"),
                (
                    "global_seq=transaction.cursor() + 1 + (transaction.cursor() % 9 == 8),\n"
                    "commit=commit,"
                ),
            ),
            Change(
                "MemoryStore._place",
                "assert entry.global_seq == self.cursor() + 1, 'the log has no gap'",
                "",
            ),
        ),
        breaks="5 9",
    ),
    Mutant(
        name="A tie of two writers goes to whoever comes last",
        changes=(
            Change(
                "settled",
                "mine < _last_write(snapshot, stream, each.event, name)",
                "not mine[0] >= _last_write(snapshot, stream, each.event, name)[0]",
            ),
        ),
        breaks="10",
        scenario="a clock years ahead changes one field twice",
    ),
    Mutant(
        name="Insertion-order FIFO: the lot entered first in the computer leaves first",
        changes=(
            Change(
                "MemoryStore.candidates",
                (
                    "for row in self._lots(kind, product_id=product_id, status='AVAILABLE')\n"
                    "            if row.entered_on"
                ),
                (
                    "for row in cast(Any, self._tables[kind].rows.values())\n"
                    "            if row.product_id == product_id and row.status == 'AVAILABLE'\n"
                    "            and row.entered_on"
                ),
            ),
            Change(
                "MemoryStore.candidates",
                "iter([row.id for row in in_order(rows, policy)])",
                "iter([row.id for row in rows])",
            ),
        ),
        breaks="1",
    ),
    # ------------------------------------------------------------------- beyond the standing list
    Mutant(
        name="A reused id has two effects: the second commit is renamed and done",
        changes=(
            Change("reported", "command_type=REPORT,", ""),
            Change(
                "reported",
                (
                    "command_version=codec.commands.version(REPORT),\n"
                    "        command=codec.commands.encode(report),"
                ),
                "",
            ),
        ),
        breaks="14",
        scenario="one command id is used on three devices for other things",
    ),
    Mutant(
        name="A reused id loses what the second had poured",
        changes=(Change("is_same", "_facts(one) == _facts(other)", "bool(one)"),),
        breaks="3",
        scenario="one command id is used on two devices for the same",
    ),
    Mutant(
        name="What happened is decided again: a van that left is given other lots",
        changes=(
            Change("judge", "facts=Facts.of(about),", "facts=None,"),
            Change("_facts_as_recorded", "if subjects:", "if not subjects and not recorded:"),
        ),
        breaks="11 13",
    ),
    Mutant(
        name="A signed commit whose number is taken is offered for ever",
        changes=(
            Change(
                "_out_of_chain",
                "is_good = author not in broken",
                "is_good = True",
            ),
        ),
        breaks="9",
        scenario="the number of a lost commit was given again",
    ),
    Mutant(
        name="What was guessed is not guessed again",
        changes=(
            Change(
                "predict_all",
                "transaction.predict(commit.id, judged.effective)",
                "transaction.predict(commit.id, None)",
            ),
        ),
        breaks="0 1 8 9",
    ),
    Mutant(
        name="A state folded before a rewind is believed after it",
        changes=(
            Change(
                "UnitOfWork._nobody_else_wrote",
                "if self.state_cache.rewinds != self.snapshot.rewinds():",
                "if self.state_cache.rewinds < 0:",
            ),
        ),
        breaks="1 8",
        scenario="what was folded before a rewind is asked for after it",
    ),
    Mutant(
        name="A server put back is believed to be the one it was",
        changes=(
            Change(
                "part_from",
                (
                    "start_over(transaction, after=common, device_id=device_id(transaction), "
                    "state_cache=state_cache)"
                ),
                "pass",
            ),
        ),
        breaks="9",
    ),
    Mutant(
        name="What an entry did is shown after it was judged again",
        given=("mending",),
        first_seed=19,
        changes=(
            Change(
                "judged_anew.reopen_from",
                "[{event.aggregate_id for event in e.effects} for e in entries]",
                "[]",
            ),
        ),
        breaks="1 6 8",
    ),
    Mutant(
        name="Who is shown another history does not find out",
        given=("histories",),
        changes=(
            Change("histories.divergences", "hashes.get(place) != part.seen.log_hash", "False"),
        ),
        breaks="19",
    ),
    Mutant(
        name="What is handed back is not taken",
        changes=(
            Change(
                "recovery._apply_where_whole",
                "is_ours = _apply(context, device_id, tail)",
                "is_ours = True",
            ),
        ),
        breaks="18",
        scenario="a server put back is handed what it had signed since",
    ),
)
