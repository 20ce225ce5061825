import polars as pl


def ask(raw, given):
    shape = pl.Struct({
        "userIdentity": pl.Struct({"arn": pl.String}),
        "eventName": pl.String,
        "sourceIPAddress": pl.String,
    })
    events = raw.select(pl.col("content").str.json_decode(shape)).unnest("content").select(
        user_identity_arn=pl.col("userIdentity").struct.field("arn"),
        event_name=pl.col("eventName"),
        source_ip_address=pl.col("sourceIPAddress"),
    )
    return events.group_by("user_identity_arn", "event_name", "source_ip_address").agg(pl.len().alias("events")).sort(
        "events", "user_identity_arn", "event_name", "source_ip_address",
        descending=[True, False, False, False], nulls_last=True).limit(20)
