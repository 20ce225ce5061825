"""Answers as rows that can be compared: ours from NDJSON, the peers' from a JSON array."""

import json
import re
from collections import Counter
from datetime import datetime, timezone

INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})\d{3}Z")
SPAN = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def micros(text):
    """Microseconds since 1970 of an instant as we write it, or none."""
    if found := INSTANT.fullmatch(text):
        moment = datetime.fromisoformat(found[1]).replace(tzinfo=timezone.utc)
        return int(moment.timestamp()) * 1_000_000 + int(found[2])
    return None


def interval(text):
    """Microseconds of a duration as we write it."""
    days, hours, minutes, seconds = (int(part or 0) for part in SPAN.fullmatch(text).groups())
    return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000_000


def learnt(path):
    """How many records an answer of ours has, and where its series begin and how long their intervals are."""
    count, series = 0, {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if count == 0:
                record = json.loads(line)
                if "timeframe" in record and "interval" in record:
                    series = {"start": micros(record["timeframe"]["start"]), "interval": interval(record["interval"])}
            count += 1
    return count, series


def plain(value):
    """A value in the one form in which both sides are compared."""
    if isinstance(value, str):
        moment = micros(value)
        return value if moment is None else moment
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return json.dumps(value, sort_keys=True) if isinstance(value, (list, dict)) else value


def own(path):
    """Rows of an answer of ours. A series is a row for each of its intervals that holds something: its start, the keys, the values."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if "timeframe" not in record or "interval" not in record:
                yield tuple(map(plain, record.values()))
                continue
            start, step = micros(record.pop("timeframe")["start"]), interval(record.pop("interval"))
            keys = [plain(value) for value in record.values() if not isinstance(value, list)]
            series = [value for value in record.values() if isinstance(value, list)]
            for place, values in enumerate(zip(*series)):
                if any(values):
                    yield (start + place * step, *keys, *(plain(value or 0) for value in values))


def compared(ours, theirs):
    """What differs between an answer of ours and one of a peer: how many rows each has alone, and the first of them."""
    left = Counter(own(ours))
    with open(theirs, encoding="utf-8") as file:
        right = Counter(tuple(map(plain, row)) for row in json.load(file))
    if left == right:
        return None
    sides = {"ours": left - right, "theirs": right - left}
    # Nulls have no order with texts.
    first = lambda rows: [json.dumps(row)[:300] for row in sorted(rows, key=lambda row: json.dumps(row))[:3]]
    return {side: {"rows": rows.total(), "first": first(rows)} for side, rows in sides.items()}
