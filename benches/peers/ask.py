"""Asks one of the peers one question. What to ask comes from standard input, as JSON. Prints what the statement took, and
writes the rows of the answer to a file, as JSON.

The library is loaded, and the data has a name in it, before the clock starts; the answer stands in memory when it stops.
"""

import json
import os
import runpy
import sys
from pathlib import Path

from clock import timed


def filled(asked):
    """The text of a question in SQL, with its values."""
    text = Path(asked["file"]).read_text()
    for key, value in asked["given"].items():
        text = text.replace("{%s}" % key, str(value))
    return text


def duckdb(asked):
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {asked['threads']}")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(f"CREATE VIEW {asked['table']} AS FROM read_parquet('{asked['data']}', hive_partitioning = false)")
    text = filled(asked)
    # A table in memory, as fetching rows into Python would be counted too.
    _, figures = timed(lambda: connection.execute(f"CREATE TEMP TABLE answer AS {text}"))
    return connection.execute("FROM answer").fetchall(), figures


def chdb(asked):
    from chdb.session import Session

    session = Session()
    session.query(f"CREATE VIEW {asked['table']} AS SELECT * FROM file('{asked['data']}', Parquet)")
    text = f"{filled(asked)} SETTINGS max_threads = {asked['threads']}"
    answer, figures = timed(lambda: session.query(text, "JSONCompactEachRow"))
    return [json.loads(line) for line in answer.bytes().splitlines()], figures


def polars(asked):
    # Read when the library is loaded.
    os.environ["POLARS_MAX_THREADS"] = str(asked["threads"])
    import polars

    ask = runpy.run_path(asked["file"])["ask"]
    frame = polars.scan_parquet(asked["data"], hive_partitioning=False)
    # The streaming engine is the faster one for nearly all questions, and needs less memory for the others.
    answer, figures = timed(lambda: ask(frame, asked["given"]).collect(engine="streaming"))
    return answer.rows(), figures


def main():
    asked = json.load(sys.stdin)
    rows, figures = {"duckdb": duckdb, "chdb": chdb, "polars": polars}[asked["peer"]](asked)
    Path(asked["answer"]).write_text(json.dumps(rows))
    print(json.dumps(figures))


main()
