"""The log, and shorter ones made of its first lines."""

import dataclasses
import itertools


@dataclasses.dataclass(frozen=True)
class Log:
    """A file and how many lines and bytes it has."""

    path: str
    lines: int
    bytes: int


def measure(path):
    """Counts the lines of a file."""
    lines = size = 0
    end = b"\n"
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            lines += block.count(b"\n")
            size += len(block)
            end = block[-1:]
    return Log(str(path), lines + (end != b"\n"), size)


def head(log, lines, work):
    """The first lines of a log in a file of their own; a shorter log as it is."""
    if log.lines <= lines:
        return log
    path = work / f"first-{lines}.log"
    with open(log.path, "rb") as file, open(path, "wb") as part:
        part.writelines(itertools.islice(file, lines))
    return measure(path)
