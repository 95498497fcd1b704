"""Người đưa: how a parcel of each channel is carried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from pipeline.followup.settings import Settings
from pipeline.reminding.configuring import Reminders
from pipeline.reminding.mailing import login_for, send_mail
from pipeline.reminding.outcomes import Outcome
from pipeline.reminding.parcels import Parcel, mail_of
from pipeline.reminding.posting import SECRET, post
from pipeline.reminding.sending import Bounds, Courier

_STEPS = 4  # as many silences as `timeout` allows make one attempt too long


def bounds_of(reminders: Reminders) -> Bounds:
    """How often and how long is tried."""
    return Bounds(tries=reminders.tries, attempt=float(reminders.timeout * _STEPS))


def courier_for(settings: Settings, environment: Mapping[str, str], now: Callable[[], datetime]) -> Courier:
    """Carries mails and messages; secrets come from the environment alone. Raises LoginIncomplete, LoginUnsafe."""
    smtp, step = settings.reminders.smtp, float(settings.reminders.timeout)
    login = login_for(smtp, environment) if smtp else None
    secret = environment.get(SECRET) or None

    def carry(parcel: Parcel) -> Outcome:
        if parcel.channel == "webhook":
            return post(parcel.address, parcel.content, parcel.token, secret, now(), step)
        assert smtp is not None
        return send_mail(smtp, login, mail_of(parcel, settings, now()), parcel.address, step)

    return carry
