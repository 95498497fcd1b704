"""Functions of PDFium's that are asked for every word or object of a page, without what their wrappers cost."""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from typing import Any

import pypdfium2.raw as c

Address = ctypes.c_void_p


def _quick(function: Any, result: Any) -> Callable[..., int]:
    """A function that takes addresses and ints as they are, and does not let go of Python's lock meanwhile: it answers
    three times as fast. What is handed to it is not checked."""
    quick: Any = ctypes.PYFUNCTYPE(result)(ctypes.cast(function, Address).value or 0)
    quick.argtypes = None
    return quick  # type: ignore[no-any-return]


_loose_box = _quick(c.FPDFText_GetLooseCharBox, None)
piece_of = _quick(c.FPDFText_GetTextObject, ctypes.c_size_t)
font_of = _quick(c.FPDFTextObj_GetFont, ctypes.c_size_t)
object_on = _quick(c.FPDFPage_GetObject, ctypes.c_size_t)
kind_of = _quick(c.FPDFPageObj_GetType, ctypes.c_int)
bounds_of = _quick(c.FPDFPageObj_GetBounds, ctypes.c_int)


_SIDES, _AT_ONCE = 4, 1024
_boxes = (ctypes.c_float * (_SIDES * _AT_ONCE))()
_PLACES = [Address(ctypes.addressof(_boxes) + n * ctypes.sizeof(c.FS_RECTF)) for n in range(_AT_ONCE)]


def address_of(handle: Any) -> Address:
    """Where what a handle stands for lies."""
    return ctypes.cast(handle, Address)


def loose_boxes(textpage: Address, letters: Sequence[int]) -> Iterator[tuple[float, ...]]:
    """Left, top, right and bottom of letters with their font's full height, in user space; noughts for one without box.

    They are written where there is always room for them: to make an address takes as long as to find a box.
    """
    sides: list[float] = []
    for first in range(0, len(letters), _AT_ONCE):
        some = letters[first : first + _AT_ONCE]
        ctypes.memset(_boxes, 0, ctypes.sizeof(_boxes))
        deque(map(_loose_box, repeat(textpage), some, _PLACES), maxlen=0)
        sides += _boxes[: _SIDES * len(some)]
    return zip(*[iter(sides)] * _SIDES, strict=True)
