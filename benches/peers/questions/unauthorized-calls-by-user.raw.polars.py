import polars as pl
from polars_parts import slot, text, time, within


def ask(raw, given):
    events = raw.filter(text("$.errorCode").is_in(["AccessDenied", "UnauthorizedOperation"])).select(
        event_time=time("$.eventTime"),
        error_code=text("$.errorCode"),
        user_identity_arn=text("$.userIdentity.arn"),
        event_name=text("$.eventName"),
    )
    return events.filter(within(given), pl.col("error_code").is_in(["AccessDenied", "UnauthorizedOperation"])).group_by(
        slot(given), "user_identity_arn", "event_name").agg(pl.len())
