"""What a piece of work takes, within the process that does it."""

import resource
import time


def spent():
    """Seconds of processors so far, of all threads."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def timed(work):
    """What `work` gives, with the seconds of clock and of processors that it took."""
    cpu, clock = spent(), time.monotonic()
    answer = work()
    return answer, {"seconds": time.monotonic() - clock, "cpu": spent() - cpu}
