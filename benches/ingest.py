"""Ingest beside DuckDB and ClickHouse: the same events, as many small objects and as a few large ones, in alternating rounds.

`make bench-ingest` calls it with a Python that has the peers (benches/peers/requirements.txt). What the peers are asked is
in benches/peers/*.sql. Everything is made below `--work`, and the result is left there as `result.json`.
"""

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "peers"))

from common import apart, measured, spread

PEERS = {
    "chdb": ("chdb", "clickhouse.sql"),
    "duckdb": ("duckdb", "duckdb.sql"),
    "duckdb-unnest": ("duckdb", "duckdb-unnest.sql"),
}
OURS = "trailsift"
# What the peers are asked for beside the text; `event_time` is compared apart, for its type differs.
TEXTS = """event_source event_name aws_region recipient_account_id error_code error_message source_ip_address user_agent
    event_id request_id shared_event_id event_type event_category event_version api_version vpc_endpoint_id
    vpc_endpoint_account_id session_credential_from_console user_identity_type user_identity_arn
    user_identity_principal_id user_identity_account_id user_identity_access_key_id user_identity_user_name
    user_identity_invoked_by user_identity_session_context_attributes_mfa_authenticated
    user_identity_session_context_attributes_creation_date user_identity_session_context_session_issuer_type
    user_identity_session_context_session_issuer_arn user_identity_session_context_session_issuer_user_name
    user_identity_session_context_source_identity""".split()
