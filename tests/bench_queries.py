"""How quickly a large register answers: `make bench`, or `python tests/bench_queries.py [--sizes 10000 100000]`.

Registers of so many obligations are made up and kept (in outputs/bench-queries, or --folder), laid out once, then asked
in one process: each question in turn by the program and by the bare SQL or full-text query of the same answer, its rows
and marked words included (`tests/test_yardsticks.py` holds them against each other). Printed
are medians and the 95th percentile of milliseconds of the processor, the ratio, and how the program's time grows with
the size (slope of the logarithms: 0 not at all, 1 in proportion).
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.register import Register, TaskFilter, open_register, search  # noqa: E402

AS_OF = date(2026, 11, 22)
FIRST = date(2019, 1, 2)
ON_A_LETTER = 5
BODIES = 2000
WORDS = (
    "rà soát lập danh mục hồ sơ tuyến đường cây xanh nguồn nước trường lớp vườn ươm bến đò chợ quê mái ngói cầu gỗ"
    " kho lúa giếng làng đê bao kênh nhánh trạm bơm lò gạch xưởng mộc bãi bồi đồi chè rừng thông hồ sen ruộng bậc"
    " phường nghề làng hoa khóm dừa vạt nương dốc đá suối trong mương cạn bờ tre gò cao lũy đất"
)
SYLLABLES = WORDS.split()
RARE = "đôn đốc"  # said in one of a thousand obligations
COMMON = "báo cáo"  # said in each
LIMITS = (("date", "before", 0.4), ("date", "on_or_before", 0.2), ("period", None, 0.15), ("recurring", None, 0.03))


def build(path: Path, obligations: int) -> None:
    """A register of so many obligations, all made up."""
    chance = random.Random(obligations)
    with open_register(path, "create") as register:
        connection = register.connection
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        for fill in (_bodies, _letters, _obligations, _duties, _deadlines, _events):
            with register.transaction():
                fill(register, obligations, chance)
        with register.transaction():
            connection.execute("INSERT INTO search_entries (dispatch_id) SELECT id FROM dispatches ORDER BY id")
            connection.execute(
                "INSERT INTO search_entries (dispatch_id, obligation_id)"
                " SELECT dispatch_id, id FROM obligations ORDER BY id"
            )
            for index in ("search_exact", "search_folded"):
                connection.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")
        for index in ("search_exact", "search_folded"):
            connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")


def _bodies(register: Register, count: int, chance: random.Random) -> None:
    from pipeline.register.keys import words_key

    names = [f"Sở {chance.choice(SYLLABLES)} {chance.choice(SYLLABLES)} số {n}" for n in range(1, BODIES + 1)]
    register.connection.executemany(
        "INSERT INTO bodies (id, name, name_key) VALUES (?, ?, ?)",
        [(n, name, words_key(name)) for n, name in enumerate(names, 1)],
    )


def _letters(register: Register, count: int, chance: random.Random) -> None:
    run = register.connection.executemany
    letters = range(1, count // ON_A_LETTER + 1)
    names = [row["name"] for row in register.rows("SELECT name FROM bodies ORDER BY id")]
    run(
        "INSERT INTO files (id, sha256, status, version, read_at) VALUES (?, ?, 'read', '1', '2026-01-01')",
        ((n, f"{n:064x}") for n in letters),
    )
    run(
        "INSERT INTO texts (file_id, text, lines, tables) VALUES (?, ?, '[]', '[]')",
        ((n, f"{_words(chance, 80)} {COMMON}") for n in letters),
    )
    types = ("công văn",) * 7 + ("chỉ thị", "quyết định", "kế hoạch")
    days = (AS_OF - FIRST).days

    def letter(n: int) -> tuple[object, ...]:
        issuer = 1 + int(BODIES * chance.random() ** 3)
        issued = (FIRST + timedelta(days=int(days * n / len(letters)))).isoformat()
        return (n, n, chance.choice(types), f"{n}/CV-X", "CV-X", issued, names[issuer - 1], issuer, _words(chance, 8))

    run(
        "INSERT INTO dispatches (id, file_id, type, number, symbol, issued_on, issuer, issuer_id, subject, entered_at,"
        " read_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '2026-01-01', '2026-01-01', '1')",
        (letter(n) for n in letters),
    )


def _obligations(register: Register, count: int, chance: random.Random) -> None:
    def one(n: int) -> tuple[object, ...]:
        rare = f" {RARE}" if n % 1000 == 7 else ""
        quote = f"{_words(chance, 18)}{rare}, {COMMON} kết quả"
        kind = "target" if chance.random() < 0.05 else "task"
        check = "" if chance.random() < 0.3 else "check.limit"
        return (n, 1 + (n - 1) // ON_A_LETTER, n % ON_A_LETTER, quote, kind, check, 0.5 + chance.random() / 2)

    register.connection.executemany(
        "INSERT INTO obligations (id, dispatch_id, position, label, quote, kind, modality, lead_stated, check_rule,"
        " rule, confidence, status, origin, created_at) VALUES (?, ?, ?, '', ?, ?, 'ordered', 1, ?, 'r', ?, 'current',"
        " 'reading', '2026-01-01')",
        (one(n) for n in range(1, count + 1)),
    )


def _duties(register: Register, count: int, chance: random.Random) -> None:
    names = [row["name"] for row in register.rows("SELECT name FROM bodies ORDER BY id")]
    leads = [1 + int(BODIES * chance.random() ** 3) for _ in range(count)]
    run = register.connection.executemany
    run(
        "INSERT INTO duties (id, obligation_id, body_id, printed, sort) VALUES (?, ?, ?, ?, 'body')",
        ((n, n, body, names[body - 1]) for n, body in enumerate(leads, 1)),
    )
    insert = (
        "INSERT INTO obligation_bodies (obligation_id, role, position, name, body_id, rule, confidence)"
        " VALUES (?, ?, 0, ?, ?, 'r', 1)"
    )
    run(insert, ((n, "lead", names[body - 1], body) for n, body in enumerate(leads, 1)))
    others = [(n, 1 + int(BODIES * chance.random() ** 3)) for n in range(1, count + 1) if n % 5 == 0]
    run(insert, ((n, "coordinating", names[body - 1], body) for n, body in others))
    run(
        "INSERT INTO involved (dispatch_id, obligation_id, body_id, role) VALUES (?, ?, ?, 'coordinating')",
        ((1 + (n - 1) // ON_A_LETTER, n, body) for n, body in others),
    )


def _deadlines(register: Register, count: int, chance: random.Random) -> None:
    days = (AS_OF - FIRST).days
    letters = count // ON_A_LETTER

    def limits() -> Iterator[tuple[object, ...]]:
        for n in range(1, count + 1):
            issued = FIRST + timedelta(days=int(days * (1 + (n - 1) // ON_A_LETTER) / letters))
            at = chance.random()
            for kind, boundary, share in LIMITS:
                at -= share
                if at < 0:
                    due = (
                        None
                        if kind == "recurring"
                        else (issued + timedelta(days=chance.randrange(10, 200))).isoformat()
                    )
                    rule = "FREQ=MONTHLY;INTERVAL=3" if kind == "recurring" else None
                    yield (n, "đến hạn", kind, due, boundary, rule)
                    break

    register.connection.executemany(
        "INSERT INTO deadlines (obligation_id, position, quote, kind, due, boundary, rrule, scope, rule, confidence,"
        " status, origin, created_at) VALUES (?, 0, ?, ?, ?, ?, ?, 'item', 'r', 1, 'current', 'reading', '2026-01-01')",
        limits(),
    )


def _events(register: Register, count: int, chance: random.Random) -> None:
    """Most of what is old is done; the hashes only look like a chain."""
    days = (AS_OF - FIRST).days
    letters = count // ON_A_LETTER

    def events() -> Iterator[tuple[object, ...]]:
        number = 0
        for n in range(1, count + 1):
            issued = FIRST + timedelta(days=int(days * (1 + (n - 1) // ON_A_LETTER) / letters))
            kinds = ("accepted",) if chance.random() < 0.6 else ("confirmed",) if chance.random() < 0.3 else ()
            for kind in kinds:
                day = issued + timedelta(days=chance.randrange(1, 150))
                if day <= AS_OF:
                    number += 1
                    hashed = hashlib.md5(f"{number}".encode()).hexdigest()
                    yield (number, n, 1, kind, day.isoformat(), hashed)

    register.connection.executemany(
        "INSERT INTO duty_events (id, duty_id, number, kind, day, why, made_at, made_by, previous, hash)"
        " VALUES (?, ?, ?, ?, ?, '', '2026-01-01', 'x', '', ?)",
        events(),
    )


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(SYLLABLES, k=count))


# ------------------------------------------------------------------------------------------------------ questions

_LATE = """SELECT t.duty_id, t.period, t.last_strict, t.body_id, o.quote, o.page, o.confidence, d.number, d.issued_on,
    d.issuer, d.type, l.quote, l.kind, l.due, b.name,
    (SELECT json_group_array(name) FROM obligation_bodies x WHERE x.obligation_id = o.id AND x.is_current) AS bodies
