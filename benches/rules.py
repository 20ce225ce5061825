"""Rules over a lake in one pass: 1, 10, 100 and 800 Sigma rules over the same events, beside RSigma over their archive.

`make bench-rules` calls it. The rules are made here from a seed, in the shapes that published ones have: mostly a service and
a few of its actions, some with an error, an identity, a part of a parameter, an agent, a network, a few without an action,
and now and then words anywhere in the record. `--rules FOLDER` runs a folder of rules instead. What each finds, rule by
rule, must be the same; what differs is shown. Everything is made below `--work`, and the result is left there.
"""

import argparse
import gzip
import json
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "peers"))

from common import ground

VERBS = "Create Delete Update Put Attach Detach Disable Enable Modify Stop Start Register Remove Set Associate".split()
NOUNS = """Trail Detector Flow Logs Bucket Policy Role User Group Key Alias Domain Cluster Snapshot Image Volume Vpc Gateway
    Route Table Acl Distribution Function Layer Permission Secret Parameter Rule Target Topic Queue Stream Pipeline
    Instance Profile Fleet Account Organization Unit Budget Certificate Token Session Endpoint""".split()
SERVICES = "iam s3 ec2 kms lambda cloudtrail config guardduty rds organizations sts route53 ssm eks".split()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--counts", default="1,10,100,800", help="how many rules, run by run")
    parser.add_argument("--common", default="0,0.05", help="shares of rules that look for what happens every day; the later ones only for the most rules")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--rules", type=Path, help="a folder of rules to run instead, as one count")
    parser.add_argument("--quick", action="store_true", help="50,000 events, one round: to see that it runs")
    parser.add_argument("--no-peer", action="store_true", help="without RSigma")
    parser.add_argument("--work", type=Path, default=Path("target/bench-rules"))
    parser.add_argument("--trailsift", type=Path, default=Path("target/release/trailsift"))
    parser.add_argument("--generate", type=Path, default=Path("target/release/generate"))
    parser.add_argument("--rsigma", type=Path, default=Path("target/rsigma/release/rsigma-peer"))
    given = parser.parse_args()
    if given.quick:
        given.events, given.rounds = 50_000, 1
    return given


