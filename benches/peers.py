"""Questions beside DuckDB, ClickHouse and Polars: the same lake, the same questions, in alternation.

`make bench-peers` calls it with a Python that has the peers (benches/peers/requirements.txt). The questions are those of
data/queries/bench and of data/queries/tutorial; what the peers are asked is in benches/peers/questions: NAME.duckdb.sql and
the like over our Parquet, NAME.raw.duckdb.sql and the like over the records' JSON text in Parquet. Answers are compared.
Everything is made below `--work`, and the result is left there as `result.json`.
"""

import argparse
import hashlib
import json
import os
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "peers"))

from answers import compared, learnt
from common import Failed, apart, ground, measured
from prepare import prepared
from tables import report

OURS = "trailsift"
PEERS = ["duckdb", "chdb", "polars"]
QUESTIONS = HERE / "peers" / "questions"
QUERIES = HERE.parent / "data" / "queries"
UNITS = {"ms": 1e-3, "s": 1, "min": 60, "h": 3600}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--lake", type=Path, help="a lake to ask instead of a generated one; its bucket must be my_aws_bucket")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="threads that each may use")
    parser.add_argument("--only", default="", help="these questions, by name, with commas")
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--raw", action=argparse.BooleanOptionalAction, default=True, help="ask peers over raw JSON text as well")
    parser.add_argument("--limit", type=int, default=120, help="seconds after which a process is ended, and not asked again")
    parser.add_argument("--raw-limit", type=int, default=60, help="the same over raw JSON text")
    parser.add_argument("--quick", action="store_true", help="50,000 events, one round: to see that it runs")
    parser.add_argument("--work", type=Path, default=Path("target/bench-peers"))
    parser.add_argument("--trailsift", type=Path, default=Path("target/release/trailsift"))
    parser.add_argument("--generate", type=Path, default=Path("target/release/generate"))
    given = parser.parse_args()
    if given.quick:
        given.events, given.rounds = 50_000, 1
    return given


def questions(given):
    """The texts of the questions by name: those of the bench, then those of the tutorials."""
    found = {}
    for kind in ("bench", "tutorial"):
        for path in sorted((QUERIES / kind).glob("*.dql")):
            # Those whose answer is the records as they are ask for everything.
            if not path.stem.startswith("fetch") and path.stem != "parse-event":
                found[path.stem] = {"kind": kind, "text": path.read_text()}
    chosen = [name for name in given.only.split(",") if name]
    if unknown := set(chosen) - set(found):
        sys.exit(f"no question is called {', '.join(sorted(unknown))}; there are {', '.join(found)}")
    return {name: found[name] for name in chosen or found}


def ours(given, lake, question, values, answer):
    """What our process took, and its own word on the query alone, which leaves out the start and the opening of the lake."""
    text, span = question["text"], []
    for key, value in values.items():
        text = text.replace("{%s}" % key, str(value))
    if question["kind"] == "tutorial":
        text = text.replace(", from: -30min", "")
        span = ["--from", values["from"].replace(" ", "T") + "Z", "--to", values["to"].replace(" ", "T") + "Z"]
    answer.unlink(missing_ok=True)
    command = [given.trailsift, "query", text, "--lake", lake, *span, "--format", "ndjson", "--output", answer,
               "--threads", str(given.threads)]
    figures, _, said = measured(command, given.limit)
    if figures is not None:
        spans = re.findall(r"records? in ((?:[\d.]+ (?:ms|s|min|h) ?)+)", said.decode())[-1]
        statement = sum(float(number) * UNITS[unit] for number, unit in re.findall(r"([\d.]+) (ms|s|min|h)", spans))
        figures = {"process": figures, "statement": {"seconds": statement, "cpu": None}}
    return figures


