import polars as pl


def ask(events, given):
    return events.filter(pl.col("content").str.contains(given["substring"], literal=True)).select(pl.len())