FROM duty_times t JOIN obligations o ON o.id = t.obligation_id JOIN dispatches d ON d.id = t.letter_id
LEFT JOIN deadlines l ON l.id = t.limit_strict LEFT JOIN bodies b ON b.id = t.body_id
WHERE t.is_newest AND t.from_day <= :day AND t.opens <= :day AND t.clock_strict = 'running' AND t.last_strict < :day
    AND NOT (t.may_lapse AND t.last_strict < :followed) ORDER BY t.last_strict, t.duty_id, t.period"""
_PAGE = _LATE.replace(
    "(SELECT json_group_array(name) FROM obligation_bodies x WHERE x.obligation_id = o.id AND x.is_current) AS bodies",
    """o.label, o.kind, o.modality, o.lead_stated, o.check_rule IS NOT '', t.state, t.reminders, t.version, t.since,
    (SELECT json_group_array(name) FROM obligation_bodies x
        WHERE x.obligation_id = o.id AND x.is_current AND x.role = 'lead') AS leads,
    (SELECT json_group_array(name) FROM obligation_bodies x
        WHERE x.obligation_id = o.id AND x.is_current AND x.role = 'coordinating') AS others,
    EXISTS (SELECT 1 FROM settled_fields f
        WHERE f.target = 'obligation' AND f.target_id = o.id AND f.field = '*') AS confirmed,
    (SELECT p.id FROM obligations p WHERE instr(o.label, '.') AND p.dispatch_id = o.dispatch_id AND p.status = 'current'
        AND instr(o.label, p.label || '.') = 1 ORDER BY length(p.label) DESC LIMIT 1) AS parent,
    (SELECT json_group_array(json_array(k.id, k.relation, k.evidence, k.confidence)) FROM link_obligations r
        JOIN links k ON k.id = r.link_id AND k.status = 'open' WHERE r.obligation_id = o.id) AS proposals""",
)
_LATE_ROWS = _LATE[_LATE.index("FROM duty_times") : _LATE.index("ORDER BY t.")]
_TOTAL = f"SELECT count(*) FROM (SELECT 1 {_LATE_ROWS} LIMIT 5001)"
_BESIDE = """WITH said AS (
    SELECT e.obligation_id AS id FROM search_folded f CROSS JOIN search_entries e ON e.id = f.rowid
    WHERE search_folded MATCH '"don" "doc"' AND e.obligation_id IS NOT NULL
    UNION SELECT o.id FROM search_folded f CROSS JOIN search_entries e ON e.id = f.rowid AND e.obligation_id IS NULL
    CROSS JOIN obligations o ON o.dispatch_id = e.dispatch_id
    WHERE search_folded MATCH '{number issuer subject} : ("don" "doc")'
), found AS MATERIALIZED (
    SELECT t.body_id, t.issuer_id, t.type, substr(t.issued_on, 1, 4) AS year, t.checkable, t.state,
        t.clock_strict AS clock, t.last_strict AS last
    FROM said CROSS JOIN duty_times t ON t.obligation_id = said.id
    WHERE t.is_newest AND t.from_day <= :day AND (t.opens <= :day OR t.due <= :day)
        AND NOT (t.clock_strict = 'running' AND t.may_lapse AND t.last_strict < :followed)
), counted AS (
    SELECT 'body' AS what, coalesce(b.canonical_id, b.name) AS value, count(*) AS n
    FROM found JOIN bodies b ON b.id = body_id GROUP BY value
    UNION ALL SELECT 'issuer', coalesce(b.canonical_id, b.name) AS value, count(*)
    FROM found JOIN bodies b ON b.id = issuer_id GROUP BY value
    UNION ALL SELECT 'type', type, count(*) FROM found GROUP BY type
    UNION ALL SELECT 'year', year, count(*) FROM found GROUP BY year
    UNION ALL SELECT 'checkable', iif(checkable, 'true', 'false'), count(*) FROM found GROUP BY checkable
    UNION ALL SELECT 'state', CASE WHEN clock = 'running' AND last < :day THEN 'overdue'
        WHEN state IN ('done', 'withdrawn', 'superseded') THEN 'closed'
        WHEN clock IN ('no_limit', 'no_day') THEN 'no_day' ELSE 'upcoming' END AS value, count(*)
    FROM found GROUP BY value
    UNION ALL SELECT 'window', CASE WHEN clock <> 'running' THEN 'no_day' WHEN last < :day THEN 'late'
        WHEN last <= date(:day, '7 days') THEN 'week' WHEN last <= date(:day, '30 days') THEN 'month'
        WHEN last <= date(:day, '90 days') THEN 'quarter' ELSE 'later' END AS value, count(*)
    FROM found WHERE clock = 'running' OR (clock IN ('no_limit', 'no_day')
        AND state NOT IN ('done', 'withdrawn', 'superseded')) GROUP BY value
)
SELECT what, value, n FROM (
    SELECT *, row_number() OVER (PARTITION BY what ORDER BY n DESC, value) AS place FROM counted
) WHERE place <= 50"""
_COUNTS = """SELECT b.name, count(*), sum(t.clock_strict = 'running' AND t.last_strict < :day
        AND NOT (t.may_lapse AND t.last_strict < :followed)), sum(t.clock_strict = 'on_time'),
    sum(t.clock_strict = 'done_late'), sum(t.clock_strict IN ('no_limit', 'no_day')), sum(t.state = 'suspended'),
    sum(t.clock_strict = 'running' AND t.last_strict >= :day)