def peer(given, name, raw, question, data, values, answer):
    """What a peer's process took, and its statement."""
    ending = "py" if name == "polars" else "sql"
    file = QUESTIONS / f"{question}.{'raw.' if raw else ''}{name}.{ending}"
    if not file.exists():
        return {"failed": f"{file.name} is not there"}
    asked = {"peer": name, "file": str(file), "table": "raw" if raw else "events", "data": str(data), "given": values,
             "threads": given.threads, "answer": str(answer)}
    answer.unlink(missing_ok=True)
    try:
        command = [sys.executable, HERE / "peers" / "ask.py"]
        figures, said, _ = measured(command, given.raw_limit if raw else given.limit, json.dumps(asked))
    except Failed as why:
        return {"failed": str(why)}
    return figures and {"process": figures, "statement": json.loads(said)}


def main():
    given = arguments()
    given.work.mkdir(parents=True, exist_ok=True)
    if given.lake is None:
        words = ["--days", given.days, "--median", 1000, "--duplicates", 0]
        folder = given.work / f"{given.events}-{given.seed}-{given.days}"
        _, given.lake = ground(given, folder, words, ["--bucket", "my_aws_bucket"])
    given.lake = given.lake.resolve()
    with apart(1) as pool:
        place = given.work.resolve() / ("lake-" + hashlib.sha256(str(given.lake).encode()).hexdigest()[:12])
        facts = pool.submit(prepared, given.lake, place, given.raw).result()
    names = [name for name in given.peers.split(",") if name]
    if unknown := set(names) - set(PEERS):
        sys.exit(f"no peer is called {', '.join(sorted(unknown))}; there are {', '.join(PEERS)}")
    asked = questions(given)
    whose = [(name, raw) for raw in ([False, True] if given.raw else [False]) for name in names]
    result = {
        "events": facts["events"], "threads": given.threads, "rounds": given.rounds, "limit": given.limit,
        "raw_limit": given.raw_limit, "values": facts["values"], "bytes": facts["bytes"],
        "kinds": {name: question["kind"] for name, question in asked.items()},
        "runs": {}, "late": [], "failed": {}, "differs": {}, "records": {},
    }
    answers = place / "answers"
    answers.mkdir(exist_ok=True)
    own = answers / "ours.ndjson"
    for turn in range(given.rounds):
        for name, question in asked.items():
            runs = result["runs"].setdefault(name, {})
            values = facts["values"]
            figures = ours(given, given.lake, question, values, own)
            if figures is None:
                sys.exit(f"{name}: trailsift was not done after {given.limit} s; give another --limit")
            runs.setdefault(OURS, []).append(figures)
            said(turn, name, OURS, figures)
            with apart(1) as pool:
                result["records"][name], series = pool.submit(learnt, own).result()
            for who, raw in whose:
                label = f"{who}.raw" if raw else who
                if [name, label] in result["late"] or label in result["failed"].get(name, {}):
                    continue
                data = place / ("raw.parquet" if raw else "events/*.parquet")
                theirs = answers / f"{label}.json"
                figures = peer(given, who, raw, name, data, values | series, theirs)
                if figures is None:
                    result["late"].append([name, label])
                    print(f"{name} {label}: not done after {given.raw_limit if raw else given.limit} s", file=sys.stderr, flush=True)
                elif "failed" in figures:
                    result["failed"].setdefault(name, {})[label] = figures["failed"]
                    print(f"{name} {label}: {figures['failed']}", file=sys.stderr, flush=True)
                else:
                    runs.setdefault(label, []).append(figures)
                    said(turn, name, label, figures)
                    if turn == 0:
                        with apart(1) as pool:
                            difference = pool.submit(compared, own, theirs).result()
                        if difference:
                            result["differs"].setdefault(name, {})[label] = difference
            (given.work / "result.json").write_text(json.dumps(result, indent=1))
    report(result, names, given.raw)


def said(turn, name, who, figures):
    process, statement = figures["process"], figures["statement"]
    print(f"round {turn + 1} {name} {who}: statement {statement['seconds']:.3f} s, process {process['seconds']:.3f} s, "
          f"{process['cpu']:.2f} s of processors, {process['rss'] / 2**20:.0f} MiB", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
