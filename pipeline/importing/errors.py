"""Why a table is not taken in, and why a proposal of one cannot be accepted as it is."""

from __future__ import annotations

from pipeline.errors import CongvanError


class NotATrackingTable(CongvanError):
    """Nothing can be read from it (details: path); subclasses say what it lacks."""

    code = "not_a_tracking_table"


class NoTable(NotATrackingTable):
    """The file holds no table."""

    code = "no_tracking_table"


class NoHeading(NotATrackingTable):
    """No row names a column of contents and two others."""

    code = "no_tracking_heading"


class NoRow(NotATrackingTable):
    """Nothing stands below the heading."""

    code = "no_tracking_row"


class NoNumber(NotATrackingTable):
    """No row has the number of a dispatch."""

    code = "no_tracking_number"


class UnknownTable(CongvanError):
    """The file is of no kind that tables are read from (details: path)."""

    code = "unknown_table"


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
