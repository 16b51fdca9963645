"""What day it is, for rules that know a date."""

from __future__ import annotations

import datetime
import os

from ssot_lint.errors import UsageError


def current_date() -> datetime.date:
    """The date (UTC) of SOURCE_DATE_EPOCH, else of the clock; UsageError if the former is none."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.datetime.now(datetime.timezone.utc).date()
    try:
        return datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc).date()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"SOURCE_DATE_EPOCH: '{epoch}' is no number of seconds") from None
