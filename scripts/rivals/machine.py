"""What kind of machine this is."""

import os
import platform
import re


def first(path, pattern):
    """What a pattern's group matches first in a file of the system's."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            found = re.search(pattern, file.read(), re.MULTILINE)
    except OSError:
        return None
    return found.group(1) if found else None


def describe():
    """Pairs of a name and a value."""
    model = first("/proc/cpuinfo", r"^model name\s*:\s*(.*)$")
    memory = first("/proc/meminfo", r"^MemTotal:\s*(\d+) kB")
    load = os.getloadavg()[0]
    return [
        ("processor", model or platform.processor() or "unknown"),
        ("cores", f"{len(os.sched_getaffinity(0))} of {os.cpu_count()}"),
        ("memory", f"{int(memory) / 2**20:.1f} GiB" if memory else "unknown"),
        ("kernel", f"{platform.system()} {platform.release()}"),
        ("load before the run", f"{load:.2f}"),
    ]
