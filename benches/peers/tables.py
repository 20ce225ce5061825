"""The tables of a comparison, in Markdown."""

import math
import statistics

OURS = "trailsift"


def values(runs, part, key="seconds"):
    return [run[part][key] for run in runs]


def median(runs, part, key="seconds"):
    return statistics.median(values(runs, part, key))


def short(seconds):
    return f"{seconds:.3f}" if seconds < 9.995 else f"{seconds:.1f}"


def cell(runs, part):
    """A median with least and greatest, where there is more than one run."""
    found = values(runs, part)
    text = short(statistics.median(found))
    return text if len(found) == 1 else f"{text} ({short(min(found))} to {short(max(found))})"


def report(result, peers, raw):
    lake = result["bytes"]["lake"] / 1e6
    print(f"{result['events']:,} events, {lake:,.0f} MB of Parquet; {result['threads']} threads; seconds, "
          f"medians of {result['rounds']} (least to greatest)")
    labels = [("over our columns", peers, result["limit"])]
    if raw:
        size = f"{result['bytes']['raw'] / 1e6:,.0f} MB of Parquet"
        labels.append((f"over raw JSON text ({size})", [f"{name}.raw" for name in peers], result["raw_limit"]))
    for title, names, limit in labels:
        print(f"\n## Peers {title}\n")
        times(result, names, limit)
        print()
        means(result, names, limit)
    print()
    differences(result)


def taken(result, question, name, part, limit, key="seconds"):
    """A peer's median for a question, and whether that is the limit at which it was ended; none where it has failed."""
    if [question, name] in result["late"]:
        return limit, True
    runs = result["runs"][question].get(name)
    return (median(runs, part, key), False) if runs else None


def times(result, names, limit):
    heads = ["question", "records", "ours, process", "ours, statement", *(f"{name}, statement" for name in names),
             "best peer", "its statement / our process", "/ our statement", "CPU of its statement / of our process"]
    print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
    for question, runs in result["runs"].items():
        mine = runs[OURS]
        cells = [question, f"{result['records'][question]:,}", cell(mine, "process"), cell(mine, "statement")]
        for name in names:
            if [question, name] in result["late"]:
                cells.append(f"over {limit}")
            else:
                cells.append(cell(runs[name], "statement") if name in runs else "failed")
        done = {name: median(runs[name], "statement") for name in names if name in runs and [question, name] not in result["late"]}
        if done:
            best = min(done, key=done.get)
            ratio = done[best] / median(mine, "process")
            cells += [best, f"{ratio:.2f}" + (" **slower**" if ratio < 1 else ""),
                      f"{done[best] / median(mine, 'statement'):.2f}",
                      f"{median(runs[best], 'statement', 'cpu') / median(mine, 'process', 'cpu'):.2f}"]
        else:
            cells += ["none", "", "", ""]
        print("| " + " | ".join(cells) + " |")


def means(result, names, limit):
    """Geometric means of what each peer takes, over what we take: above 1 we are faster. `at least`, where some were ended."""
    ways = [
        ("its statement / our process", "statement", "process", "seconds"),
        ("its statement / our statement", "statement", "statement", "seconds"),
        ("process / process", "process", "process", "seconds"),
        ("CPU of its statement / of our process", "statement", "process", "cpu"),
        ("CPU, process / process", "process", "process", "cpu"),
    ]
    heads = ["peer", "questions", *(way[0] for way in ways), "our process is slower than its statement in"]
    print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
    groups = [(kind, [name for name, of in result["kinds"].items() if of == kind]) for kind in ("tutorial", "bench")]
    groups.append(("all", list(result["kinds"])))
    for name in [*names, "best"]:
        for kind, questions in groups:
            cells, slower, count = [], 0, 0
            for _, theirs, mine, key in ways:
                logs, ended, slower = [], False, 0
                for question in questions:
                    # The best peer of a question is the one with the fastest statement.
                    some = [name] if name != "best" else names
                    found = [(taken(result, question, one, "statement", limit), one) for one in some]
                    found = [(time, one) for time, one in found if time]
                    if not found:
                        continue
                    (_, late), one = min(found)
                    spent, _ = taken(result, question, one, theirs, limit, key)
                    ended |= late
                    logs.append(math.log(spent / median(result["runs"][question][OURS], mine, key)))
                    slower += logs[-1] < 0
                count = len(logs)
                cells.append(("at least " if ended else "") + f"{math.exp(statistics.mean(logs)):.2f}" if logs else "")
                if (theirs, mine, key) == ("statement", "process", "seconds"):
                    worse = slower
            if count:
                print(f"| {name} | {kind} | " + " | ".join(cells) + f" | {worse} of {count} |")


def differences(result):
    for question, failed in result["failed"].items():
        for name, why in failed.items():
            print(f"{question}: {name} failed: {why.strip().splitlines()[-1][:300]}")
    for question, found in result["differs"].items():
        for name, sides in found.items():
            print(f"{question}: {name} differs: {sides['ours']['rows']:,} rows are ours alone, {sides['theirs']['rows']:,} its alone")
            for side in ("ours", "theirs"):
                for row in sides[side]["first"]:
                    print(f"    {side}: {row}")
    if not result["differs"]:
        print("all answers agree")
