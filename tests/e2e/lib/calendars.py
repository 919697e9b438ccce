"""Reads the calendar files named on standard input with `icalendar`, warnings being errors, and prints what it made of them.

One JSON object: file to `{errors, events}`; an event is its UID, texts, and the days on which it begins from 2026 to 2035.
"""

import datetime
import json
import sys
import warnings

from dateutil.rrule import rrulestr
from icalendar import Calendar

warnings.simplefilter("error")
FIRST, LAST = 2026, 2035


def naive(value):
    """A day or a time without its zone, as a datetime."""
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None)
    return datetime.datetime(value.year, value.month, value.day)


def days(event):
    start = naive(event.decoded("DTSTART"))
    if "RRULE" not in event:
        found = [start]
    else:
        rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=start)
        found = rule.between(datetime.datetime(FIRST, 1, 1), datetime.datetime(LAST, 12, 31, 23, 59), inc=True)
    left_out = event.get("EXDATE", [])
    left_out = left_out if isinstance(left_out, list) else [left_out]
    gone = {naive(d.dt) for dates in left_out for d in dates.dts}
    return [d.date().isoformat() for d in found if d not in gone and FIRST <= d.year <= LAST]


def read(path):
    with open(path, "rb") as file:
        calendars = Calendar.from_ical(file.read(), multiple=True)
    errors = [str(error) for calendar in calendars for part in calendar.walk() for error in part.errors]
    events = []
    for event in (e for calendar in calendars for e in calendar.walk("VEVENT")):
        texts = {name.lower(): str(event.get(name, "")) for name in ("UID", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "SEQUENCE")}
        end = event.decoded("DTEND") if "DTEND" in event else None
        events.append({**texts, "start": event.decoded("DTSTART").isoformat(), "end": end and end.isoformat(), "days": days(event)})
    return {"errors": errors + ([] if len(calendars) == 1 else [f"{len(calendars)} calendars"]), "events": events}


def main():
    result = {}
    for path in sys.stdin.read().splitlines():
        try:
            result[path] = read(path)
        except Exception as error:  # whatever it says is a complaint about the file
            result[path] = {"errors": [f"{type(error).__name__}: {error}"], "events": []}
    json.dump(result, sys.stdout, ensure_ascii=True)


main()