FROM duty_times t LEFT JOIN bodies b ON b.id = t.body_id
WHERE t.is_newest AND t.from_day <= :day AND t.opens <= :day GROUP BY b.name"""
# What a page of hits shows, the words marked by FTS5; of a word that very many rows have the newest.
_FOUND = """SELECT {0}.rowid, e.obligation_id, d.id, d.number, d.issuer, d.type, d.issued_on, d.subject,
    snippet({0}, -1, '[', ']', '...', 20)
FROM {0} CROSS JOIN search_entries e ON e.id = {0}.rowid
CROSS JOIN dispatches own ON own.id = e.dispatch_id AND own.removed_at IS NULL
CROSS JOIN dispatches d ON d.id = coalesce(own.merged_into, own.id)
WHERE {0} MATCH ? AND rank MATCH 'bm25(10, 3, 5, 1)' AND (e.obligation_id IS NULL
    OR EXISTS (SELECT 1 FROM current_obligations o WHERE o.id = e.obligation_id))
ORDER BY rank LIMIT 50"""
_NEWEST = _FOUND.replace(" AND rank MATCH 'bm25(10, 3, 5, 1)'", "").replace("BY rank", "BY {0}.rowid DESC")
_MANY = "SELECT 1 FROM {0} WHERE {0} MATCH ? LIMIT 1 OFFSET 5000"
DAYS = {"day": AS_OF.isoformat(), "followed": AS_OF.replace(year=AS_OF.year - 1).isoformat()}


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is asked: by the program, and by bare SQL (None: only the program's time is shown)."""

    name: str
    ours: Callable[[Register], object]
    bare: Callable[[Register], object] | None = None
    times: int = 30
    most: int = 10**9  # obligations: of more the answer itself is too long to be of use


