import polars as pl
from polars_parts import text


def ask(raw, given):
    events = raw.select(
        recipient_account_id=text("$.recipientAccountId"),
        aws_region=text("$.awsRegion"),
        user_identity_arn=text("$.userIdentity.arn"),
        source_ip_address=text("$.sourceIPAddress"),
    )
    return events.group_by("recipient_account_id", "aws_region").agg(
        pl.col("user_identity_arn").drop_nulls().n_unique(), pl.col("source_ip_address").drop_nulls().n_unique()
    ).sort("recipient_account_id", "aws_region", nulls_last=True)
