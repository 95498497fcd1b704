"""Biểu đồ: what is late, what is coming and how deadlines were kept, as pictures for reports, files and pages.

Each picture says in words what it shows (`Chart.told`), for those who do not see it. SVG keeps its text as text; the
same register gives the same bytes.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from html import escape
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any

from extractors.calendar import add_months
from pipeline.export.forms import printed
from pipeline.export.sheet import Picture
from pipeline.followup.holders import Holder
from pipeline.followup.owed import Owed, owed
from pipeline.followup.picking import is_due_by
from pipeline.followup.scoreboard import Counts, score
from pipeline.followup.settings import Settings
from pipeline.output import day as shown_day
from pipeline.output import listed, shortened
from pipeline.register import Register, TaskFilter

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_BODIES = 15
WEEKS = 12
MONTHS = 12
_WIDTH = 6.4  # inches: the type of an A4 page
_FEWEST = 3
_PRINTED = 150  # dots an inch, in tables and papers
_FONTS = ("Times New Roman", "Liberation Serif", "Tinos", "DejaVu Serif")
_TRIED = "\u1ebf"  # a letter that fonts without Vietnamese lack
_SHOWN_WITH = "'Times New Roman', 'Liberation Serif', Tinos, serif"
# Told apart by people of every colour vision, and dark enough on white (palette of Okabe and Ito).
_LATE, _COMING, _KEPT, _QUIET = "#b04600", "#0072b2", "#007a5a", "#595959"
_NAME_WIDTH, _NAME_LINES = 34, 2
_LINE = 0.4  # of the height of a row
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_ID = re.compile(r'(?<=\bid=")(?=[\w:.-]+")|(?<=url\(#)|(?<=href="#)')
# the settings of matplotlib are those of the whole process
_drawing = Lock()


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture: the stem of its file, its title and the line under it, what it says in words, how it is drawn and how
    high (inches). `marks` is how many bars it has; 0: it only says so."""

    name: str
    title: str
    below: str
    told: str
    draw: Callable[[Axes], None]
    height: float
    marks: int = 0

    def svg(self) -> bytes:
        """As SVG with title and description; the ids in it are its own, so that several stand on one page."""
        written = self._written("svg", {"Date": None, "Creator": None, "Title": self.title}).decode()
        head, _, body = written[written.index("<svg") :].partition(">")
        title, _, rest = body.partition("</title>")
        title = title.replace("<title>", f'<title id="{self.name}-title">')
        told = f'<desc id="{self.name}-told">{escape(self.told)}</desc>'
        marked = f'{head} role="img" aria-labelledby="{self.name}-title {self.name}-told">{title}</title>{told}'
        family = re.escape(_family())
        rest = re.sub(rf"'{family}'|(?<=px ){family}(?=[;\"])", _SHOWN_WITH, _ID.sub(f"{self.name}-", rest))
        return f'<?xml version="1.0" encoding="utf-8"?>\n{marked}{rest}'.encode()

    def png(self, dpi: int = 200) -> bytes:
        """As PNG; some 17 cm wide."""
        return self._written("png", {"Software": None}, dpi=dpi)

    def _written(self, form: str, metadata: dict[str, Any], **more: Any) -> bytes:
        import matplotlib
        from matplotlib.figure import Figure

        out = BytesIO()
        with _drawing, matplotlib.rc_context(_style(self.name)):
            figure = Figure(figsize=(_WIDTH, self.height), layout="constrained")
            axes = figure.add_subplot()
            # each line of words is a text of its own: one in several lines is only where it belongs in one font
            figure.suptitle(self.title, fontsize=12, fontweight="bold")
            axes.set_title(self.below, fontsize=9, loc="right")
            self.draw(axes)
            _save(figure, out, form, metadata, more)
        return out.getvalue()


def charts(register: Register, wanted: TaskFilter, settings: Settings, *, as_of: date) -> tuple[Chart, ...]:
    """All charts of what is owed on a day."""
    ahead = _monday(as_of) + WEEKS * _WEEK  # a day more than drawn: "before D" has its last day on the day before
    return charts_of(owed(register, wanted, settings, as_of=as_of, ahead=ahead), as_of)


def charts_of(found: Sequence[Owed], as_of: date, most: int = MOST_BODIES) -> tuple[Chart, ...]:
    """The same for duties that were looked up, occurrences of the coming weeks among them."""
    return overdue_by_body(found, as_of, most), due_by_week(found, as_of), on_time_by_month(found, as_of)


def pictures(made: Iterable[Chart], width: float) -> list[Picture]:
    """Charts for a table or paper, so wide in millimetres; those of few bars say no more than the figures do and are
    left out."""
    return [
        Picture(one.told, partial(one.png, _PRINTED), (width, width * one.height / _WIDTH))
        for one in made
        if one.marks >= _FEWEST
    ]


