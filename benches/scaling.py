"""How ingest and questions grow with the lake: it is filled step by step, and asked at each size.

`make bench-scaling` calls it with a Python that has DuckDB (benches/peers/requirements.txt), which looks up what is asked for. The
archive of a step is removed once it is ingested, so that a lake of a hundred million events takes 26 GB and 3 GB besides. As many
events come a day at every size: a lake ten times as large is one of ten times as many days. Everything is made below
`--work`, a lake that is there is gone on with, and the result is left there as `result.json`.
"""

import argparse
import datetime
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "peers"))

from common import apart, measured
from peers import ours, questions, said
from prepare import prepared

FIRST = datetime.datetime(2024, 1, 1)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000000,10000000,100000000", help="events at which the lake is asked, with commas")
    parser.add_argument("--step", type=int, default=10_000_000, help="the most events of an archive")
    parser.add_argument("--daily", type=int, default=333_333, help="events a day")
    parser.add_argument("--late", type=int, default=1_000_000, help="events over all days that are ingested at the end")
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--memory", default="512MiB", help="what an ingest is told to stay under")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="", help="these questions, by name, with commas")
    parser.add_argument("--limit", type=int, default=3600, help="seconds after which a process is ended")
    parser.add_argument("--quick", action="store_true", help="10,000 and 50,000 events, one round: to see that it runs")
    parser.add_argument("--work", type=Path, default=Path("target/bench-scaling"))
    parser.add_argument("--trailsift", type=Path, default=Path("target/release/trailsift"))
    parser.add_argument("--generate", type=Path, default=Path("target/release/generate"))
    given = parser.parse_args()
    if given.quick:
        given.sizes, given.step, given.late, given.daily, given.rounds = "10000,50000", 20_000, 5_000, 5_000, 1
    return given


def step(given, lake, events, first, days, seed):
    """An archive of so many events, ingested and removed. What the ingest took."""
    archive = given.work / "archive"
    shutil.rmtree(archive, ignore_errors=True)
    words = ["--events", events, "--seed", seed, "--days", days, "--start", f"{first:%Y-%m-%dT%H:%M:%SZ}",
             "--median", 1000, "--duplicates", 0, archive]
    subprocess.run([given.generate, *map(str, words)], check=True, stdout=subprocess.DEVNULL)
    packed = sum(path.stat().st_size for path in archive.rglob("*.json.gz"))
    command = [given.trailsift, "ingest", archive, "--lake", lake, "--bucket", "my_aws_bucket", "--memory", given.memory,
               "--threads", str(given.threads), "--quiet"]
    figures, _, _ = measured(command, given.limit)
    shutil.rmtree(archive)
    if figures is None:
        sys.exit(f"an ingest was not done after {given.limit} s; give another --limit")
    print(f"ingest of {events:,} events: {figures['seconds']:.1f} s, {figures['cpu']:.1f} s of processors, "
          f"{figures['rss'] / 2**20:.0f} MiB", file=sys.stderr, flush=True)
    return figures | {"events": events, "days": days, "packed": packed}


def asked(given, lake, events):
    """Each question's runs, over the lake as it is now."""
    place = given.work.resolve() / f"asked-{events}"
    with apart(1) as pool:
        facts = pool.submit(prepared, lake, place, False).result()
    (place / "answers").mkdir(exist_ok=True)
    runs = {}
    for turn in range(given.rounds):
        for name, question in questions(given).items():
            figures = ours(given, lake, question, facts["values"], place / "answers" / "ours.ndjson")
            if figures is None:
                sys.exit(f"{name} was not done after {given.limit} s; give another --limit")
            runs.setdefault(name, []).append(figures)
            said(turn, name, f"of {events:,} events", figures)
    return {"events": facts["events"], "bytes": facts["bytes"]["lake"], "runs": runs}


def main():
    given = arguments()
    given.work.mkdir(parents=True, exist_ok=True)
    lake, file = given.work.resolve() / "lake", given.work / "result.json"
    result = json.loads(file.read_text()) if file.exists() and lake.exists() else {"steps": [], "sizes": {}, "late": None}
    if not result["steps"]:
        shutil.rmtree(lake, ignore_errors=True)
    keep = lambda: file.write_text(json.dumps(result, indent=1))
    for size in sorted(int(size) for size in given.sizes.split(",")):
        while (done := sum(made["events"] for made in result["steps"])) < size:
            events = min(given.step, size - done)
            first = FIRST + datetime.timedelta(days=sum(made["days"] for made in result["steps"]))
            days = max(1, round(events / given.daily))
            result["steps"].append(step(given, lake, events, first, days, given.seed + len(result["steps"])))
            keep()
        if str(size) not in result["sizes"]:
            result["sizes"][str(size)] = asked(given, lake, size)
            keep()
    if given.late and not result["late"]:
        days = sum(made["days"] for made in result["steps"])
        result["late"] = step(given, lake, given.late, FIRST, days, given.seed + len(result["steps"]))
        keep()
    report(result)


def report(result):
    sizes, done = sorted(result["sizes"], key=int), 0
    print("| lake before | events ingested | s | processor s | events/s | peak MiB |\n|---|---|---|---|---|---|")
    late = [result["late"]] if result["late"] else []
    for made in result["steps"] + late:
        print(f"| {done:,} | {made['events']:,} over {made['days']} days | {made['seconds']:.1f} | {made['cpu']:.1f} "
              f"| {made['events'] / made['seconds']:,.0f} | {made['rss'] / 2**20:,.0f} |")
        done += made["events"]
    packed = sum(made["packed"] for made in result["steps"])
    print(f"\nsize of the lake over that of the archives: {result['sizes'][sizes[-1]]['bytes'] / packed:.2f}\n")
    heads = [f"{int(size):,}: s, CPU s, MiB" for size in sizes]
    print(f"| question | {' | '.join(heads)} |\n|---{'|---' * len(sizes)}|")
    for name in result["sizes"][sizes[0]]["runs"]:
        cells = []
        for size in sizes:
            runs = [run["process"] for run in result["sizes"][size]["runs"][name]]
            median = lambda key: statistics.median(run[key] for run in runs)
            cells.append(f"{median('seconds'):.3f}, {median('cpu'):.2f}, {median('rss') / 2**20:.0f}")
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
