import polars as pl
from polars_parts import text


def ask(raw, given):
    events = raw.filter(text("$.requestParameters.instanceType") == "m5.large").select(
        instance_type=text("$.requestParameters.instanceType"),
        user_identity_arn=text("$.userIdentity.arn"),
    )
    return events.filter(pl.col("instance_type") == "m5.large").group_by("user_identity_arn").agg(
        pl.len()).sort("user_identity_arn", nulls_last=True)
