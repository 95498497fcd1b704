"""Which finding of a new reading is which finding of an earlier one: what hangs on a finding must not be lost.

Pure: strings in, pairs out. A pair is exact (the same words in the same order), else the most similar one, one to
one; the order in the document decides between equals.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

THRESHOLD = 0.6  # share of words in common (Dice) from which two quotes can be the same item, reworded or re-read
_RARE = 40  # a word in more items than this leads to no candidates: it keeps the search linear in long plans


def match(old: Sequence[str], new: Sequence[str], threshold: float = THRESHOLD) -> dict[int, int]:
    """Indices of `new` -> indices of `old`, for word keys as of `keys.words_key`, both in document order.

    >>> match(["gui bao cao", "cu can bo"], ["cu can bo", "gui bao cao thang", "hop"])
    {0: 1, 1: 0}
    """
    pairs = _exact(old, new)
    taken = set(pairs.values())
    rest_old = [i for i in range(len(old)) if i not in taken]
    rest_new = [i for i in range(len(new)) if i not in pairs]
    for _score, i, j in sorted(_similar(old, new, rest_old, rest_new, threshold), key=_best_first):
        if i not in taken and j not in pairs:
            pairs[j] = i
            taken.add(i)
    return dict(sorted(pairs.items()))


def _best_first(candidate: tuple[float, int, int]) -> tuple[float, int, int, int]:
    score, i, j = candidate
    return (-score, abs(i - j), i, j)


def _exact(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    places: dict[str, list[int]] = defaultdict(list)
    for i, key in enumerate(old):
        places[key].append(i)
    pairs: dict[int, int] = {}
    used: Counter[str] = Counter()
    for j, key in enumerate(new):
        if used[key] < len(places.get(key, ())):
            pairs[j] = places[key][used[key]]
            used[key] += 1
    return pairs


def _similar(
    old: Sequence[str], new: Sequence[str], rest_old: Sequence[int], rest_new: Sequence[int], threshold: float
) -> Iterator[tuple[float, int, int]]:
    if not rest_old or not rest_new:
        return
    bags = {i: Counter(old[i].split()) for i in rest_old}
    sizes = {i: sum(bag.values()) for i, bag in bags.items()}
    holders: dict[str, list[int]] = defaultdict(list)
    for i, bag in bags.items():
        for word in bag:
            holders[word].append(i)
    for j in rest_new:
        bag = Counter(new[j].split())
        size = sum(bag.values())
        for i in _candidates(bag, holders, rest_old):
            common = (bag & bags[i]).total()
            score = 2 * common / (size + sizes[i]) if common else 0.0
            if score >= threshold:
                yield score, i, j


def _candidates(bag: Counter[str], holders: dict[str, list[int]], rest_old: Sequence[int]) -> Sequence[int] | set[int]:
    """Old items that share a rare word; all of them where they are few."""
    if len(rest_old) <= _RARE:
        return rest_old
    return {i for word in bag if len(holders.get(word, ())) <= _RARE for i in holders.get(word, ())}
