"""Why a table is not taken in, and why a proposal of one cannot be accepted as it is."""

from __future__ import annotations

from pipeline.errors import CongvanError


class NotATrackingTable(CongvanError):
    """Nothing can be read from it (details: path, problem: what it lacks)."""

    code = "not_a_tracking_table"


class SecretTable(CongvanError):
    """The table bears a mark of secrecy: nothing of it is read or kept."""

    code = "secret_table"


class UnknownColumn(CongvanError):
    """A column or a meaning of `--columns` that is not known (details: given, allowed)."""

    code = "unknown_column"


class DayNeeded(CongvanError):
    """The table does not say when it happened (details: id)."""

    code = "day_needed"


class AlreadyDecided(CongvanError):
    """The proposal was accepted before (details: id, made)."""

    code = "already_decided"
