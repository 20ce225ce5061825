import polars as pl
from polars_parts import instant, slot


def ask(raw, given):
    shape = pl.Struct({"eventTime": pl.String, "errorCode": pl.String})
    events = raw.select(pl.col("content").str.json_decode(shape)).unnest("content").select(
        event_time=instant(pl.col("eventTime")),
        error_code=pl.col("errorCode"),
    )
    return events.filter(pl.col("event_time").is_not_null()).group_by(slot(given)).agg(
        pl.col("error_code").is_in(["AccessDenied", "UnauthorizedOperation"]).sum(), pl.len())
