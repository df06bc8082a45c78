"""Faults that only show on one way: over HTTP, in files, or with PostgreSQL as the database."""

from tests.simulation.mutant import Change, Mutant

BUNDLE = "manchengo_sync.bundle"
HTTP = "manchengo_sync.http"
PROBLEMS = "manchengo_sync.problems"
STATEMENTS = "manchengo_postgres.statements"
TRANSACTION = "manchengo_postgres.transaction"
OFFICE = "manchengo_server.office"

OF_THE_WAY = (
    # ---------------------------------------------------------------- over HTTP
    Mutant(
        name="A cut answer is taken for a whole one",
        told="answers are cut on their way back and somebody else answers",
        changes=(
            Change(
                HTTP,
                "    for piece in response.iter_bytes():\n"
                "        answer += piece\n"
                "        if len(answer) > LARGEST_ANSWER:\n"
                '            raise NotUnderstood(why="the answer is larger than any")\n',
                "    try:\n"
                "        for piece in response.iter_bytes():\n"
                "            answer += piece\n"
                "    except httpx.HTTPError:\n"
                "        pass\n",
            ),
        ),
        breaks="12",
    ),
    Mutant(
        name="Whoever stands on the way turns a device away in the server's name",
        given=("http",),
        changes=(Change(PROBLEMS, "case 401 | 403 if problem:", "case 401 | 403:"),),
        breaks="12",
    ),
    Mutant(
        name="A token is believed for ever",
        given=("http",),
        changes=(
            Change(
                HTTP,
                "            if self._tokens.pop(device_id, None) is None:\n",
                "            if self._tokens.get(device_id) is not None:\n",
            ),
        ),
        breaks="9",
    ),
    # ---------------------------------------------------------------- in files
    Mutant(
        name="Delete on writing: what stands in a file leaves the queue",
        given=("files-alone",),
        changes=(
            Change(
                BUNDLE,
                "    bundle_key = _bundle_key(store)\n",
                "    bundle_key = _bundle_key(store)\n"
                "    with store.writing() as transaction:\n"
                "        for offered in page.commits:\n"
                "            getattr(transaction, '_pending', {}).pop(offered.commit.id, None)\n",
            ),
        ),
        breaks="0 1 3 5 8 9",
    ),
    Mutant(
        name="A file speaks for whomever it names",
        given=("files",),
        changes=(
            Change(
                BUNDLE,
                "    if question.public_key not in keys_of(question.known_as):\n",
                "    if not keys_of(question.known_as):\n",
            ),
        ),
        breaks="12",
    ),
    Mutant(
        name="A file says that the log is another one, and nothing waits again",
        given=("files-alone",),
        changes=(
            Change(BUNDLE, "part_from(store, reset.keep,", "part_from(store, 10**9 + reset.keep,"),
        ),
        breaks="9",
    ),
    # ---------------------------------------------------------------- with PostgreSQL
    Mutant(
        name="Numbers of the log from a sequence: what is rolled back leaves a hole",
        told="the database is cut off at every statement of a push",
        needs_postgres=True,
        changes=(
            Change(
                STATEMENTS,
                'TAKE_THE_COUNTER = f"{COUNTER} FOR UPDATE"\n',
                "TAKE_THE_COUNTER = (\n"
                "    'CREATE SEQUENCE IF NOT EXISTS _numbers;'\n"
                "    ' SELECT (SELECT CASE WHEN is_called THEN last_value ELSE 0 END'\n"
                "    ' FROM _numbers),'\n"
                "    ' log_hash, position, rewinds FROM _counter FOR UPDATE'\n"
                ")\n",
            ),
            Change(
                TRANSACTION,
                "        self._count(global_seq=entry.global_seq, log_hash=entry.hash)\n",
                "        self._count(global_seq=entry.global_seq, log_hash=entry.hash)\n"
                "        self._do(\"SELECT nextval('_numbers')\")\n",
            ),
        ),
        breaks="5 9",
    ),
    Mutant(
        name="What a lost transaction had folded is believed after it",
        told="the database is cut off at every statement of a push",
        needs_postgres=True,
        changes=(
            Change(
                OFFICE,
                "                self.memo.forget()\n                raise\n",
                "                raise\n",
            ),
        ),
        breaks="0 1 6 8",
    ),
)
