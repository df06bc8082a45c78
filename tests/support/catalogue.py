r"""The French catalogue follows the source: no sentence without its French, none left over.

    python -m tests.support.catalogue                 bring both files up to date, say what lacks
    python -m tests.support.catalogue --fill fr.json  the same, taking French from a JSON object
    python -m tests.support.catalogue --check         write nothing; exit 1 if anything is wrong

Sentences new in the source enter ``manchengo.po`` with an empty translation; those that left the
source leave the file (and are printed, should one have left by mistake); ``manchengo.mo`` is then
compiled. The JSON object (``-`` reads it from standard input) gives ``{"English": "French"}``, or
``{"{n} lot": ["{n} lot", "{n} lots"]}`` by the English singular where a number decides. Entries are
sorted and carry neither line numbers nor dates, so that two people's changes meet in git without
a conflict. French marks are set with a no-break space, whatever space was typed before them, and
apostrophes are those of print.
"""

import argparse
import ast
import io
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from string import Formatter

from attrs import field, frozen
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
FRENCH = Path("packages/presenters/src/manchengo_presenters/locale/fr/LC_MESSAGES/manchengo.po")
PLURAL = "ngettext"
FUNCTIONS = ("_", "N_", PLURAL)
MENTION = re.compile(rb"\b(?:_|N_|ngettext)\s*\(")
LINE = re.compile(r'(?:#.*|(?:msg(?:id|id_plural|str|str\[\d\]) )?"(?:[^"\\]|\\.)*")?\s*')
BREAKABLE = re.compile(r" (?=[:;?!»](?:\W|$))|(?<=«) ")
"""An ordinary space where a line must not end, as the French set their marks."""

APOSTROPHE = re.compile(r"(?<=\w)'(?=[\w{«])")
"""The sign of the keyboard for it, between a letter and what it is joined to."""

PERCENT = re.compile(r"%\(\w+\)[sdrfx]|%[sdr]")
COMMENT = """\
# What Manchengo tells its operators, in French.
# `python -m tests.support.catalogue` writes the English side and compiles; fill in the French."""

Sentence = str | tuple[str, str]
"""A msgid, or its singular and its plural."""

French = Mapping[str, str | Sequence[str]]
"""Translations by English sentence; a list of forms where a number decides."""


class CannotRead(Exception):
    """A file is not what it should be; nothing was written."""


class Timeless(Catalog):
    """A catalogue whose header names neither an hour nor the tool's version."""

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        kept = {"Language", "Plural-Forms", "MIME-Version", "Content-Type"}
        headers = [header for header in super()._get_mime_headers() if header[0] in kept]
        return [*headers, ("Content-Transfer-Encoding", "8bit\n")]

    mime_headers = property(_get_mime_headers, Catalog._set_mime_headers)


@frozen
class Changes:
    """What an update did, and what only a person can put right."""

    added: list[str]
    dropped: list[Message]
    faults: list[str]


# ------------------------------------------------------------------------------- from the source


@frozen
class Spoken:
    """Every sentence of the source, with the places that say it, and the calls that cannot work."""

    sentences: dict[str, Sentence] = field(factory=dict)
    places: dict[str, list[str]] = field(factory=dict)
    faults: list[str] = field(factory=list)

    def add(self, sentence: Sentence, place: str) -> None:
        english = sentence if isinstance(sentence, str) else sentence[0]
        known = self.sentences.setdefault(english, sentence)
        self.places.setdefault(english, []).append(place)
        if known != sentence:
            first = self.places[english][0]
            self.faults.append(f"{place}: {english!r} has another plural at {first}")


def spoken(root: Path) -> Spoken:
    """All that ``packages`` and ``apps`` say. ``CannotRead`` when a module does not parse."""
    found = Spoken()
    for path in sorted(root.glob("[pa]*s/*/src/**/*.py")):
        source = path.read_bytes()
        if MENTION.search(source):
            name = path.relative_to(root).as_posix()
            for call, inside in _calls(_parsed(source, name), inside_function=False):
                place = f"{name}:{call.lineno}"
                found.faults.extend(f"{place}: {fault}" for fault in _misused(call, inside))
                if (sentence := _said(call)) is not None:
                    found.add(sentence, place)
    return found


def _parsed(source: bytes, name: str) -> ast.AST:
    try:
        return ast.parse(source, name)
    except SyntaxError as error:
        raise CannotRead(f"{name}:{error.lineno}: {error.msg}") from error


