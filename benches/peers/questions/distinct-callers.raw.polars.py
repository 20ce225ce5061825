import polars as pl


def ask(raw, given):
    shape = pl.Struct({
        "recipientAccountId": pl.String,
        "awsRegion": pl.String,
        "userIdentity": pl.Struct({"arn": pl.String}),
        "sourceIPAddress": pl.String,
    })
    events = raw.select(pl.col("content").str.json_decode(shape)).unnest("content").select(
        recipient_account_id=pl.col("recipientAccountId"),
        aws_region=pl.col("awsRegion"),
        user_identity_arn=pl.col("userIdentity").struct.field("arn"),
        source_ip_address=pl.col("sourceIPAddress"),
    )
    return events.group_by("recipient_account_id", "aws_region").agg(
        pl.col("user_identity_arn").drop_nulls().n_unique(), pl.col("source_ip_address").drop_nulls().n_unique()
    ).sort("recipient_account_id", "aws_region", nulls_last=True)
