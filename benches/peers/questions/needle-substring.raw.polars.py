import polars as pl


def ask(raw, given):
    return raw.filter(pl.col("content").str.contains(given["substring"], literal=True)).select(pl.len())
