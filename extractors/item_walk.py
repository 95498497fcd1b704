"""Duyệt mục: the tree of items walked from the top, each item read in the light of the headings above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import regex

from extractors.answers import is_answer, is_private, is_spoken_to, tells_question
from extractors.clauses import pieces
from extractors.deadlines import find_limits
from extractors.drafts import Context, Draft, Scope, deadline, found_name, lead_on
from extractors.duties import Duty, Rules, duties, limit_key, limits_in
from extractors.frames import (
    Reading,
    bare_order,
    is_a,
    read_clause,
    read_frame,
    read_heading,
)
from extractors.headings import (
    asks_for_things,
    limits_of_order,
    lists_bodies,
    lists_things,
    remainder_at,
    section_role,
    sets_to_work,
    speaks_again,
    subject_after,
    without_remainder,
)
from extractors.item_labels import apart, apply_leads, is_label, label_values, labels_of_all, named_in
from extractors.listing import bodies
from extractors.meetings import is_to_attend
from extractors.model import Deadline, Issue
from extractors.outline import Item, is_title
from extractors.own_times import kept
from extractors.papers_due import is_due
from extractors.patterns import one_pattern, word
from extractors.predicates import opens_with_predicate, predicates
from extractors.text import Passage, join, matchable

_ALL_IN_BRACKETS = regex.compile(r"\(([^()]+)\)[\s.;/]*$")
_UNCLEAR_FROM = 40
_OPENING = 6  # paragraphs that may say what a letter answers
_FRAMES = frozenset({"frame"})
_NAMED = frozenset({"frame", "modal", "subject"})
_STAYS = frozenset({"past", "quiet", "procedure", "ask", "rights", "law"})  # subsections do not change these roles
_ALL = frozenset({"frame", "modal", "subject", "bare", "goal"})


class Walk:
    """One part of a dispatch (body or appendix) read from its items; `issues` fills while it is walked."""

    def __init__(
        self,
        type_name: str | None,
        issued_on: str | None,
        issuer: str | None,
        tree: Sequence[Item],
        addressees: Sequence[str] = (),
    ) -> None:
        self.directive = word("directive_type").match(type_name or "") is not None
        self.reports = word("report_type").match(type_name or "") is not None
        self.issued_on = issued_on
        self.issuer = matchable(issuer).lower() if issuer else None
        self.tree = tree
        self.addressees = addressees
        self.answers = type_name == "công văn" and is_answer(" ".join(_plain(item) for item in tree[:_OPENING]))
        self.issues: list[Issue] = []
        self.meeting: tuple[Deadline, ...] = ()

    def drafts(self) -> list[Draft]:
        """The duties in reading order."""
        first = next((n for n, item in enumerate(self.tree) if item.marker is not None), 0)
        opening = Context(operative=self.directive, preamble=True)
        here = self._last_chapeau(self.tree[:first], opening)
        below = self._row(self.tree[first:], here)
        last = self.tree[first - 1] if first else None
        if _only_papers(below) and last is not None and not last.children:
            below = [*self._alone(last, opening), *below]
        out = [*self._row(self.tree[:first], opening), *below]
        for d in out:
            if not d.deadlines and is_to_attend(matchable(d.words.text)):
                d.deadlines = tuple(replace(x, scope="section") for x in self.meeting)
        return out

    def _last_chapeau(self, row: Sequence[Item], context: Context) -> Context:
        """The context that the last announcing paragraph of a preamble sets for the items after it."""
        here = replace(context, preamble=False)
        for item in row:
            if item.passage.text.rstrip().endswith(":") and not item.children:
                here = replace(self._below(item, context), preamble=False)
        return here

    def _row(self, row: Sequence[Item], context: Context) -> list[Draft]:
        """Items of one level; a chapeau among them bears on those after it, a line of labels on those before it."""
        out: list[Draft] = []
        pending: list[Draft] = []
        here = context
        row = list(apart(row))
        for n, item in enumerate(row):
            if is_label(item):
                self._apply_labels(item, pending)
                continue
            if n and is_label(row[n - 1]):
                pending = []
            if (
                item.marker is None
                and item.passage.text.rstrip().endswith(":")
                and not item.children
                and (n + 1 < len(row) or here.preamble)
            ):
                out.extend(self._remainder(item, context))
                here = self._below(item, context)
                pending = []
                continue
            if here.role == "law" and item.marker is None and speaks_again(_plain(item)):
                here = context
            after = here.operative and bool(here.lead) and n > 0 and row[n - 1].marker is not None
            inner = here if here.after_items == after else replace(here, after_items=after)
            found = self._item(item, inner, last=n + 1 == len(row))
            if item.marker is None and n and row[n - 1].marker is None and not here.root:
                lead_on(out[-1:], found)
            labelled = any(is_label(c) for c in item.children)
            if labelled:
                for label in labels_of_all(item):
                    self._apply_labels(label, [*pending, *found])
                pending = []
            else:
                pending.extend(found)
            out.extend(found)
        return out

    def _item(self, item: Item, context: Context, last: bool) -> list[Draft]:
        children = [c for c in item.children if not is_label(c)]
        if not children:
            # what it announces is a table, which is read by itself, or not there
            only_announces = item.marker is not None and _plain(item).endswith(":") and is_a("announce", _plain(item))
            return [] if only_announces else self._unit(item.passage, item, context)
        if self._is_heading(item, children):
            inner = self._below(item, context)
            found = [*self._remainder(item, context), *self._row(item.children, inner)]
            return [*self._alone(item, context), *found] if _only_papers(found) else found
        plain = [c for c in children if c.marker is None and not c.children and not _stands_by_itself(c)]
        rest = [c for c in children if c not in plain]
        whole = join([item.passage, *(c.passage for c in plain)]) if plain else item.passage
        inner = replace(self._below(item, context), root=False)
        begun = next((n for n, c in enumerate(item.children) if rest and c is rest[0]), len(item.children))
        silent = [c for c in item.children[begun:] if is_label(c) or any(c is r for r in rest)]
        return [*self._unit(whole, item, context), *self._row(silent, inner)]

    def _alone(self, item: Item, context: Context) -> list[Draft]:
        """A chapeau that gives an order of its own, where no duty stands below it."""
        plain = _plain(item)
        if not plain.rstrip().endswith(":") or word("generic").search(plain):
            return []
        below = [_plain(c) for c in item.children]
        marked = item.marker is not None
        orders = read_frame(plain) is not None or (marked and asks_for_things(plain))
        if not orders and not ((marked or not context.root) and lists_bodies(below)):
            return []
        return self._unit(item.passage, item, context)

    def _unit(self, words: Passage, item: Item, context: Context) -> list[Draft]:
        words = _out_of_brackets(words)
        if (
            not words.text
            or is_title(words.text)
            or (context.role in {"general"} and read_frame(matchable(words.text)) is None)
        ):
            return []
        above = {found.value for found in context.lead}
        if item.marker is None and _stands_by_itself(item):
            context = replace(context, lead=(), coordinating=(), deadlines=())
        inherited = limit_key(context.deadlines)
        rules = Rules(
            self._accepted(item, context), context.role == "goals", self.issued_on, inherited, bool(context.lead)
        )
        read = duties(words, rules)
        if self.answers:
            read = [d for d in read if self._speaks_itself(d, context)]
        found = [self._draft(d, item, context) for d in read if not self._by_issuer(d, item, context)]
        for draft in found:
            # what stands below a heading that names the same body is that heading's own, not an order for all
            draft.closing &= above.isdisjoint(lead.value for lead in draft.lead)
        if not read and rules.accepted == _ALL:
            self._signal(words, item)
        return found

    def _signal(self, words: Passage, item: Item) -> None:
        """An item among duties in which something is to be done, or done by some day, but which was not understood: for
        a person to see."""
        plain = matchable(words.text)
        if item.marker is None or len(plain) < _UNCLEAR_FROM or is_a("contact", plain) or is_a("notify", plain):
            return
        acts = any(p.role in {"verb", "modal"} and plain[p.start].islower() for p in predicates(plain))
        if acts or find_limits(words.text, self.issued_on):
            self.issues.append(
                Issue("obligation.unclear", "an item that may hold a duty was not understood", words.span())
            )

    def _accepted(self, item: Item, context: Context) -> frozenset[str]:
        if context.role == "law":
            return _FRAMES if item.marker is None and speaks_again(_plain(item)) else frozenset()
        if context.role == "rights":
            return frozenset()
        if context.role == "ask":
            return _ALL
        if self.reports or context.role in {"quiet", "past", "general"}:
            return _FRAMES
        if context.role == "procedure":
            return _NAMED if self.directive else _FRAMES
        if item.marker is None and context.root and is_a("ground", _plain(item)):
            return _FRAMES
        if item.marker is None and context.root and context.preamble:
            return _FRAMES
        if item.marker is None and context.after_items and opens_with_predicate(_plain(item)) is not None:
            return _ALL
        if item.marker is None and context.root:
            return _FRAMES | {"modal"} | ({"subject"} if self.directive else frozenset())
        if context.operative or context.role in {"work", "goals"}:
            return _ALL
        return _FRAMES

    def _speaks_itself(self, duty: Duty, context: Context) -> bool:
        """Whether a letter that answers a question orders or asks for a duty itself, rather than telling the law."""
        names = [p.text for p in duty.lead or ()]
        spoken_to = all(is_spoken_to(name, self.addressees) for name in names)
        if tells_question(duty.words.text):
            return False
        if duty.reading.strength == "frame":
            return spoken_to or not any(map(is_private, names))
        if names:
            return spoken_to and not any(map(is_private, names))
        return context.modality is not None and bool(context.lead)

    def _by_issuer(self, duty: Duty, item: Item, context: Context) -> bool:
        """What the issuer tells of its own doing ("Sở tổ chức cuộc họp") is a duty only where it stands as one; what a
        decision does by itself ("Phê duyệt ...") is none."""
        in_article = context.article or (item.marker is not None and item.marker.kind == "article")
        if in_article and duty.reading.strength == "bare" and not context.lead and not duty.limits:
            return word("performs").match(matchable(duty.words.text)) is not None
        if duty.lead is None or self.issuer is None or duty.reading.strength == "frame":
            return False
        if not context.root:
            return False
        return all(self._is_issuer(matchable(p.text)) for p in duty.lead) and " sẽ " not in f" {duty.words.text} "

    def _draft(self, duty: Duty, item: Item, context: Context) -> Draft:
        own = tuple(deadline(words, limit, "item") for words, limit in duty.limits)
        lead = tuple(found_name(p, "lead.item") for p in duty.lead or ())
        return Draft(
            words=duty.words,
            kind=duty.kind,
            modality=duty.reading.modality or context.modality,
            lead=lead or context.lead,
            coordinating=tuple(found_name(p, "coordinating.item") for p in duty.coordinating) or context.coordinating,
            deadlines=own or kept(context.deadlines, duty.words.text, self.issued_on),
            rule=duty.reading.rule,
            confidence=duty.confidence,
            label=item.label,
            closing=item.marker is None and duty.reading.strength == "frame",
            own_lead=bool(lead),
            own_limit=bool(own),
        )

    def _is_heading(self, item: Item, children: Sequence[Item]) -> bool:
        text = _plain(item).rstrip()
        if not text or text.endswith(":") or item.bold or is_title(text):
            return True
        if is_due(text):
            return False
        if len(text) < 150 and any(c.marker is not None for c in children) and ". " not in text:
            return read_frame(text) is None
        if (
            item.marker is not None
            and item.marker.kind in {"part", "chapter", "section", "roman", "capital"}
            and len(text) < 200
        ):
            return True
        if text.endswith((".", ";")) and (len(text) > 60 or read_clause(text).strength != "none"):
            return False
        return len(text) < 160 or any(c.marker is not None for c in children)

    def _below(self, item: Item, context: Context) -> Context:
        """The context of what stands below a heading or chapeau."""
        plain = _plain(item).strip()
        named = None if is_a("told", plain) else self._named(without_remainder(plain))
        bare = bare_order(plain)
        titled = "" if bare else section_role(plain)
        role = context.role if context.role in _STAYS and titled != "ask" else titled or context.role
        if plain.endswith(":") and role in {context.role, "work"} and lists_things(plain, named):
            role = "quiet"
        if not self.directive and named is None and not bare and read_frame(plain) is None:
            role = "law" if is_a("quoted", plain) else "past" if is_a("assigned", plain) else role
        scope: Scope = "chapeau" if item.marker is None else "heading"
        return Context(
            lead=tuple(found_name(item.passage.cut(a, b), f"lead.{scope}") for a, b in named.lead)
            if named and named.lead
            else context.lead,
            coordinating=() if named and named.lead else context.coordinating,
            deadlines=self._limits_of_heading(item, plain, scope) or kept(context.deadlines, plain, self.issued_on),
            modality=(named.modality if named else None)
            or bare
            or ("requested" if role == "ask" else context.modality),
            role=role,
            operative=context.operative or bare is not None or role in {"work", "goals"} or sets_to_work(plain, named),
            root=context.root and item.marker is None,
            article=context.article or (item.marker is not None and item.marker.kind == "article"),
        )

    def _limits_of_heading(self, item: Item, plain: str, scope: Scope) -> tuple[Deadline, ...]:
        """Limits in a heading or chapeau; a bare year or month counts only where the heading speaks of duties, or
        says nothing else ("2. Quý II năm 2025")."""
        prose = plain.endswith(":") and len(plain) > 120
        limits = limits_in(item.passage.text, self.issued_on, "clause" if prose else "heading")
        limits = limits_of_order(plain, limits) if plain.endswith(":") else limits
        of_duties = not prose and one_pattern("section_titles", "dated").search(plain) is not None
        return tuple(
            deadline(item.passage.cut(x.start, x.end), x, scope)
            for x in limits
            if of_duties or not word("bare_period").match(x.quote) or x.quote == item.passage.text.strip(" .:;")
        )

    def _named(self, plain: str) -> Reading | None:
        """Whom a heading or chapeau names; where the issuer speaks of itself, whom it speaks to."""
        named = read_heading(plain)
        if named is None or named.strength == "frame" or not named.lead:
            return named
        if is_a("ground", plain):
            return None
        if not all(self._is_issuer(plain[a:b]) for a, b in named.lead):
            return named
        spoken_to = subject_after(plain, named.lead[-1][1])
        return replace(named, lead=bodies(plain, *spoken_to)) if spoken_to else replace(named, lead=None)

    def _is_issuer(self, name: str) -> bool:
        name = name.lower()
        return self.issuer is not None and (name == self.issuer or self.issuer.startswith(name + " "))

    def _remainder(self, item: Item, context: Context) -> list[Draft]:
        """An order that stands by itself before it introduces items ("...; trong đó, tập trung:")."""
        plain = _plain(item)
        if word("attends").search(plain) and read_frame(plain) is not None:
            return self._unit(item.passage, item, context)
        end = remainder_at(plain)
        return [] if end is None else self._unit(item.passage.cut(0, end), item, context)

    def _apply_labels(self, item: Item, drafts: Sequence[Draft]) -> None:
        """A line "Cơ quan thực hiện: ..." or "Thời gian: ..." speaks for the silent items before it."""
        said: dict[str, list[Passage]] = {}
        for role, words in label_values(item):
            said.setdefault(role, []).append(words)
        if "time" in said:
            self._apply_time(said["time"][0], drafts)
        if "lead" in said:
            apply_leads(said["lead"], drafts)
        if "coordinating" in said:
            helpers = named_in(said["coordinating"], "coordinating.row")
            for d in drafts:
                d.coordinating = d.coordinating or helpers

    def _apply_time(self, value: Passage, drafts: Sequence[Draft]) -> None:
        limits = find_limits(value.text, self.issued_on, "label")
        found = tuple(deadline(value.cut(x.start, x.end), x, "row") for x in limits)
        if not drafts:
            self.meeting = self.meeting or tuple(d for d in found if d.kind == "date")
        for d in drafts:
            if found and not d.own_limit:
                d.deadlines, d.own_limit = found, True


@lru_cache(maxsize=1024)
def _plain_text(text: str) -> str:
    return matchable(text)


def _plain(item: Item) -> str:
    """The words of an item in matchable spelling."""
    return _plain_text(item.passage.text)


def _only_papers(found: Sequence[Draft]) -> bool:
    """Whether items say no more than where and when to send what the announcement above them asks for."""
    return all(d.rule == "due.sent" for d in found)


def _out_of_brackets(words: Passage) -> Passage:
    """A paragraph of which all stands in brackets without these."""
    m = _ALL_IN_BRACKETS.match(words.text)
    return words.cut(*m.span(1)) if m else words


def _stands_by_itself(item: Item) -> bool:
    """Whether a paragraph after an item is a duty or closing of its own rather than more of the item."""
    plain = _plain(item)
    return is_a("close", plain) or any(read_frame(plain[p.start : p.end]) is not None for p in pieces(plain))