def _said(call: ast.Call) -> Sentence | None:
    """What a call of a catalogue function says; None where it names what another says."""
    texts = [each.value for each in _sentences(call) if isinstance(each, ast.Constant)]
    match [each for each in texts if isinstance(each, str) and each]:
        case [one] if _function(call) != PLURAL:
            return one
        case [one, several] if _function(call) == PLURAL:
            return one, several
    return None


def _sentences(call: ast.Call) -> list[ast.expr]:
    return call.args[:2] if _function(call) == PLURAL else call.args[:1]


def _function(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _misused(call: ast.Call, inside: bool) -> Iterator[str]:
    """Why it would silently stay in English, or in the language of import time."""
    asked = _function(call)
    for sentence in _sentences(call):
        if isinstance(sentence, ast.Constant) and not sentence.value:
            yield "an empty sentence is the catalogue's header"
        elif not isinstance(sentence, ast.Constant | ast.Name | ast.Attribute | ast.Subscript):
            yield f"{asked}() needs the plain sentence; fill it in afterwards"
        elif asked != "_" and not isinstance(sentence, ast.Constant):
            yield f"{asked}() needs the sentence itself, not a name for it"
    if not inside and asked != "N_":
        yield "said once, at import; mark it with N_() and translate it when shown"


def _calls(node: ast.AST, *, inside_function: bool) -> Iterator[tuple[ast.Call, bool]]:
    """Each call of a catalogue function, and whether it waits for its function to run."""
    if isinstance(node, ast.Call) and _function(node) in FUNCTIONS:
        yield node, inside_function
    waits: list[ast.AST] = []
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        waits = [*node.body]
    elif isinstance(node, ast.Lambda):
        waits = [node.body]
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, inside_function=inside_function or child in waits)


# -------------------------------------------------------------------------------- the catalogue


