"""Faults that only show on one way: over HTTP, in files, or with PostgreSQL as the database."""

from tests.mutants.source import Change
from tests.simulation.mutant import Mutant

OF_THE_WAY = (
    # ---------------------------------------------------------------- a server in other hands
    Mutant(
        name="Devices believe what the server says happened by a commit",
        given=("lies",),
        changes=(
            Change(
                "_Pull._apply_unpredicted",
                "must_follow(self.transaction, entry, earlier=verdict_before)",
                "pass",
            ),
        ),
        breaks="16",
    ),
    Mutant(
        name="Devices believe the server whose word a commit is",
        given=("lies",),
        changes=(
            Change(
                "apply_entries._proved",
                "proof = prove(Authors(snapshot), new)",
                "proof = Proof(count=len(new))",
            ),
        ),
        breaks="16",
    ),
    Mutant(
        name="Devices believe the server in whose name a commit is",
        given=("lies",),
        changes=(
            Change(
                "open_runs.of_authors",
                "count_proved=_count_signed_by_author",
                "count_proved=len",
            ),
        ),
        breaks="16",
    ),
    # ---------------------------------------------------------------- a device in other hands
    Mutant(
        name="What is not signed counts where its author has a key",
        given=("forgeries",),
        changes=(
            Change(
                "authors._may_be_unsigned",
                "_has_a_key_at(work, user, author.device_id):\n    return False",
                "_has_a_key_at(work, user, author.device_id):\n    return True",
            ),
        ),
        breaks="17",
    ),
    Mutant(
        name="Any key signs for anybody",
        given=("forgeries",),
        changes=(
            Change(
                "check_author",
                "elif not _counts(work, user, author):",
                "elif False:",
            ),
        ),
        breaks="17",
    ),
    Mutant(
        name="The server takes a signature of a person as it comes",
        given=("forgeries",),
        changes=(Change("count_signed_by_authors", "good = place", "pass"),),
        breaks="9 17 20",  # no device takes such a log in, but the server holds it
    ),
    Mutant(
        name="The last signature of a key proves whatever the same key is said to have signed",
        given=("rewritings",),
        first_seed=61,
        changes=(
            Change(
                "count_signed_by_authors",
                "vouched_for.get(part.key) == authored",
                "part.key in vouched_for",
            ),
        ),
        breaks="9 20",
    ),
    Mutant(
        name="What is in the log is stored once more where its device seals it anew",
        given=("rewritings",),
        changes=(Change("_out_of_place", "is_taken or ", ""),),
        breaks="9",  # no device takes such a log in
    ),
    Mutant(
        name="The server takes in what a device altered and no other takes in",
        given=("rewritings",),
        first_seed=13,
        changes=(Change("judge_at_head", "if forged is None:", "if True:"),),
        breaks="9",
    ),
    # ---------------------------------------------------------------- over HTTP
    Mutant(
        name="A cut answer is taken for a whole one",
        scenario="answers are cut on their way back and somebody else answers",
        changes=(
            Change(
                "http_messages.whole_answer",
                (
                    "for piece in response.iter_bytes():\n"
                    "    answer += piece\n"
                    "    if len(answer) > LARGEST_ANSWER:\n"
                    "        raise NotUnderstood(why='the answer is larger than any')"
                ),
                (
                    "try:\n"
                    "    for piece in response.iter_bytes():\n"
                    "        answer += piece\n"
                    "except httpx.HTTPError:\n"
                    "    pass"
                ),
            ),
        ),
        breaks="12",
    ),
    Mutant(
        name="Whoever stands on the way turns a device away in the server's name",
        given=("http",),
        changes=(Change("error_of", "case 401 | 403 if problem:", "case 401 | 403:"),),
        breaks="12",
    ),
    Mutant(
        name="A token is believed for ever",
        given=("http",),
        changes=(
            Change(
                "HttpLink._post_as",
                "if self._tokens.pop(device_id, None) is None:",
                "if self._tokens.get(device_id) is not None:",
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
                "export_bundle",
                "bundle_key = _bundle_key(store)",
                (
                    "bundle_key = _bundle_key(store)\n"
                    "with store.writing() as transaction:\n"
                    "    for offered in page.commits:\n"
                    "        getattr(transaction, '_pending', {}).pop(offered.commit.id, None)"
                ),
            ),
        ),
        breaks="0 1 3 5 8 9",
    ),
    Mutant(
        name="A file speaks for whomever it names",
        given=("files",),
        changes=(
            Change(
                "open_request",
                "if question.public_key not in keys_of(question):",
                "if not keys_of(question):",
            ),
        ),
        breaks="12",
    ),
    Mutant(
        name="A file says that the log is another one, and nothing waits again",
        given=("files-alone",),
        changes=(
            Change(
                "import_answer",
                "part_from(store, reset.keep,",
                "part_from(store, 10**9 + reset.keep,",
            ),
        ),
        breaks="9",
    ),
    # ---------------------------------------------------------------- with PostgreSQL
    Mutant(
        name="Numbers of the log from a sequence: what is rolled back leaves a hole",
        scenario="the database is cut off at every statement of a push",
        needs_postgres=True,
        changes=(
            Change(
                "TAKE_THE_COUNTER",
                "TAKE_THE_COUNTER = f'{COUNTER} FOR UPDATE'",
                (
                    "TAKE_THE_COUNTER = (\n"
                    "    'SELECT coalesce((SELECT last_value FROM pg_sequences'\n"
                    "    \" WHERE sequencename = '_numbers'\"\n"
                    "    ' AND schemaname = current_schema()), 0),'\n"
                    "    ' log_hash, position, rewinds FROM _counter FOR UPDATE'\n"
                    ")"
                ),
            ),
            Change(
                "PostgresTransaction._add_entry",
                "self._count(global_seq=entry.global_seq, log_hash=entry.hash)",
                (
                    "self._count(global_seq=entry.global_seq, log_hash=entry.hash)\n"
                    "self._do('CREATE SEQUENCE IF NOT EXISTS _numbers')\n"
                    "self._do(\"SELECT nextval('_numbers')\")"
                ),
            ),
        ),
        breaks="5 9",
    ),
    Mutant(
        name="What a lost transaction had folded is believed after it",
        scenario="the database is cut off at every statement of a push",
        needs_postgres=True,
        changes=(
            Change(
                "ServerContext.writing",
                ("self.state_cache.forget()\nraise"),
                "raise",
            ),
        ),
        breaks="0 1 6 8",
    ),
)