def overdue_by_body(found: Sequence[Owed], as_of: date, most: int = MOST_BODIES) -> Chart:
    """How many duties each body is late with, most first; how many bodies and duties are not drawn is written below."""
    return overdue_chart(score(found)[0], as_of, most)


def overdue_chart(bodies: Iterable[tuple[Holder, Counts]], as_of: date, most: int = MOST_BODIES) -> Chart:
    """The same of bodies that are counted, most overdue first."""
    late = [(holder.name, counts.overdue) for holder, counts in bodies if counts.overdue]
    drawn, rest = late[:most], late[most:]
    title, below = printed("charts.overdue_title"), _as_of(as_of)
    if not late:
        return _empty("overdue-by-body", title, below, printed("charts.overdue_none"))
    names = [_plain(listed(name)) or printed("charts.nobody") for name, _ in drawn]
    counts = [count for _, count in drawn]
    others = sum(count for _, count in rest)
    note = printed("charts.overdue_rest", bodies=len(rest), count=others) if rest else ""
    items = [printed("charts.item", name=name, count=count) for name, count in zip(names, counts, strict=True)]
    total = sum(counts) + others
    told = printed("charts.overdue_told", total=total, bodies=len(late), most="; ".join(items[:5]))
    lines = [_wrapped(name) for name in names]
    height = 1.5 + 0.32 * len(lines) + (0.1 * len(lines) if max(map(len, lines)) > 1 else 0)

    def draw(axes: Axes) -> None:
        _draw_bodies(axes, lines, counts, note)

    return Chart("overdue-by-body", title, below, told, draw, height, len(lines))


def due_by_week(found: Sequence[Owed], as_of: date, weeks: int = WEEKS) -> Chart:
    """How many duties that are still to be done have their last day in each of the coming weeks, this one from `as_of`
    on."""
    start = _monday(as_of)
    tally: Counter[date] = Counter()
    for one in found:
        if one.last_day and is_due_by(one, as_of, start + weeks * _WEEK - _DAY):
            tally[_monday(one.last_day)] += 1
    title, below = printed("charts.weeks_title", weeks=weeks), _as_of(as_of)
    if not tally:
        return _empty("due-by-week", title, below, printed("charts.weeks_none", weeks=weeks))
    mondays = [start + n * _WEEK for n in range(weeks)]
    counts = [tally[monday] for monday in mondays]
    items = [printed("charts.week_item", day=_day(monday), count=count) for monday, count in tally.most_common(3)]
    told = printed("charts.weeks_told", total=sum(counts), weeks=weeks, most="; ".join(items))
    labels = [f"{max(monday, as_of):%d/%m}" for monday in mondays]
    return Chart("due-by-week", title, below, told, lambda axes: _draw_weeks(axes, labels, counts), 3.2, len(tally))


def on_time_by_month(found: Sequence[Owed], as_of: date) -> Chart:
    """Tỷ lệ đúng hạn: of the duties with their last day in a month, how many were done on time among those that were
    done or are overdue (the denominator of `scoreboard`); months in which nothing fell due are left open."""
    by_month: dict[date, Counts] = {}
    for one in found:
        if one.last_day:
            by_month.setdefault(one.last_day.replace(day=1), Counts()).add(one)
    return on_time_chart(by_month, as_of)


def on_time_chart(counted: Mapping[date, Counts], as_of: date, months: int = MONTHS) -> Chart:
    """The same of duties that are counted by the first of the month."""
    firsts = [add_months(as_of.replace(day=1), n - months + 1) for n in range(months)]
    by_month = {first: counted.get(first) or Counts() for first in firsts}
    kept = [(f"{first:%m/%Y}", by_month[first].done_on_time, by_month[first].due) for first in firsts]
    title, below = printed("charts.months_title"), _as_of(as_of)
    if not any(due for _, _, due in kept):
        return _empty("on-time-by-month", title, below, printed("charts.months_none", months=months))
    items = [printed("charts.month_item", month=month, share=_share(done, due)) for month, done, due in kept if due]
    told = printed("charts.months_told", all="; ".join(items))
    marks = len(items) if any(done for _, done, _ in kept) else 0
    return Chart("on-time-by-month", title, below, told, lambda axes: _draw_months(axes, kept), 3.3, marks)


def _empty(name: str, title: str, below: str, words: str) -> Chart:
    """A chart of nothing: it says so."""

    def draw(axes: Axes) -> None:
        axes.set_axis_off()
        axes.text(0.5, 0.5, words, ha="center", va="center", transform=axes.transAxes)

    return Chart(name, title, below, words, draw, 1.4)


# ------------------------------------------------------------------ drawing