def load(po: Path) -> Catalog:
    """The catalogue as it is on disk, empty when there is none yet."""
    if not po.exists():
        return Catalog(locale="fr")
    text = po.read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        if not LINE.fullmatch(line):  # babel would take it for something else, and say nothing
            raise CannotRead(f"{po.name}:{number}: {line!r}")
    try:
        return read_po(io.BytesIO(text.encode()), locale="fr", abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise CannotRead(f"{po.name}: {error}") from error


def faults(root: Path = ROOT) -> list[str]:
    """Everything wrong between the source, ``manchengo.po`` and ``manchengo.mo``; no file written.

    ``CannotRead`` when a module or the catalogue does not parse.
    """
    in_source = spoken(root)
    po = root / FRENCH
    catalogue = load(po)
    written = {_english(message): message for message in catalogue if message.id}
    found = list(in_source.faults)
    for english, sentence in in_source.sentences.items():
        message = written.get(english)
        place = in_source.places[english][0]
        if message is None or _sentence(message) != sentence:
            found.append(f"{place}: {english!r} is not in the catalogue")
        else:
            found.extend(f"{place}: {english!r} {fault}" for fault in _untrue(message))
    leftovers = [english for english in written if english not in in_source.sentences]
    found.extend(f"{po.name}: nothing says {english!r} any more" for english in leftovers)
    found.extend(f"{po.name}: obsolete entry {name!r}" for name in catalogue.obsolete)
    if _translations(_compiled(po.with_suffix(".mo"))) != _translations(catalogue):
        found.append(f"{po.with_suffix('.mo').name} is not the compilation of {po.name}")
    return found


def update(root: Path = ROOT, french: French | None = None) -> Changes:
    """Write both files anew from the source, the translations on disk and those of ``french``.

    ``CannotRead``, before anything is written, when a file does not parse or ``french`` holds a
    sentence that the source does not say.
    """
    in_source = spoken(root)
    given = french or {}
    if foreign := [english for english in given if english not in in_source.sentences]:
        raise CannotRead(f"the source does not say {foreign}")
    po = root / FRENCH
    before = {_english(message): message for message in load(po) if message.id}
    after = Timeless(locale="fr", header_comment=COMMENT, fuzzy=False)
    for english in sorted(in_source.sentences):
        sentence, old = in_source.sentences[english], before.get(english)
        kept = old if old is not None and _sentence(old) == sentence else None
        after.add(
            sentence,
            _typeset(given.get(english, kept.string if kept else None)),
            flags={"fuzzy"} & kept.flags if kept and english not in given else (),
            user_comments=kept.user_comments if kept else (),
        )
    _replace(po, _po_bytes(after))
    _replace(po.with_suffix(".mo"), _mo_bytes(after))
    kept_ids = {_sentence(message) for message in after}
    return Changes(
        added=[english for english in in_source.sentences if english not in before],
        dropped=[old for old in before.values() if _sentence(old) not in kept_ids],
        faults=faults(root),
    )


def _untrue(message: Message) -> Iterator[str]:
    """What keeps a translation from saying what its sentence says."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ("",))
    if not all(forms):
        yield "has no French"
        return
    if message.fuzzy:
        yield "is marked fuzzy: reread its French and take the mark away"
    # French says "0" with the singular, so each form names the number as the English plural does.
    wanted = placeholders(message.id if isinstance(message.id, str) else message.id[-1])
    for form in forms:
        if placeholders(form) != wanted:
            yield f"has other placeholders in French: {form!r}"
        if typeset(form) != form:
            yield f"has an ordinary space beside a French mark: {form!r}"


def typeset(french: str) -> str:
    """The same with no-break spaces inside « » and before : ; ? !, and the apostrophe of print."""
    return APOSTROPHE.sub("’", BREAKABLE.sub("\N{NO-BREAK SPACE}", french))


def placeholders(sentence: str) -> list[str]:
    """The names a sentence leaves to be filled in, sorted; the text itself if braces do not pair.

    A format such as ``{price:.2f}`` counts by its name.
    """
    try:
        names = [name for _, name, _, _ in Formatter().parse(sentence) if name is not None]
    except ValueError:
        return [sentence]
    return sorted([*set(names), *set(PERCENT.findall(sentence))])


def _sentence(message: Message) -> Sentence:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def _english(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _typeset(french: str | Sequence[str] | None) -> str | tuple[str, ...] | None:
    if french is None or isinstance(french, str):
        return french and typeset(french)
    return tuple(map(typeset, french))


def _forms(french: str | Sequence[str]) -> str | tuple[str, ...]:
    return french if isinstance(french, str) else tuple(french)


def _translations(catalogue: Catalog) -> dict[Sentence, str | tuple[str, ...]]:
    """What is wholly translated: a sentence that lacks a form is said in English."""
    return {
        _sentence(message): _forms(message.string)
        for message in catalogue
        if message.id and not message.fuzzy and message.string and all(message.string)
    }


def _compiled(mo: Path) -> Catalog:
    if not mo.exists():
        return Catalog(locale="fr")
    with mo.open("rb") as compiled:
        return read_mo(compiled)


def _po_bytes(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalogue, width=0, no_location=True, sort_output=True)
    return out.getvalue().rstrip(b"\n") + b"\n"


def _mo_bytes(catalogue: Catalog) -> bytes:
    whole = Timeless(locale="fr", fuzzy=False)
    for sentence, french in _translations(catalogue).items():
        whole.add(sentence, french)
    out = io.BytesIO()
    write_mo(out, whole)
    return out.getvalue()


def _replace(path: Path, content: bytes) -> None:
    """All of it or none, for whoever reads at the same moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


# ----------------------------------------------------------------------------- the command line


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.support.catalogue")
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--fill", metavar="JSON", help="French by English sentence; - for stdin")
    options = parser.parse_args(arguments)
    try:
        changes = (
            Changes(added=[], dropped=[], faults=faults(ROOT))
            if options.check
            else update(ROOT, _given(options.fill))
        )
    except CannotRead as error:
        print(f"nothing written: {error}", file=sys.stderr)
        return 2
    for english in changes.added:
        print(f"+ {english!r}")
    for message in changes.dropped:
        print(f"- {message.id!r}: {message.string!r}")
    for fault in changes.faults:
        print(fault)
    print(f"{len(changes.faults)} to put right" if changes.faults else "The catalogue is complete.")
    return 1 if changes.faults else 0


def _given(source: str | None) -> French:
    if source is None:
        return {}
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
        given = json.loads(text)
    except (OSError, ValueError) as error:
        raise CannotRead(f"{source}: {error}") from error
    if not isinstance(given, dict):
        raise CannotRead(f"{source}: an object of translations is expected")
    return given


if __name__ == "__main__":
    sys.exit(main())