FLAGS = ["read_only", "management_event"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--median", type=int, default=28, help="records in the median small object (28: some 16,000 objects)")
    parser.add_argument("--large", type=int, default=20, help="how many large objects hold the same events")
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--duplicates", default="0", help="share of records delivered twice: trailsift folds them, peers keep them")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="threads that each may use")
    parser.add_argument("--memory", default="512MiB", help="what trailsift is told to stay under")
    parser.add_argument("--peer-memory", type=int, default=8 << 30, help="bytes that the peers may use")
    parser.add_argument("--limit", type=int, default=300, help="seconds after which a peer is ended, and not asked again")
    parser.add_argument("--shapes", default="small,large")
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--quick", action="store_true", help="50,000 events, one round: to see that it runs")
    parser.add_argument("--work", type=Path, default=Path("target/bench-ingest"))
    parser.add_argument("--trailsift", type=Path, default=Path("target/release/trailsift"))
    parser.add_argument("--generate", type=Path, default=Path("target/release/generate"))
    given = parser.parse_args()
    if given.quick:
        given.events, given.rounds, given.days, given.large = 50_000, 1, 2, 4
    return given


def archive(given):
    """The folders of the shapes, made unless they are there, and what is in them."""
    name = f"{given.events}-{given.median}-{given.days}-{given.seed}-{given.duplicates}"
    folder = given.work / name
    folders = {"small": folder / "small", "large": folder / f"large-{given.large}"}
    if not folders["small"].exists():
        begun = folder / "begun"
        shutil.rmtree(begun, ignore_errors=True)
        options = {
            "events": given.events, "median": given.median, "days": given.days, "seed": given.seed,
            "duplicates": given.duplicates, "incidents": "false",
        }
        words = [word for key, value in options.items() for word in (f"--{key}", str(value))]
        subprocess.run([given.generate, *words, begun], check=True, stdout=subprocess.DEVNULL)
        begun.rename(folders["small"])
    if not folders["large"].exists():
        begun = folder / "begun"
        shutil.rmtree(begun, ignore_errors=True)
        repack(folders["small"], begun, given.large)
        begun.rename(folders["large"])
    return folders


def objects(folder):
    return sorted(folder.rglob("*.json.gz"), key=lambda path: (path.name.split("_")[3], path.name))


def repack(small, large, count):
    """The records of all small objects, byte for byte and in the order of delivery, in `count` objects of about one size."""
    paths = objects(small)
    share = sum(path.stat().st_size for path in paths) / count
    parts, taken = [[] for _ in range(count)], 0
    for path in paths:
        parts[min(int(taken / share), count - 1)].append(path)
        taken += path.stat().st_size
    outs = []
    for place, part in enumerate(parts):
        # Account and region are those of the first; each record has its own.
        name = part[0].name.rsplit("_", 1)[0]
        outs.append(large / part[0].relative_to(small).with_name(f"{name}_Large{place:011}.json.gz"))
    with apart() as pool:
        list(pool.map(join, parts, outs))


def join(paths, out):
    head, tail = b'{"Records":[', b"]}"
    texts = []
    for path in paths:
        text = gzip.decompress(path.read_bytes())
        assert text.startswith(head) and text.endswith(tail), path
        texts.append(text[len(head):-len(tail)])
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(gzip.compress(head + b",".join(texts) + tail, compresslevel=6, mtime=0))


def ours(given, source, out):
    command = [given.trailsift, "ingest", source, "--lake", out, "--memory", given.memory,
               "--threads", str(given.threads), "--quiet"]
    return measured(command, given.limit)[0]


def peer(given, name, source, out, largest):
    engine, file = PEERS[name]
    text = (HERE / "peers" / file).read_text()
    out.mkdir(parents=True)
    places = {
        "input": f"{source.resolve()}/**/*.json.gz", "output": f"{out.resolve()}/events.parquet",
        "threads": given.threads, "memory": given.peer_memory, "largest": largest,
    }
    for key, value in places.items():
        text = text.replace("{%s}" % key, str(value))
    statement = out.parent / f"{name}.sql"
    statement.write_text(text)
    figures, said, _ = measured([sys.executable, HERE / "peers" / "run.py", engine, statement], given.limit)
    if figures is not None:
        figures.update(json.loads(said))
    return figures


def held(files):
    """What is in Parquet files: events, different ones, checksums of texts, columns and times that do not depend on order."""
    import duckdb

    texts = ", ".join(f"coalesce({name}, '')" for name in TEXTS)
    flags = ", ".join(f"coalesce({name}, false)" for name in FLAGS)
    [row] = duckdb.sql(f"""
        SELECT count(*), count(DISTINCT event_id), bit_xor(hash(content)), bit_xor(hash({texts}, {flags})),
               sum(epoch(event_time)::BIGINT)
        FROM read_parquet('{files}', hive_partitioning = false)""").fetchall()
    keys = ["events", "distinct", "texts", "columns", "times"]
    return {key: int(value) for key, value in zip(keys, row)}


def size(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main():
    given = arguments()
    given.work.mkdir(parents=True, exist_ok=True)
    names = [OURS, *(name for name in given.peers.split(",") if name)]
    folders, result = archive(given), {}
    for shape in given.shapes.split(","):
        source = folders[shape]
        paths = objects(source)
        # Gzip ends with the length. Reading all of it brings it into the page cache.
        lengths = [int.from_bytes(path.read_bytes()[-4:], "little") for path in paths]
        # DuckDB allocates buffers of this size.
        largest = max(max(lengths) + 1024, 16 << 20)
        runs, facts, late = {name: [] for name in names}, {}, set()
        for turn in range(given.rounds):
            for name in names:
                if name in late:
                    continue
                out = given.work / "out" / name
                shutil.rmtree(out, ignore_errors=True)
                out.parent.mkdir(exist_ok=True)
                figures = ours(given, source, out) if name == OURS else peer(given, name, source, out, largest)
                if figures is None:
                    late.add(name)
                    print(f"{shape} {name}: not done after {given.limit} s", flush=True)
                    continue
                runs[name].append(figures)
                print(f"{shape} round {turn + 1} {name}: {figures['seconds']:.2f} s, {figures['cpu']:.2f} s of processors, "
                      f"{figures['rss'] / 2**20:.0f} MiB", flush=True)
                if name not in facts:
                    files = out / ("cloudtrail/event_date=*/*.parquet" if name == OURS else "*.parquet")
                    with apart() as pool:
                        facts[name] = pool.submit(held, files).result() | {"bytes": size(out)}
                shutil.rmtree(out)
        packed = sum(path.stat().st_size for path in paths)
        result[shape] = {"objects": len(paths), "packed": packed, "unpacked": sum(lengths), "runs": runs, "facts": facts}
        report(given, shape, result[shape], late)
    (given.work / "result.json").write_text(json.dumps(result, indent=1))


def report(given, shape, found, late):
    runs, facts = found["runs"], found["facts"]
    median = lambda name, key: statistics.median(run[key] for run in runs[name])
    print(f"\n{shape}: {given.events:,} events in {found['objects']:,} objects, {found['unpacked'] / 1e6:,.1f} MB of JSON "
          f"in {found['packed'] / 1e6:,.1f} MB; {given.threads} threads, medians of {given.rounds} (least to greatest)\n")
    print("| | events/s | seconds | processor s | times ours, clock | times ours, processors | peak MiB | size / gz |")
    print("|---|---|---|---|---|---|---|---|")
    for name, done in runs.items():
        if not done:
            print(f"| {name} | | over {given.limit} | | | | | |")
            continue
        seconds, cpu = median(name, "seconds"), median(name, "cpu")
        print(f"| {name} | {facts[name]['events'] / seconds:,.0f} | {spread([run['seconds'] for run in done])} "
              f"| {spread([run['cpu'] for run in done])} | {seconds / median(OURS, 'seconds'):.2f} "
              f"| {cpu / median(OURS, 'cpu'):.2f} | {max(run['rss'] for run in done) / 2**20:,.0f} "
              f"| {facts[name]['bytes'] / found['packed']:.2f} |")
    print()
    for name, fact in facts.items():
        differ = [key for key in ("events", "distinct", "texts", "columns", "times") if fact[key] != facts[OURS][key]]
        if differ:
            values = ", ".join(f"{key} {fact[key]:,} (ours {facts[OURS][key]:,})" for key in differ)
            print(f"{name} differs: {values}")
    if len(set(fact["events"] for fact in facts.values())) == 1:
        print(f"all hold {facts[OURS]['events']:,} events")
    print(flush=True)


if __name__ == "__main__":
    main()
