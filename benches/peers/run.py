"""Has one of the peers do its statement, and prints what that took: seconds of clock and of all processors, as JSON."""

import json
import sys
from pathlib import Path

from clock import timed


def main(engine, statement):
    text = Path(statement).read_text()
    # Loading the library is not counted: a server would have it loaded.
    if engine == "duckdb":
        import duckdb

        run = duckdb.connect().execute
    else:
        import chdb

        chdb.query("SELECT 1")
        run = chdb.query
    _, figures = timed(lambda: run(text))
    print(json.dumps(figures))


main(*sys.argv[1:])
