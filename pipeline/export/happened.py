"""Diễn biến: what was entered of duties, as papers tell it. Only what is in the register is told, and who proves it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.export.forms import printed
from pipeline.export.wording import day_words, letters, short_cited
from pipeline.followup.owed import OF_SERIES, Owed, events_of
from pipeline.followup.states import Kind, in_force
from pipeline.register import Register, Row
from pipeline.register.owing import event_rows


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a duty that nobody took back. `proof` is the document that proves it as it is cited, or words."""

    duty: int
    period: str | None
    kind: Kind
    day: date
    due: date | None
    proof: str | None

    def concerns(self, one: Owed) -> bool:
        """Whether it speaks of this duty, or of this occurrence of it."""
        if self.duty != one.duty:
            return False
        return self.period == one.time.period or (self.period is None and self.kind in OF_SERIES)


def happened(register: Register, found: Iterable[Owed], *, as_of: date) -> dict[int, list[Happened]]:
    """What happened to duties up to a day, by the duty's number, in the order in which it happened."""
    rows = event_rows(register, {one.duty for one in found})
    cited = _proofs(register, [row["proof"] for events in rows.values() for row in events])
    return {duty: _of_duty(duty, events, cited, as_of) for duty, events in rows.items()}


def _of_duty(duty: int, rows: Sequence[Row], cited: dict[str, str], as_of: date) -> list[Happened]:
    proofs = {row["id"]: row["proof"] for row in rows}
    return [
        Happened(duty, event.period, event.kind, event.day, event.due, _proof(proofs[event.id], cited))
        for event in in_force(events_of(rows))
        if event.day <= as_of
    ]


def _proof(proof: str | None, cited: dict[str, str]) -> str | None:
    return cited.get(proof, proof) if proof else None


def _proofs(register: Register, proofs: Iterable[str | None]) -> dict[str, str]:
    """How the documents are cited that prove something, by their ids."""
    numbers = {int(proof[1:]) for proof in proofs if proof and proof[0] == "D" and proof[1:].isdecimal()}
    return {f"D{number}": short_cited(letter) for number, letter in letters(register, numbers).items()}


def told(event: Happened) -> str:
    """An event in a few words with its day, and what proves it."""
    words = printed(f"told.{event.kind}", day=day_words(event.day), due=day_words(event.due) if event.due else "")
    return printed("told.by", event=words, proof=event.proof) if event.proof else words


def standing_words(one: Owed) -> str:
    """Where one duty stands, as tables say it."""
    state = one.standing.state
    if state in ("suspended", "withdrawn", "superseded"):
        return printed(f"told_standing.{state}")
    if state == "done" and one.timeliness not in ("on_time", "done_late"):
        return printed("told_standing.done")
    if state == "reported":
        return printed("told_standing.reported")
    return printed(f"told_standing.{one.timeliness}", days=one.days_late or 0)


def of_kind(events: Iterable[Happened], kinds: Collection[str]) -> list[Happened]:
    """The events of these kinds."""
    return [event for event in events if event.kind in kinds]
