"""Functions of PDFium's that are asked for every word or object of a page, without what their wrappers cost."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as c

Address = ctypes.c_void_p


def _quick(function: Any, result: Any) -> Callable[..., int]:
    """A function that takes addresses and ints as they are, and does not let go of Python's lock meanwhile: it answers
    three times as fast. What is handed to it is not checked."""
    quick: Any = ctypes.PYFUNCTYPE(result)(ctypes.cast(function, Address).value or 0)
    quick.argtypes = None
    return quick  # type: ignore[no-any-return]


loose_box = _quick(c.FPDFText_GetLooseCharBox, ctypes.c_int)
piece_of = _quick(c.FPDFText_GetTextObject, ctypes.c_size_t)
font_of = _quick(c.FPDFTextObj_GetFont, ctypes.c_size_t)
object_on = _quick(c.FPDFPage_GetObject, ctypes.c_size_t)
kind_of = _quick(c.FPDFPageObj_GetType, ctypes.c_int)


def address_of(handle: Any) -> Address:
    """Where what a handle stands for lies."""
    return ctypes.cast(handle, Address)
