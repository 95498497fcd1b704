"""TCVN3 (TCVN 5712:1993, VN3; "ABC"): the one-byte letters that offices typed with before Unicode.

It has no capital letters with a tone: the capitals are another font (.VnTimeH) of the same small letters.
"""

from __future__ import annotations

# The codes of each vowel: bare where it has a mark of its own, then with grave, hook, tilde, acute, dot below.
_TONES = {
    "àảãáạ": (0xB5, 0xB6, 0xB7, 0xB8, 0xB9),
    "ăằẳẵắặ": (0xA8, 0xBB, 0xBC, 0xBD, 0xBE, 0xC6),
    "âầẩẫấậ": (0xA9, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB),
    "èẻẽéẹ": (0xCC, 0xCE, 0xCF, 0xD0, 0xD1),
    "êềểễếệ": (0xAA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6),
    "ìỉĩíị": (0xD7, 0xD8, 0xDC, 0xDD, 0xDE),
    "òỏõóọ": (0xDF, 0xE1, 0xE2, 0xE3, 0xE4),
    "ôồổỗốộ": (0xAB, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9),
    "ơờởỡớợ": (0xAC, 0xEA, 0xEB, 0xEC, 0xED, 0xEE),
    "ùủũúụ": (0xEF, 0xF1, 0xF2, 0xF3, 0xF4),
    "ưừửữứự": (0xAD, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9),
    "ỳỷỹýỵ": (0xFA, 0xFB, 0xFC, 0xFD, 0xFE),
    "đ": (0xAE,),
    "ĂÂÊÔƠƯĐ": (0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7),
}
CODES = {letter: code for letters, codes in _TONES.items() for letter, code in zip(letters, codes, strict=True)}


def encode(text: str) -> str:
    """The text as a program that knows no TCVN3 shows it: the bytes as Latin-1 letters.

    A capital with a tone becomes the small letter, as in the files of the time. Raises UnicodeEncodeError for what
    has no place in the encoding at all.
    """
    codes = (CODES.get(letter) or CODES.get(letter.lower()) or ord(letter) for letter in text)
    return "".join(map(chr, codes)).encode("latin-1").decode("latin-1")
