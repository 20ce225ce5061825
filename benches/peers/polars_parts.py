"""What several of the questions for Polars say alike."""

import polars as pl


def text(path):
    """One place of a record's text, as text."""
    return pl.col("content").str.json_path_match(path)


def instant(text):
    """The instant that a text says, with or without a fraction, in UTC or with an offset."""
    return text.str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)


def time(path):
    """The instant in one place of a record's text."""
    return instant(text(path))


def within(given):
    """Whether an event is of the timeframe."""
    ends = [pl.lit(given[end]).str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", time_zone="UTC") for end in ("from", "to")]
    return (pl.col("event_time") >= ends[0]) & (pl.col("event_time") < ends[1])


def slot(given):
    """Where the interval of a series begins that an event falls into, in microseconds."""
    start, interval = given["start"], given["interval"]
    return ((pl.col("event_time").dt.epoch("us") - start) // interval * interval + start).alias("slot")
