import polars as pl


def ask(events, given):
    return events.group_by("recipient_account_id", "aws_region").agg(
        pl.col("user_identity_arn").drop_nulls().n_unique(), pl.col("source_ip_address").drop_nulls().n_unique()
    ).sort("recipient_account_id", "aws_region", nulls_last=True)
