"""Has one of the peers do its statement, and prints what that took: seconds of clock and of all processors, as JSON."""

import json
import resource
import sys
import time
from pathlib import Path


def spent():
    """Seconds of processors so far, of all threads."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


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
    cpu, clock = spent(), time.monotonic()
    run(text)
    print(json.dumps({"seconds": time.monotonic() - clock, "cpu": spent() - cpu}))


main(*sys.argv[1:])
