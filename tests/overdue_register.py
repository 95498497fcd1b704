"""A register in which everything is late, made up: as large as is asked for."""

from datetime import date, timedelta

from pipeline.followup.settings import Settings
from pipeline.followup.upkeep import up_to_date
from pipeline.register import open_register

AS_OF = date(2026, 11, 22)
ON_A_LETTER = 5
BODIES = 300
RECURS = 40  # one duty of so many is owed each quarter
WORDS = (
    "Rà soát, lập danh mục hồ sơ tuyến đường cây xanh, nguồn nước, trường lớp, vườn ươm, bến đò, chợ quê, mái ngói,"
    " cầu gỗ, kho lúa, giếng làng; báo cáo kết quả trước khi họp giao ban"
)


def build(path, count):
    """A register of so many duties, each of which is late; letters have numbers of arrival and files."""
    with open_register(path, "create") as register:
        register.connection.execute("PRAGMA synchronous = OFF")
        with register.transaction() as connection:
            _letters(connection, (count + ON_A_LETTER - 1) // ON_A_LETTER)
            _duties(connection, count)
        with up_to_date(register, Settings(), AS_OF) as is_ready:
            assert is_ready


def _letters(connection, count):
    def day(n):
        return (date(2026, 1, 5) + timedelta(days=n % 40)).isoformat()

    run, letters = connection.executemany, range(1, count + 1)
    names = [(n, f"Sở Thứ {n} ngàn", f"so thu {n} ngan") for n in range(1, BODIES + 1)]
    run("INSERT INTO bodies (id, name, name_key) VALUES (?, ?, ?)", names)
    run(
        "INSERT INTO files (id, sha256, status, version, read_at) VALUES (?1, ?2, 'read', '1', 'x')",
        [(n, f"{n:064x}") for n in letters],
    )
    run(
        "INSERT INTO file_paths (file_id, path, first_seen_at, last_seen_at) VALUES (?, ?, 'x', 'x')",
        [(n, f"/kho/van-ban/2026/{n % 12:02d}/cong-van-{n}.pdf") for n in letters],
    )
    run(
        "INSERT INTO dispatches (id, file_id, type, number, symbol, issued_on, issuer, issuer_id, subject,"
        " signer_title, signer_name, entered_at, read_at, version)"
        " VALUES (?1, ?1, 'công văn', ?2, 'CV-X', ?3, ?4, ?5, ?6, 'GIÁM ĐỐC', 'Lê Thị Thử', 'x', 'x', '1')",
        [(n, f"{n}/CV-X", day(n), names[n % BODIES][1], 1 + n % BODIES, f"về việc {n} {WORDS[:60]}") for n in letters],
    )
    run(
        "INSERT INTO arrivals (dispatch_id, day, year, number, made_at, made_by, why)"
        " VALUES (?1, '2026-03-02', 2026, ?1, 'x', 'x', '')",
        [(n,) for n in letters],
    )


def _duties(connection, count):
    run, numbers = connection.executemany, range(1, count + 1)
    run(
        "INSERT INTO obligations (id, dispatch_id, position, label, quote, kind, modality, lead_stated, check_rule,"
        " rule, confidence, status, origin, created_at) VALUES (?1, ?2, ?1, '', ?3, 'task', 'ordered', 1, ?4, 'r', 1,"
        " 'current', 'reading', 'x')",
        [(n, 1 + (n - 1) // ON_A_LETTER, f"{WORDS} lần {n}", "r" if n % 7 else "") for n in numbers],
    )
    bodies = {n: None if n % 50 == 0 else 1 + n * n % BODIES for n in numbers}
    run(
        "INSERT INTO duties (id, obligation_id, body_id, printed, sort) VALUES (?1, ?1, ?2, ?3, ?4)",
        [(n, body, f"Sở Thứ {body} ngàn", "body" if body else "nobody") for n, body in bodies.items()],
    )
    run(
        "INSERT INTO obligation_bodies (obligation_id, role, position, name, body_id, rule, confidence)"
        " VALUES (?1, 'coordinating', 0, ?2, ?3, 'r', 1)",
        [(n, f"Sở Thứ {1 + n % BODIES} ngàn", 1 + n % BODIES) for n in numbers if n % 5 == 0],
    )
    run(
        "INSERT INTO deadlines (obligation_id, position, quote, kind, due, boundary, rrule, scope, rule, confidence,"
        " status, origin, created_at)"
        " VALUES (?, 0, ?, ?, ?, 'before', ?, 'item', 'r', 1, 'current', 'reading', 'x')",
        [_limit(n) for n in numbers],
    )


def _limit(n):
    if n % RECURS == 0:
        return n, "định kỳ hằng quý", "recurring", None, "FREQ=MONTHLY;INTERVAL=3"
    day = date(2026, 4, 1) + timedelta(days=n % 200)
    kind = "period" if n % 11 == 0 else "date"
    return n, f"trước ngày {day:%d/%m/%Y}", kind, day.isoformat(), None
