"""What the comparisons with peers share: processes that are measured, figures as text, a generated archive and its lake."""

import multiprocessing
import os
import shutil
import signal
import statistics
import subprocess
import time
from concurrent.futures import ProcessPoolExecutor


class Failed(SystemExit):
    """A process that ended with an error: ends the bench with its message, unless somebody can do without."""


def apart(count=None):
    """Processes for what takes memory: the peak of a child that is measured begins with that of its parent."""
    return ProcessPoolExecutor(count or os.cpu_count(), multiprocessing.get_context("spawn"))


def measured(command, limit, given=None):
    """Clock, processor seconds and greatest resident memory of a process; none where it took longer than `limit`. Then
    what it wrote to its outputs, as bytes. `given`, a short text, is its input."""
    began = time.monotonic()
    child = subprocess.Popen(command, stdin=subprocess.PIPE if given else None, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # Outputs to the pipes are short; what ends the wait is the alarm.
    def late(*_):
        child.kill()

    signal.signal(signal.SIGALRM, late)
    signal.alarm(limit)
    if given:
        child.stdin.write(given.encode())
        child.stdin.close()
    out, err = child.stdout.read(), child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    signal.alarm(0)
    child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    if child.returncode == -signal.SIGKILL and seconds >= limit:
        return None, out, err
    if child.returncode != 0:
        raise Failed(f"{command[0]} failed ({child.returncode}): {err.decode(errors='replace')[-2000:]}")
    # Linux counts in KiB.
    return {"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "rss": usage.ru_maxrss * 1024}, out, err


def spread(values):
    """Median, least and greatest."""
    return f"{statistics.median(values):,.2f} ({min(values):,.2f} to {max(values):,.2f})"


def ground(given, folder, generate, ingest=()):
    """An archive of `given.events` events below `folder`, and a lake of it: made unless they are there. The other words are
    those for `generate` and `trailsift ingest`."""
    archive, lake = folder / "archive", folder / "lake"
    if not lake.exists():
        shutil.rmtree(folder, ignore_errors=True)
        words = ["--events", given.events, "--seed", given.seed, *generate, archive]
        subprocess.run([given.generate, *map(str, words)], check=True, stdout=subprocess.DEVNULL)
        begun = folder / "begun"
        subprocess.run([given.trailsift, "ingest", archive, "--lake", begun, *ingest], check=True)
        begun.rename(lake)
    return archive, lake
