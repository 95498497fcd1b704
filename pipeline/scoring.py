"""Predictions against gold, by the rules of the annotation guidelines ("What the scorer holds equal").

Gold and predictions are JSON objects of one shape. Every figure counts right, wrong and missed values; `macro.*` are
means of the documents' own F1. A document that was refused, failed or has no prediction has nothing found in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from extractors.likeness import overlap, same_body, similarity, words
from pipeline.shape import SCALARS, SIGNER

Json = Mapping[str, Any]
A = TypeVar("A")
B = TypeVar("B")

LISTS = ("addressees", "recipients", "citations")
ENOUGH = {"subject": 0.90, "issuer": 0.95, "addressees": 0.90, "recipients": 0.90}
FOUND, STRICT = 0.5, 0.8
KINDS = ("date", "period", "relative", "recurring", "event")
PLACES = ("own", "inherited")


@dataclass
class Tally:
    """How many values are right, how many said are wrong, how many of the gold's were not said."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def add(self, right: int, said: int, wanted: int) -> None:
        """Count `right` of `said` values where the gold has `wanted`."""
        self.tp += right
        self.fp += said - right
        self.fn += wanted - right

    @property
    def precision(self) -> float | None:
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else None

    @property
    def recall(self) -> float | None:
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else None

    @property
    def f1(self) -> float | None:
        """None where neither side has a value."""
        both = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / both if both else None

    def row(self) -> dict[str, Any]:
        """The figure as JSON."""
        return {"f1": self.f1, "precision": self.precision, "recall": self.recall, **asdict(self)}


@dataclass
class Mean:
    """The mean over documents of a figure's F1; a document without such values on either side counts as right."""

    values: list[float] = field(default_factory=list)

    def add(self, right: int, said: int, wanted: int) -> None:
        one = Tally()
        one.add(right, said, wanted)
        self.values.append(1.0 if one.f1 is None else one.f1)

    @property
    def f1(self) -> float | None:
        return sum(self.values) / len(self.values) if self.values else None

    def row(self) -> dict[str, Any]:
        """The figure as JSON; `tp` is the number of documents."""
        return {"f1": self.f1, "precision": None, "recall": None, "tp": len(self.values), "fp": 0, "fn": 0}


