import polars as pl
from polars_parts import text


def ask(raw, given):
    events = raw.filter(text("$.errorCode").is_not_null()).select(
        error_code=text("$.errorCode"),
        user_identity_arn=text("$.userIdentity.arn"),
    )
    return events.filter(
        pl.col("error_code").is_not_null(),
    ).group_by("error_code", "user_identity_arn").agg(pl.len().alias("events")).sort(
        "events", "error_code", "user_identity_arn", descending=[True, False, False], nulls_last=True).limit(20)