def _draw_bodies(axes: Axes, names: Sequence[Sequence[str]], counts: Sequence[int], note: str) -> None:
    places = range(len(names))
    bars = axes.barh(places, counts, color=_LATE, height=0.62)
    axes.bar_label(bars, padding=3)
    axes.set_yticks(places, [""] * len(names))
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0, max(counts) * 1.1)
    for place, lines in zip(places, names, strict=True):
        for n, line in enumerate(lines):
            at = place + _LINE * (n - (len(lines) - 1) / 2)
            axes.text(-0.01, at, line, ha="right", va="center", transform=axes.get_yaxis_transform())
    _whole_numbers(axes.xaxis)
    axes.set_xlabel(printed("charts.overdue_axis"))
    if note:
        axes.annotate(note, (1, 0), (0, -42), "axes fraction", "offset points", ha="right", va="top", fontsize=9)
    _tidy(axes, "x")


def _draw_weeks(axes: Axes, labels: Sequence[str], counts: Sequence[int]) -> None:
    bars = axes.bar(range(len(labels)), counts, color=_COMING, width=0.7)
    axes.bar_label(bars, labels=[str(count) if count else "" for count in counts], padding=2)
    axes.set_xticks(range(len(labels)), labels)
    axes.set_ylim(0, max(counts) * 1.14)
    _whole_numbers(axes.yaxis)
    axes.set_xlabel(printed("charts.weeks_axis"))
    axes.set_ylabel(printed("charts.weeks_count"))
    _tidy(axes, "y")


def _draw_months(axes: Axes, kept: Sequence[tuple[str, int, int]]) -> None:
    shares = [100 * done / due if due else 0.0 for _, done, due in kept]
    bars = axes.bar(range(len(kept)), shares, color=_KEPT, width=0.7)
    told = [f"{_share(done, due)}%" if due else "" for _, done, due in kept]
    axes.bar_label(bars, labels=told, padding=2)
    axes.set_xticks(range(len(kept)), [month[:2] for month, _, _ in kept])
    for n, (_, done, due) in enumerate(kept):
        words = f"{done}/{due}" if due else "–"
        axes.annotate(words, (n, 0), (0, -18), "data", "offset points", ha="center", va="top", fontsize=8.5)
    axes.set_ylim(0, 112)
    axes.set_yticks(range(0, 101, 25), [f"{share}%" for share in range(0, 101, 25)])
    axes.set_xlabel(printed("charts.months_axis", first=kept[0][0], last=kept[-1][0]), labelpad=16)
    below = printed("charts.months_below")
    axes.annotate(below, (1, 0), (0, -54), "axes fraction", "offset points", ha="right", va="top", fontsize=9)
    _tidy(axes, "y")


def _tidy(axes: Axes, grid: str) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis=grid, color="#d9d9d9", linewidth=0.6)  # type: ignore[arg-type]
    axes.set_axisbelow(True)


def _whole_numbers(axis: Any) -> None:
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(integer=True, nbins=6))


def _save(figure: Figure, out: BytesIO, form: str, metadata: dict[str, Any], more: dict[str, Any]) -> None:
    figure.savefig(out, format=form, metadata=metadata, facecolor="white", **more)


def _style(name: str) -> Any:
    """Settings for one picture: nothing of the user's own, and ids that are always the same."""
    import matplotlib

    own = {"svg.fonttype": "none", "svg.hashsalt": name, "font.family": [_family()], "font.size": 10}
    own["text.parse_math"] = False  # "$" in a name is a sign like any other
    more = {"axes.edgecolor": _QUIET, "xtick.color": _QUIET, "ytick.color": _QUIET, "xtick.labelcolor": "black"}
    defaults: Any = matplotlib.rcParamsDefault
    return {**defaults, **own, **more, "ytick.labelcolor": "black", "backend": "agg"}


@cache
def _family() -> str:
    """The first of the fonts like Times that this machine has with the letters of Vietnamese."""
    from matplotlib.font_manager import fontManager, get_font

    there = {font.name: font.fname for font in fontManager.ttflist if font.style == "normal" and font.weight != 700}
    whole = (name for name in _FONTS if name in there and ord(_TRIED) in get_font(there[name]).get_charmap())
    return next(whole)  # the last one comes with the library


# ------------------------------------------------------------------ words


def _wrapped(name: str) -> list[str]:
    """A body's name on at most two lines."""
    name = shortened(name, _NAME_WIDTH * _NAME_LINES - 8)
    even = textwrap.wrap(name, max(_NAME_WIDTH // 2, len(name) // _NAME_LINES + 4))
    return even if 1 < len(even) <= _NAME_LINES < len(name) - _NAME_WIDTH else textwrap.wrap(name, _NAME_WIDTH)


def _plain(name: str) -> str:
    """Without what no picture may hold: signs that are not seen."""
    return "".join(c for c in name if c.isprintable())


def _as_of(day: date) -> str:
    return printed("charts.as_of", day=_day(day))


def _share(done: int, due: int) -> int:
    """A share in whole percent; only all is 100, only nothing 0.

    >>> _share(999, 1000), _share(1, 1000), _share(2, 3)
    (99, 1, 67)
    """
    share = round(100 * done / due)
    return 99 if share == 100 and done < due else 1 if share == 0 and done else share


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _day(day: date) -> str:
    return shown_day(day.isoformat())