def questions() -> list[Question]:
    """What is asked of each register."""
    from pipeline.followup.browsing import browse, facets
    from pipeline.followup.quickly import scoreboard
    from pipeline.followup.settings import Settings
    from pipeline.followup.views import late

    settings = Settings()

    def page(**wanted: object) -> Callable[[Register], object]:
        return lambda register: browse(register, TaskFilter(**wanted), settings, as_of=AS_OF)  # type: ignore[arg-type]

    def beside(**wanted: object) -> Callable[[Register], object]:
        return lambda register: facets(register, TaskFilter(**wanted), settings, as_of=AS_OF)  # type: ignore[arg-type]

    def found(words: str, plain: str) -> Callable[[Register], object]:
        def ask(register: Register) -> object:
            run = register.connection.execute
            rows = run(_FOUND.format("search_exact"), (words,)).fetchall()
            if len(rows) < 50:
                known = {row[0] for row in rows}
                folded = run(_FOUND.format("search_folded"), (plain,))
                rows += [row for row in folded if row[0] not in known]
            return rows[:50]

        return ask

    def newest(words: str) -> Callable[[Register], object]:
        def ask(register: Register) -> object:
            is_common = register.connection.execute(_MANY.format("search_exact"), (words,)).fetchone()
            sql = _NEWEST if is_common else _FOUND
            return register.connection.execute(sql.format("search_exact"), (words,)).fetchall()

        return ask

    def sql(*statements: str) -> Callable[[Register], object]:
        return lambda register: [register.connection.execute(one, DAYS).fetchall() for one in statements]

    def late_page(register: Register) -> object:
        return browse(register, TaskFilter(window="late"), settings, as_of=AS_OF, limit=500)

    return [
        Question("search, exact", lambda r: search(r, "đôn đốc"), found('"đôn" "đốc"', '"don" "doc"')),
        Question("search, folded", lambda r: search(r, "don doc"), found('"don" "doc"', '"don" "doc"')),
        Question("search, a word of every row", lambda r: search(r, COMMON), newest('"báo" "cáo"')),
        Question("facets of a search", beside(text="don doc"), sql(_BESIDE)),
        Question("task list", page()),
        Question("task list, facets", beside()),
        Question("task list, what is late", page(window="late")),
        Question("task list, a body", page(body="số 900")),
        Question("task list, words", page(text="don doc")),
        Question("task list, a word of every row", page(text=COMMON)),
        Question("overdue list, a page of 500", late_page, sql(f"{_PAGE} LIMIT 501", _TOTAL), 10),
        Question("overdue list, whole", lambda r: late(r, TaskFilter(), settings, as_of=AS_OF), sql(_LATE), 3, 100_000),
        Question("scoreboard", lambda r: scoreboard(r, TaskFilter(), settings, as_of=AS_OF), sql(_COUNTS), 3),
    ]