@dataclass(frozen=True, slots=True)
class Miss:
    """One difference between gold and prediction; `rule` is what found the wrong value, if a rule did."""

    document: str
    field: str
    gold: Any
    found: Any
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One obligation as found: how sure the program was of it, by what traits, and whether it is strictly right."""

    document: str
    confidence: float
    traits: Mapping[str, float]
    right: bool


class Score:
    """Figures and misses of a set of documents, added one at a time.

    `judged` holds every obligation found in a dispatch, `by_document` the F1 of each document: all its fields together,
    its limits, and its obligations as found and as strictly right.

    `limits` divides `obligation.deadlines` by kind, and into those that stand in their obligation's own quote and those
    that it takes from a heading, a row or another sentence.
    """

    def __init__(self) -> None:
        self.figures: dict[str, Tally | Mean] = defaultdict(Tally)
        self.limits: dict[str, Tally] = defaultdict(Tally)
        self.misses: list[Miss] = []
        self.judged: list[Judged] = []
        self.by_document: dict[str, dict[str, float]] = {}
        self.documents = 0

    def rows(self) -> dict[str, dict[str, Any]]:
        """All figures as JSON, by name."""
        return {name: self.figures[name].row() for name in sorted(self.figures)}

    def limit_rows(self) -> dict[str, dict[str, Any]]:
        """The figures of limits as JSON: date, period, relative, recurring, event; own, inherited."""
        return {name: self.limits[name].row() for name in (*KINDS, *PLACES) if name in self.limits}

    def add(self, gold: Json, prediction: Json | None) -> None:
        """Score one document."""
        self.documents += 1
        said = prediction if prediction and prediction.get("is_dispatch") is True else {}
        is_dispatch = bool(gold["is_dispatch"])
        self.figures["is_dispatch"].add(int(is_dispatch and bool(said)), int(bool(said)), int(is_dispatch))
        if is_dispatch != bool(said):
            error = ((prediction or {}).get("error") or {}).get("code")
            self._miss(gold, "is_dispatch", is_dispatch, bool(said), error)
        found = said.get("obligations") or []
        if not is_dispatch:
            for name in ("obligation.found", "obligation.strict", "obligation.strict_named"):
                self.figures[name].add(0, len(found), 0)
            return
        before = self._fields_so_far()
        self._add_fields(gold, said)
        self._note(gold, "fields", *(now - then for now, then in zip(self._fields_so_far(), before, strict=True)))
        self._add_obligations(gold, found)

    def _fields_so_far(self) -> tuple[int, int, int]:
        """How many values of fields were right, said and wanted in all documents so far."""
        parts = [self.figures[f"document.{n}"] for n in (*SCALARS, *LISTS)]
        parts += [self.figures[f"document.signer.{part}"] for part in SIGNER]
        tallies = [part for part in parts if isinstance(part, Tally)]
        right = sum(t.tp for t in tallies)
        return right, right + sum(t.fp for t in tallies), right + sum(t.fn for t in tallies)

    def _note(self, gold: Json, name: str, right: int, said: int, wanted: int) -> None:
        """Keep a figure of one document; a document without such values on either side counts as right."""
        one = Tally(right, said - right, wanted - right)
        self.by_document.setdefault(str(gold["source"]), {})[name] = 1.0 if one.f1 is None else round(one.f1, 3)

    def _add_fields(self, gold: Json, said: Json) -> None:
        wanted, got = gold["document"], said.get("document") or {}
        evidence = said.get("found") or {}
        for name in SCALARS:
            self._add_scalar(gold, name, wanted.get(name), got.get(name), _rule(evidence.get(name)))
        for part in SIGNER:
            name, (a, b) = f"signer.{part}", ((wanted.get("signer") or {}), (got.get("signer") or {}))
            self._add_scalar(gold, name, a.get(part), b.get(part), _rule(evidence.get(name)))
        for name in LISTS:
            a, b = [_name(e) for e in wanted.get(name) or []], [_name(e) for e in got.get(name) or []]
            right = len(pairs(a, b, similarity, ENOUGH.get(name, 1.0)))
            self.figures[f"document.{name}"].add(right, len(b), len(a))
            if right < max(len(a), len(b)):
                self._miss(gold, name, a, b, _rule(*(evidence.get(name) or [])))

    def _add_scalar(self, gold: Json, name: str, wanted: str | None, got: str | None, rule: str | None) -> None:
        blunt = bool(name == "issued_on" and wanted and got and wanted != got and wanted.startswith(got))
        same = bool(wanted and got and not blunt and similarity(wanted, got) >= ENOUGH.get(name, 1.0))
        # a date less sharp than printed is missed, not wrong
        said = int(bool(got) and not blunt)
        self.figures[f"document.{name}"].add(int(same), said, int(bool(wanted)))
        if not same and (wanted or got):
            self._miss(gold, name, wanted, got, rule)

    def _add_obligations(self, gold: Json, got: Sequence[Json]) -> None:
        wanted: Sequence[Json] = gold["obligations"]
        matched = _match(wanted, got)
        strict = [(i, j) for i, j in matched if self._add_pair(gold, wanted[i], got[j])]
        unnamed = {i for i, o in enumerate(wanted) if o.get("lead_stated") is False}
        for kind, right in (("found", matched), ("strict", strict)):
            self.figures[f"obligation.{kind}"].add(len(right), len(got), len(wanted))
            self._mean(f"macro.{kind}").add(len(right), len(got), len(wanted))
            self._note(gold, kind, len(right), len(got), len(wanted))
        self._judge(gold, got, {j for _, j in strict})
        self.figures["obligation.strict_named"].add(
            sum(i not in unnamed for i, _ in strict),
            len(got) - sum(i in unnamed for i, _ in matched),
            len(wanted) - len(unnamed),
        )
        limits, said = distinct(wanted), distinct(got)
        alike = len(pairs(limits, said, same_deadline, 1.0))
        self.figures["document.deadlines"].add(alike, len(said), len(limits))
        self._note(gold, "deadlines", alike, len(said), len(limits))
        self._miss_unmatched(gold, wanted, got, matched)

    def _judge(self, gold: Json, got: Sequence[Json], right: set[int]) -> None:
        for j, one in enumerate(got):
            sure, traits = float(one.get("confidence") or 0.0), one.get("traits") or {}
            self.judged.append(Judged(str(gold["source"]), sure, traits, j in right))

    def _add_pair(self, gold: Json, wanted: Json, got: Json) -> bool:
        """Score a pair of obligations; whether it is right in what, who and when."""
        at = f" of «{wanted['quote'][:60]}»"
        for name in ("kind", "modality"):
            same = wanted.get(name) == got.get(name)
            self.figures[f"obligation.{name}"].add(int(same), 1, 1)
            if not same:
                self._miss(gold, name + at, wanted.get(name), got.get(name), got.get("rule"))
        right = overlap(words(wanted["quote"]), words(got.get("quote") or "")) >= STRICT
        same_lead = wanted.get("lead_stated") is False or self._add_bodies(gold, "lead", at, wanted, got)
        self._add_bodies(gold, "coordinating", at, wanted, got)
        a, b = wanted.get("deadlines") or [], got.get("deadlines") or []
        matched = pairs(a, b, same_deadline, 1.0)
        n = len(matched)
        self.figures["obligation.deadlines"].add(n, len(b), len(a))
        self._divide_limits(wanted, got, matched)
        same_limits = n == len(a) == len(b)
        if not same_limits:
            self._miss(gold, "deadlines" + at, a, b, _rule(*b))
        return right and same_lead and same_limits

    def _divide_limits(self, wanted: Json, got: Json, matched: Sequence[tuple[int, int]]) -> None:
        """Count the limits of a pair of obligations by kind and place; those found are counted as the gold has them."""
        wanted_groups, got_groups = _groups(wanted), _groups(got)
        right, said = {i for i, _ in matched}, {j for _, j in matched}
        for i, names in enumerate(wanted_groups):
            for name in names:
                self.limits[name].add(int(i in right), int(i in right), 1)
        for j, names in enumerate(got_groups):
            for name in names if j not in said else ():
                self.limits[name].add(0, 1, 0)

    def _add_bodies(self, gold: Json, role: str, at: str, wanted: Json, got: Json) -> bool:
        a, b = wanted.get(role) or [], got.get(role) or []
        n = len(pairs(a, b, same_body, 1.0))
        self.figures[f"obligation.{role}"].add(n, len(b), len(a))
        same = n == len(a) == len(b)
        if not same:
            self._miss(gold, role + at, a, b, got.get("rule"))
        return same

    def _miss_unmatched(
        self, gold: Json, wanted: Sequence[Json], got: Sequence[Json], matched: Sequence[tuple[int, int]]
    ) -> None:
        for i in sorted(set(range(len(wanted))) - {i for i, _ in matched}):
            self._miss(gold, "obligation missed", wanted[i]["quote"], None, None)
        for j in sorted(set(range(len(got))) - {j for _, j in matched}):
            self._miss(gold, "obligation not in gold", None, got[j].get("quote"), got[j].get("rule"))

    def _mean(self, name: str) -> Mean:
        mean = self.figures.setdefault(name, Mean())
        assert isinstance(mean, Mean)
        return mean

    def _miss(self, gold: Json, name: str, wanted: Any, got: Any, rule: str | None) -> None:
        self.misses.append(Miss(str(gold["source"]), name, wanted, got, rule))


def score(golds: Sequence[Json], predictions: Mapping[str, Json]) -> Score:
    """The score of predictions by their gold's `source`."""
    out = Score()
    for gold in golds:
        out.add(gold, predictions.get(gold["source"]))
    return out


