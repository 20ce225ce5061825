import polars as pl


def ask(events, given):
    return events.filter(
        pl.col("source_ip_address") == given["address"],
    ).group_by("user_identity_arn", "event_name").agg(
        pl.len()).sort("user_identity_arn", "event_name", nulls_last=True)