def ask(register: Register, question: Question) -> tuple[list[float], list[float]]:
    """Milliseconds of the program and of the bare query, in turn; the first time of each is not counted."""
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(question.times + 1):
        ours.append(_timed(question.ours, register))
        if question.bare:
            bare.append(_timed(question.bare, register))
    return ours[1:], bare[1:]


def _timed(look: Callable[[Register], object], register: Register) -> float:
    start = time.process_time()
    look(register)
    return 1000 * (time.process_time() - start)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--folder", type=Path, default=ROOT / "outputs/bench-queries")
    parser.add_argument("--only", default="", help="questions whose name begins so")
    options = parser.parse_args(arguments)
    medians: dict[str, list[tuple[int, float]]] = {}
    print(f"{'obligations':>11}  {'question':32}  {'median':>8}  {'p95':>8}  {'bare':>8}  ratio")
    for size in options.sizes:
        path = options.folder / f"{size}.db"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            made = path.with_suffix(".new")
            made.unlink(missing_ok=True)
            build(made, size)
            made.rename(path)
        with open_register(path) as register:
            for question in (q for q in questions() if q.name.startswith(options.only) and size <= q.most):
                ours, bare = ask(register, question)
                medians.setdefault(question.name, []).append((size, median(ours)))
                line = f"{size:>11}  {question.name:32}  {median(ours):8.1f}  {_p95(ours):8.1f}"
                print(f"{line}  {median(bare):8.1f}  {median(ours) / median(bare):5.2f}" if bare else line, flush=True)
    print("growth with the size (slope of the logarithms)")
    for name, points in medians.items():
        if len(points) > 1:
            print(f"  {name:42}  {_slope(points):5.2f}")


def _p95(times: list[float]) -> float:
    return sorted(times)[max(0, math.ceil(0.95 * len(times)) - 1)]


def _slope(points: list[tuple[int, float]]) -> float:
    x, y = ([math.log(point[n]) for point in points] for n in (0, 1))
    middle_x, middle_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True)) / sum((a - middle_x) ** 2 for a in x)


if __name__ == "__main__":
    main()
