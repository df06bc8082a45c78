"""Faults in how the log is kept and judged: what any way of exchanging would show."""

from tests.simulation.mutant import Change, Mutant

APPLICATION = "manchengo.application"
PLANT = f"{APPLICATION}.replication.plant"
DEVICE = f"{APPLICATION}.replication.device"
PLACING = f"{APPLICATION}.replication.placing"
FIELDS = f"{APPLICATION}.fields"
JUDGE = f"{APPLICATION}.judge"
REUSED_IDS = f"{APPLICATION}.replication.reused_ids"
BOOKS = f"{APPLICATION}.books"
LOT = "manchengo.domain.lot.decide"
MEMORY = "manchengo.memory"
EXCHANGE = "manchengo_sync.session"
REJOINING = "manchengo_sync.rejoining"
PUSHING = "manchengo_server.pushing"

OF_THE_LOG = (
    Mutant(
        name="No guard: a lot gives more than it holds",
        changes=(Change(LOT, "    if wanted > free:\n", "    if wanted.thousandths < 0:\n"),),
        breaks="2",
    ),
    Mutant(
        name="No dedupe: what comes twice is placed twice",
        changes=(
            Change(
                PLANT,
                "        if placed is not None and placed.commit.hash == commit.hash:\n"
                "            received.synced.append(commit.id)\n"
                "            continue\n"
                "        received.stopped = _out_of_place(transaction, commit, "
                "is_taken=placed is not None)\n",
                "        received.stopped = _out_of_place(transaction, commit, is_taken=False)\n",
            ),
            Change(
                PLANT,
                "commit.sequence <= tip.sequence or commit.previous != tip.hash",
                "commit.sequence > tip.sequence and commit.previous != tip.hash",
            ),
        ),
        breaks="4 5 9",
        told="an answer is lost and the same is offered again",
    ),
    Mutant(
        name="Fork ignored: two databases go on under one id",
        changes=(
            Change(
                PLANT,
                "commit.sequence <= tip.sequence or commit.previous != tip.hash",
                "commit.sequence < 0",
            ),
        ),
        breaks="5",
        told="two copies of one database go on",
    ),
    Mutant(
        name="Rejected dropped: what the rules refuse never comes into the log",
        changes=(
            Change(
                PLANT,
                "        received.entered.append("
                "enter(transaction, offered, received_at=received_at, memo=memo))\n",
                "        if place(transaction, commit, hlc_eff=commit.hlc, memo=memo)"
                ".verdict is Verdict.REJECTED:\n"
                "            received.synced.append(commit.id)\n"
                "            continue\n"
                "        received.entered.append("
                "enter(transaction, offered, received_at=received_at, memo=memo))\n",
            ),
        ),
        breaks="3 9",
    ),
    Mutant(
        name="Rejected without a word: nobody is asked to decide",
        changes=(
            Change(
                PLACING,
                "    elif judgement.matter is not None:\n",
                "    elif judgement.matter not in (None, Matter.REJECTED):\n",
            ),
        ),
        breaks="7 11",
    ),
    Mutant(
        name="Outbox split from events: the queue is written beside the transaction",
        changes=(
            Change(
                MEMORY,
                "        self._set(self._pending, commit.id, waiting)\n"
                "        self._lengthen(commit, commit.events)\n",
                "        self._pending[commit.id] = waiting\n"
                "        self._lengthen(commit, commit.events)\n",
            ),
        ),
        breaks="3 8 9",
        told="a command dies at every write",
    ),
    Mutant(
        name="Delete on acknowledgement: what the server says it has leaves the queue",
        changes=(
            Change(
                EXCHANGE,
                "        self.result.head, self.result.more = answer.head, answer.more\n",
                "        self.result.head, self.result.more = answer.head, answer.more\n"
                "        with self.store.writing() as transaction:\n"
                "            for commit_id in answer.synced:\n"
                "                getattr(transaction, '_pending', {}).pop(commit_id, None)\n",
            ),
        ),
        breaks="0 1 3 5 8 9",
    ),
    Mutant(
        name="Cursor moved first: the log goes on where its effects were lost",
        changes=(
            Change(
                MEMORY,
                "        self._log.append(entry)\n        self._journal.append(self._log.pop)\n",
                "        self._log.append(entry)\n",
            ),
        ),
        breaks="0 1 3 5 8 9",
    ),
    Mutant(
        name="Error blocks pull: whose commit is not taken is told nothing new",
        changes=(
            Change(
                EXCHANGE,
                "            self._take(page, answer)\n",
                "            if answer.push_error is None:\n"
                "                self._take(page, answer)\n",
            ),
        ),
        breaks="9",
    ),
    Mutant(
        name="Gap wedges: behind a number that never comes everything waits",
        changes=(
            Change(
                DEVICE,
                "            if not is_next:\n                broken.add(author)\n",
                "            if not is_next and commit.sequence <= tip.sequence + 1:\n"
                "                broken.add(author)\n",
            ),
        ),
        breaks="9",
        told="the commit before came in under another seal",
    ),
    Mutant(
        name="Sequence holes: the log skips a number",
        changes=(
            Change(
                PLANT,
                "            global_seq=transaction.cursor() + 1,\n"
                "            commit=offered.commit,\n",
                "            global_seq=transaction.cursor() + 1"
                " + (transaction.cursor() % 9 == 8),\n"
                "            commit=offered.commit,\n",
            ),
            Change(
                MEMORY,
                '        assert entry.global_seq == self.cursor() + 1, "the log has no gap"\n',
                "",
            ),
        ),
        breaks="5 9",
    ),
    Mutant(
        name="A tie of two writers goes to whoever comes last",
        changes=(
            Change(
                FIELDS,
                "mine < _last_write(snapshot, stream, name)",
                "not mine[0] >= _last_write(snapshot, stream, name)[0]",
            ),
        ),
        breaks="10",
        told="a clock years ahead changes one field twice",
    ),
    Mutant(
        name="Insertion-order FIFO: the lot entered first in the computer leaves first",
        changes=(
            Change(
                MEMORY,
                'for row in self._lots(kind, product_id=product_id, status="AVAILABLE")\n'
                "            if row.entered_on",
                "for row in cast(Any, self._tables[kind].rows.values())\n"
                '            if row.product_id == product_id and row.status == "AVAILABLE"\n'
                "            and row.entered_on",
            ),
            Change(
                MEMORY,
                "iter([row.id for row in sorted(rows, key=first)])",
                "iter([row.id for row in rows])",
            ),
        ),
        breaks="1",
    ),
    # ------------------------------------------------------------------- beyond the standing list
    Mutant(
        name="A reused id has two effects: the second commit is renamed and done",
        changes=(
            Change(REUSED_IDS, "        command_type=REPORT,\n", ""),
            Change(
                REUSED_IDS,
                "        command_version=codec.commands.version(REPORT),\n"
                "        command=codec.commands.encode(report),\n",
                "",
            ),
        ),
        breaks="14",
        told="one command id is used on three devices for other things",
    ),
    Mutant(
        name="A reused id loses what the second had poured",
        changes=(
            Change(REUSED_IDS, "        _facts(one) == _facts(other)\n", "        bool(one)\n"),
        ),
        breaks="3",
        told="one command id is used on two devices for the same",
    ),
    Mutant(
        name="What happened is decided again: a van that left is given other lots",
        changes=(
            Change(JUDGE, "facts=Facts.of(about))", "facts=None)"),
            Change(JUDGE, "    if subjects:\n", "    if not subjects and not recorded:\n"),
        ),
        breaks="13",
    ),
    Mutant(
        name="A signed commit whose number is taken is offered for ever",
        changes=(
            Change(
                DEVICE,
                "            is_good = author not in broken\n",
                "            is_good = True\n",
            ),
        ),
        breaks="9",
        told="the number of a lost commit was given again",
    ),
    Mutant(
        name="What was guessed is not guessed again",
        changes=(
            Change(
                DEVICE,
                "        transaction.predict(commit.id, placed.effective)\n",
                "        transaction.predict(commit.id, None)\n",
            ),
        ),
        breaks="0 1 8 9",
    ),
    Mutant(
        name="A state folded before a rewind is believed after it",
        changes=(
            Change(
                BOOKS,
                "        if self.memo.rewinds != self.snapshot.rewinds():\n",
                "        if self.memo.rewinds < 0:\n",
            ),
        ),
        breaks="1 8",
        told="what was folded before a rewind is asked for after it",
    ),
    Mutant(
        name="A server put back is believed to be the one it was",
        changes=(
            Change(
                REJOINING,
                "            start_over(transaction, after=common, "
                "device_id=device_id(transaction), memo=memo)\n",
                "            pass\n",
            ),
        ),
        breaks="9",
    ),
    Mutant(
        name="One commit that breaks the judge breaks the server",
        changes=(
            Change(
                PLACING,
                "    except FROM_THE_CONTENT as error:\n        return _placed(",
                "    except ZeroDivisionError as error:\n        return _placed(",
            ),
        ),
        breaks="9",
        told="every poison is written and work goes on",
    ),
)
