"""Every type that passes between the rooms: what a reader hands over and what an extractor finds.

Standard library only. One coordinate system: `Span` offsets count characters of `Document.text`, end exclusive.
`None` means "not printed"; an empty tuple means "none".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

T = TypeVar("T")

Medium = Literal["text", "scan"]
Kind = Literal["task", "target"]
Modality = Literal["ordered", "requested", "encouraged"]
DeadlineKind = Literal["date", "period", "relative", "recurring", "event"]
Boundary = Literal["before", "on_or_before"]
Unit = Literal["hour", "day", "working_day", "week", "month", "year"]
Anchor = Literal["issue", "receipt", "effect", "date", "event"]
Relation = Literal[
    "urges", "extends", "amends", "replaces", "corrects", "answers", "reports_on", "carries_out", "continues"
]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of `Document.text`, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page as it is displayed: points (1/72 inch), origin at the top left."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: a stretch of `Document.text` without its line break, and where it stands.

    `page` counts from 1; both are None where the file has no pages (DOCX, HTML, text). `column` tells the parts
    of a two-column strip (letterhead; Nơi nhận beside the signature) apart: 0 left, 1 right, None across the page.
    """

    start: int
    end: int
    page: int | None = None
    box: Box | None = None
    column: int | None = None
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a ruled table; `start == end` where it is empty. A merged cell stands in all that it covers."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table: rows of cells in reading order. Its words are lines of the document too."""

    start: int
    end: int
    rows: tuple[tuple[Cell, ...], ...]
    page: int | None = None


@dataclass(frozen=True, slots=True)
class ScannedWord:
    """Từ nhận dạng: a word recognised on the picture of a page: a stretch of `Document.text`, where it stands on the
    page that its line names, and how sure the recognition is of it (0 to 1)."""

    start: int
    end: int
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class Issue:
    """Something read but not understood, or doubtful: a row that a clerk can work off.

    `code` is stable and dotted ("number.blank"); `message` is for people; `span` is None where it concerns the file.
    """

    code: str
    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file as text: NFC, lines ended by "\\n", every line knowing its page and box.

    `words` are those of recognised pages only, in order; `medium` is "scan" where most of the text was recognised.
    """

    text: str
    lines: tuple[Line, ...]
    sha256: str
    tables: tuple[Table, ...] = ()
    pages: int = 0
    medium: Medium = "text"
    format: str = "txt"
    issues: tuple[Issue, ...] = ()
    words: tuple[ScannedWord, ...] = ()


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value, the place it was read from, the id of the rule that found it and how sure that is (0 to 1)."""

    value: T
    span: Span
    rule: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Recipient:
    """Nơi nhận: one entry of the distribution list; `purpose` is what its parenthesis says ("để b/c")."""

    name: str
    purpose: str | None
    span: Span
    rule: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Signer:
    """Người ký: the authority line ("KT. BỘ TRƯỞNG"), the signer's own title line and full name."""

    authority: Found[str] | None = None
    title: Found[str] | None = None
    name: Found[str] | None = None


@dataclass(frozen=True, slots=True)
class Offset:
    """So long after (or, negative, before) an anchor; None where no anchor is printed. A half day is 4.5."""

    amount: float
    unit: Unit
    anchor: Anchor | None


@dataclass(frozen=True, slots=True)
class Deadline:
    """Thời hạn: one time limit as printed. `due` is the last day allowed as stated (for "trước ngày D" it is D
    and `boundary` is "before"); ISO dates. `scope` says where it was stated: the item itself, or above it."""

    quote: str
    span: Span
    kind: DeadlineKind
    due: str | None
    start: str | None
    boundary: Boundary | None
    rrule: str | None
    offset: Offset | None
    rule: str
    confidence: float = 1.0
    scope: Literal["item", "heading", "chapeau", "row", "section"] = "item"


@dataclass(frozen=True, slots=True)
class Obligation:
    """Nhiệm vụ: something that the document tells, asks or urges somebody to do after it is issued.

    `lead_stated` is False where item, headings, chapeau and row name nobody and there are no addressees.
    `label` is the path of the item it stands in ("II.1.a"), empty for a plain paragraph.
    `check` says by what words it is seen that it was done (a day, a report, a paper, an amount); None where it only
    urges ("tăng cường, đẩy mạnh"). `confidence` says how likely quote, lead and limits are all right, and `traits` by
    what of its reading (`lexicon/trust.csv`).
    """

    quote: str
    span: Span
    kind: Kind
    modality: Modality
    lead: tuple[Found[str], ...]
    coordinating: tuple[Found[str], ...]
    deadlines: tuple[Deadline, ...]
    rule: str
    confidence: float = 1.0
    lead_stated: bool = True
    label: str = ""
    check: Found[str] | None = None
    traits: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """Cơ quan được nhắc đến: a registered body, how often a text speaks of it, and where first."""

    id: str
    name: str
    times: int
    span: Span


@dataclass(frozen=True, slots=True)
class Inferred:
    """Giá trị suy ra: what a field may be by words outside of where it is printed; a proposal, never the field's value.

    `field` is a single field of `Dispatch` ("issued_on", "signer_name"), `evidence` the words it was taken from (`span`
    is None where they stand outside of the text). `rule` is "inferred." and the source: "inferred.signature_time",
    "inferred.received_stamp". For `issued_on` the value is an upper bound, a day not after which it was issued, but for
    sources that name the day itself: "inferred.file_name", "inferred.citation".
    """

    field: str
    value: str
    evidence: str
    span: Span | None
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Cited:
    """Văn bản được dẫn: what a dispatch says of another document that it cites, and how it stands to it.

    `number` is spelt as in `Dispatch.citations`, `span` its first mention. `issued_on` (a full ISO day), `issuer`,
    `type` and `subject` are printed beside it; `points` is the item spoken of, outermost first ("II", "3", "b").
    `relation` is None where the document is merely cited; `words` is the clause that `rule` found it in.
    """

    number: str
    span: Span
    words: Span
    rule: str
    confidence: float
    relation: Relation | None = None
    issued_on: str | None = None
    issuer: str | None = None
    type: str | None = None
    subject: str | None = None
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Văn bản: all that one dispatch prints, field by field (`docs/output.md` gives the meaning of each).

    `subject_rest` is what survives of a subject whose beginning is torn off: no subject, but enough to know it by.
    """

    type: Found[str] | None = None
    number: Found[str] | None = None
    symbol: Found[str] | None = None
    issued_on: Found[str] | None = None
    place: Found[str] | None = None
    issuer: Found[str] | None = None
    subject: Found[str] | None = None
    addressees: tuple[Found[str], ...] = ()
    recipients: tuple[Recipient, ...] = ()
    signer: Signer = field(default_factory=Signer)
    urgency: Found[str] | None = None
    secrecy: Found[str] | None = None
    citations: tuple[Found[str], ...] = ()
    obligations: tuple[Obligation, ...] = ()
    issues: tuple[Issue, ...] = ()
    mentions: tuple[Mention, ...] = ()
    inferred: tuple[Inferred, ...] = ()
    cited: tuple[Cited, ...] = ()
    subject_rest: Found[str] | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not taken in: `code` "not_dispatch.<genre>" or "secrecy"; `rule` is the id of what decided."""

    code: str
    rule: str
    span: Span | None = None
