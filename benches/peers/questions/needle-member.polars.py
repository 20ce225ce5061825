import polars as pl


def ask(events, given):
    return events.filter(
        pl.col("request_parameters").str.json_path_match("$.instanceType") == "m5.large",
    ).group_by("user_identity_arn").agg(
        pl.len()).sort("user_identity_arn", nulls_last=True)
