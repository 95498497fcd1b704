"""What imported tables propose, in the words that people use."""

from __future__ import annotations

from pipeline.messages import text, value_text
from pipeline.output import day, shortened


def imported_value(what: str, value: str, number: str | None) -> str:
    """A proposal in one line: "giao việc (183/TB): …".

    `value` is as it is kept: of an event "done 2026-03-15", of a last day "due 2026-03-31" or "extended 2026-04-15".
    """
    if what == "document":
        return text("import.document", number=number or value)
    if what == "duty":
        return text("import.duty", number=number or "?", words=shortened(value, 140))
    how, _, when = value.partition(" ")
    said = value_text("import_said", how)
    return text("import.event", said=said, day=day(when)) if when else said
