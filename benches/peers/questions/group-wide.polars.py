import polars as pl


def ask(events, given):
    return events.group_by("user_identity_arn", "event_name", "source_ip_address").agg(pl.len().alias("events")).sort(
        "events", "user_identity_arn", "event_name", "source_ip_address",
        descending=[True, False, False, False], nulls_last=True).limit(20)