def actions(archive):
    """The services and actions of the archive, by a few of its objects."""
    found = Counter()
    objects = sorted(archive.rglob("*.gz"))
    for path in objects[:: max(1, len(objects) // 40)]:
        for record in json.loads(gzip.open(path).read())["Records"]:
            found[record.get("eventSource"), record.get("eventName")] += 1
    return sorted(key for key in found if all(key))


def rule(number, dice, common, share):
    """One rule. Its id is its number."""
    def named():
        # Published rules look for what is rare.
        if dice.random() < share:
            return dice.choice(common)
        return f"{dice.choice(SERVICES)}.amazonaws.com", dice.choice(VERBS) + dice.choice(NOUNS)

    source, name = named()
    names = sorted({name, *(named()[1] for _ in range(dice.choice([0, 0, 0, 1, 2, 3])))})
    selection = {"eventSource": source, "eventName": names}
    condition, other = "selection", {}
    shape = dice.random()
    if 0.60 <= shape < 0.70:
        other = {"filter": {"errorCode|contains": "Denied"}}
        condition = dice.choice(["selection and filter", "selection and not filter"])
    elif shape < 0.78 and shape >= 0.70:
        selection["userIdentity.type"] = "Root"
    elif shape < 0.85 and shape >= 0.78:
        selection["requestParameters.policyArn|endswith"] = dice.choice(["/AdministratorAccess", "/PowerUserAccess"])
    elif shape < 0.89 and shape >= 0.85:
        selection = {"eventSource": source, "userAgent|contains": dice.choice(["Kali", "pacu", "boto3/0", "parrot"])}
    elif shape < 0.93 and shape >= 0.89:
        selection = {"eventSource": source, "eventName|startswith": dice.choice(VERBS)}
    elif shape < 0.96 and shape >= 0.93:
        other = {"filter": {"sourceIPAddress|cidr": ["10.0.0.0/8", "192.168.0.0/16"]}}
        condition = "selection and not filter"
    elif shape < 0.99 and shape >= 0.96:
        selection = {"eventName": names, "userIdentity.arn|endswith": dice.choice([":root", "/admin", "/deploy"])}
    elif shape >= 0.9975:
        selection = [f"leaked-{number}"]
    document = {
        "title": f"Rule {number}",
        "id": f"00000000-0000-4000-8000-{number:012}",
        "status": "test",
        "logsource": {"product": "aws", "service": "cloudtrail"},
        "detection": {"selection": selection, **other, "condition": condition},
        "level": "medium",
    }
    # JSON is YAML.
    return json.dumps(document, indent=1)


def folders(given, archive):
    """The folders of rules, by how many they hold and how many of them look for what happens every day."""
    if given.rules:
        return {(sum(1 for _ in given.rules.rglob("*.yml")), 0.0): given.rules}
    common = actions(archive)
    counts = [int(count) for count in given.counts.split(",")]
    first, *others = (float(share) for share in given.common.split(","))
    made = {}
    for count, share in [(count, first) for count in counts] + [(counts[-1], share) for share in others]:
        folder = given.work / "rules" / f"{given.seed}-{count}-{share}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        dice = random.Random(given.seed)
        for number in range(count):
            (folder / f"{number:04}.yml").write_text(rule(number, dice, common, share))
        made[count, share] = folder
    return made


def run(words):
    """What a command wrote, and the seconds of wall clock and of CPU that it took."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{words[0]} failed with {done.returncode}:\n{done.stderr}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done, wall, cpu


def ours(given, lake, folder):
    words = [given.trailsift, "detect", "--lake", lake, "--rules", folder, "--format", "ndjson", "--threads", given.threads]
    done, wall, cpu = run(words)
    hits = Counter(re.match(r'\{"id":"[0-9a-f]*","rule":"([^"]*)"', line).group(1) for line in done.stdout.splitlines())
    return hits, wall, cpu


def peer(given, archive, folder):
    done, wall, cpu = run([given.rsigma, folder, archive, given.threads])
    return Counter(json.loads(done.stdout)["hits"]), wall, cpu


def main():
    given = arguments()
    words = ["--days", 7, "--median", 1000, "--duplicates", 0, "--incidents", "false"]
    archive, lake = ground(given, given.work / f"{given.events}-{given.seed}", words)
    asked = {"trailsift": lambda folder: ours(given, lake, folder)}
    if not given.no_peer:
        asked["rsigma"] = lambda folder: peer(given, archive, folder)
    result = []
    print(f"{given.events:,} events, {given.threads} threads; seconds are medians of {given.rounds} rounds, CPU beside\n")
    print("| rules | common | hits | who | seconds | CPU s | events/s |\n|---|---|---|---|---|---|---|")
    for (count, share), folder in folders(given, archive).items():
        times, hits = {}, {}
        for _ in range(given.rounds):
            for who, ask in asked.items():
                hits[who], wall, cpu = ask(folder)
                times.setdefault(who, []).append((wall, cpu))
        for who, all_of in times.items():
            wall, cpu = (statistics.median(part) for part in zip(*all_of))
            total = sum(hits[who].values())
            print(f"| {count} | {share:.0%} | {total:,} | {who} | {wall:.2f} | {cpu:.2f} | {given.events / wall:,.0f} |", flush=True)
            result.append({"rules": count, "common": share, "who": who, "seconds": wall, "cpu": cpu, "hits": total, "all": all_of})
        if len(hits) > 1:
            for name in sorted(set(hits["trailsift"]) | set(hits["rsigma"])):
                if hits["trailsift"][name] != hits["rsigma"][name]:
                    print(f"  differs: {name}: trailsift {hits['trailsift'][name]}, rsigma {hits['rsigma'][name]}")
    (given.work / "result.json").write_text(json.dumps(result, indent=1))


main()
