"""Văn bản tiếp theo cần kiểm tra: which dispatch after one has something for a person to decide."""

from __future__ import annotations

from pipeline.register.connection import Register
from pipeline.register.reviewing import _REVIEW, DOUBTFUL

_NEXT = f"SELECT min(dispatch_id) AS id FROM ({_REVIEW}) WHERE dispatch_id BETWEEN :first AND :last"
_STEP = 64


def next_to_check(register: Register, after: int, *, below: float = DOUBTFUL) -> int | None:
    """The next dispatch in the order of entry, beginning anew behind the last one, that `review` has rows of; None
    where no other has any. Looks at a few dispatches first, at more each time nothing is found."""
    row = register.one("SELECT max(id) AS last FROM dispatches")
    last = int(row["last"] or 0) if row else 0
    for first, end in ((after + 1, last), (1, after - 1)):
        step = _STEP
        while first <= end:
            found = register.one(_NEXT, {"first": first, "last": min(end, first + step - 1), "below": below})
            if found and found["id"]:
                return int(found["id"])
            first, step = first + step, step * 4
    return None