def pairs(
    wanted: Sequence[A],
    got: Sequence[B],
    alike: Callable[[A, B], float],
    enough: float,
    tie: Callable[[A, B], float] = lambda a, b: 0.0,
) -> list[tuple[int, int]]:
    """One-to-one pairs of places, the most alike first; between equals the better tie, then the nearer place."""
    ranked = sorted(
        (
            (likeness, tie(a, b), -abs(i - j), i, j)
            for i, a in enumerate(wanted)
            for j, b in enumerate(got)
            if (likeness := alike(a, b)) >= enough
        ),
        reverse=True,
    )
    out: list[tuple[int, int]] = []
    taken_i: set[int] = set()
    taken_j: set[int] = set()
    for *_, i, j in ranked:
        if i not in taken_i and j not in taken_j:
            out.append((i, j))
            taken_i.add(i)
            taken_j.add(j)
    return out


def same_deadline(a: Json, b: Json) -> bool:
    """Whether two limits bind alike: due day, rule, offset, and for a printed day whether it is late on it already."""
    if (a.get("due") or None) != (b.get("due") or None) or _recurrence(a) != _recurrence(b):
        return False
    if a.get("kind") in ("date", "recurring") and (a.get("boundary") == "before") != (b.get("boundary") == "before"):
        return False
    if any((a.get("offset") or {}).get(k) != (b.get("offset") or {}).get(k) for k in ("amount", "unit", "anchor")):
        return False
    if a.get("kind") == "event" and not a.get("due"):
        return b.get("kind") == "event" and overlap(words(a["quote"]), words(b.get("quote") or "")) >= FOUND
    return True


