"""Vietnamese knowledge as data: one TOML file a subject, read once, checked, compiled.

An entry has an `id` (dotted, stable, never reused: it appears in the register as the rule of a finding) and either
`forms` (phrases, longest first, whole words) or `pattern` (a regular expression). Both are written in the spelling of
`extractors.text.matchable`, in lower case, and match whatever the case. `{name}` in a pattern stands for the fragment
of that name in the same file's `[fragments]` or in `fragments.toml`, one level deep.

`bare = true` says that forms or pattern are written without accents and are matched on `extractors.text.skeleton`:
landmarks that must be found in a bad reading too. `Entry.found_in` prepares a text as its entry needs it.

`examples` are texts in which the entry must be found, `counterexamples` texts in which it must not; tests run both.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

import regex

from extractors.text import matchable, skeleton

_KEYS = {"id", "forms", "pattern", "value", "role", "source", "examples", "counterexamples", "note", "case", "bare"}
_NAMED = regex.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Entry:
    """One piece of knowledge. `expression` is the pattern of the file, or made from `forms`."""

    id: str
    expression: str
    case: bool = False
    forms: tuple[str, ...] = ()
    value: str | None = None
    role: str = ""
    source: str = ""
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()
    note: str = ""
    bare: bool = False

    @cached_property
    def pattern(self) -> regex.Pattern[str]:
        """The expression compiled, at its first use, since most documents need few of them. Raises LexiconError."""
        try:
            return compiled(self.expression, self.case)
        except regex.error as error:
            raise LexiconError(f"entry {self.id!r}: {error}") from error

    def found_in(self, text: str) -> regex.Match[str] | None:
        """The first place in a raw text where the entry is found."""
        return self.pattern.search(skeleton(text) if self.bare else matchable(text))


class LexiconError(ValueError):
    """A lexicon file is not as it must be; the message names the file, the entry and the fault."""


@cache
def load(name: str) -> tuple[Entry, ...]:
    """The entries of `extractors/lexicon/<name>.toml`, in file order."""
    raw = tomllib.loads(_text(f"{name}.toml"))
    fragments = {**_shared_fragments(), **raw.get("fragments", {})}
    seen: set[str] = set()
    out = []
    for row in raw.get("entry", []):
        entry = _entry(name, row, fragments)
        if entry.id in seen:
            raise LexiconError(f"{name}.toml: id {entry.id!r} stands twice")
        seen.add(entry.id)
        out.append(entry)
    return tuple(out)


@cache
def by_role(name: str, role: str) -> tuple[Entry, ...]:
    """The entries of one role, in file order."""
    return tuple(e for e in load(name) if e.role == role)


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `extractors/lexicon/<name>.csv`, in file order, keyed by the header; an empty cell is ""."""
    return tuple(csv.DictReader(_text(f"{name}.csv").splitlines()))


@cache
def compiled(expression: str, case: bool = False) -> regex.Pattern[str]:
    """An expression compiled, for texts in any case or with their case. Raises regex.error."""
    # `re` would compile in a third of the time, but of some expressions the time it takes grows faster than the text.
    # Version 1 would fold case in full ("ß" = "ss"), which Vietnamese has no use for and which costs a third more time.
    return regex.compile(expression, regex.V0 if case else regex.IGNORECASE | regex.V0)


def names() -> list[str]:
    """The lexicon files there are, without ending."""
    folder = resources.files(__package__)
    return sorted(
        p.name.removesuffix(".toml")
        for p in folder.iterdir()
        if p.name.endswith(".toml") and p.name != "fragments.toml"
    )


def _filled(pattern: str, fragments: dict[str, str]) -> str:
    """A pattern with its `{fragments}` filled in; quantifiers such as `{2,3}` are left alone."""
    return _NAMED.sub(lambda m: f"(?:{fragments[m[1]]})" if m[1] in fragments else m[0], pattern)


def _entry(name: str, row: dict[str, Any], fragments: dict[str, str]) -> Entry:
    at = f"{name}.toml: entry {row.get('id', row)!r}"
    if unknown := set(row) - _KEYS:
        raise LexiconError(f"{at}: unknown keys {sorted(unknown)}")
    if not row.get("id") or ("forms" in row) == ("pattern" in row):
        raise LexiconError(f"{at}: needs an id and either forms or a pattern")
    forms = tuple(sorted(row.get("forms", ()), key=len, reverse=True))
    expression = r"(?<!\w)(?:" + "|".join(regex.escape(f) for f in forms) + r")(?!\w)"
    if not forms:
        expression = _filled(row["pattern"], fragments)
    return Entry(
        id=row["id"],
        expression=expression,
        case=bool(row.get("case")),
        forms=forms,
        value=row.get("value"),
        role=row.get("role", ""),
        source=row.get("source", ""),
        examples=tuple(row.get("examples", ())),
        counterexamples=tuple(row.get("counterexamples", ())),
        note=row.get("note", ""),
        bare=bool(row.get("bare")),
    )


@cache
def _shared_fragments() -> dict[str, str]:
    return dict(tomllib.loads(_text("fragments.toml")))


def _text(file: str) -> str:
    return (resources.files(__package__) / file).read_text("utf-8")