def distinct(obligations: Sequence[Json]) -> list[Json]:
    """The different limits of a document, once each."""
    out: list[Json] = []
    for limit in (d for o in obligations for d in o.get("deadlines") or []):
        if not any(same_deadline(limit, other) for other in out):
            out.append(limit)
    return out


def _groups(obligation: Json) -> list[tuple[str, str]]:
    """The kind of each limit of an obligation, and whether it is its own: its words stand in the obligation's quote."""
    text = " ".join((obligation.get("quote") or "").split())
    limits = obligation.get("deadlines") or []
    own = [" ".join((limit.get("quote") or "").split()) in text for limit in limits]
    return [(str(limit.get("kind")), PLACES[not inside]) for limit, inside in zip(limits, own, strict=True)]


def _match(wanted: Sequence[Json], got: Sequence[Json]) -> list[tuple[int, int]]:
    """Pairs of obligations whose quotes share enough words; between equals the one that agrees in who and when."""
    a = [(o, words(o["quote"])) for o in wanted]
    b = [(o, words(o.get("quote") or "")) for o in got]
    return pairs(a, b, lambda x, y: overlap(x[1], y[1]), FOUND, lambda x, y: _agreement(x[0], y[0]))


def _agreement(a: Json, b: Json) -> int:
    leads = pairs(a.get("lead") or [], b.get("lead") or [], same_body, 1.0)
    return len(leads) + len(pairs(a.get("deadlines") or [], b.get("deadlines") or [], same_deadline, 1.0))


def _recurrence(limit: Json) -> tuple[str, ...]:
    rule = str(limit.get("rrule") or "").upper().removeprefix("RRULE:")
    return tuple(sorted(part for part in rule.split(";") if part and part != "INTERVAL=1"))


def _name(entry: Any) -> str:
    return str(entry.get("name") or "") if isinstance(entry, Mapping) else str(entry)


def _rule(*evidence: Json | None) -> str | None:
    """The ids of the rules behind some findings, in order, each once."""
    return ", ".join(dict.fromkeys(e["rule"] for e in evidence if e and e.get("rule"))) or None
