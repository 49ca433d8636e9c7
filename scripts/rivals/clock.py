"""How long a command takes from its start to its exit."""

import json
import pathlib
import re
import subprocess
import time


class Failed(Exception):
    """A command that ended with an error; the message is its own."""


def answer(command):
    """Runs a command; returns what it printed and its seconds.

    Status 1 without a complaint says that nothing was found, as of grep.
    """
    begin = time.perf_counter()
    done = subprocess.run(
        command, check=False, stdin=subprocess.DEVNULL, capture_output=True
    )
    seconds = time.perf_counter() - begin
    complaint = done.stderr.decode(errors="replace").strip().splitlines()
    if done.returncode not in (0, 1) or (done.returncode == 1 and complaint):
        telling = [
            line for line in complaint if re.match(r"\S*(Error|Exception)\b", line)
        ]
        # An error of Python's ends with what it is; others begin with it.
        reason = (telling[-1:] or complaint or [f"exit status {done.returncode}"])[0]
        raise Failed(f"{pathlib.Path(command[0]).name}: {reason}")
    return done.stdout, seconds


def once(command, work, hyperfine):
    """The seconds of one run, whose output is read and dropped.

    `hyperfine` runs it if that is here: one run at a time, so that the commands can
    take turns, which is what a busy machine asks for.
    """
    if not hyperfine:
        return answer(command)[1]
    export = work / "hyperfine.json"
    options = ["--runs=1", "--shell=none", "--style=none", "--output=pipe", "-i"]
    line = " ".join(map(quoted, command))
    answer(["hyperfine", *options, "--export-json", str(export), line])
    result = json.loads(export.read_bytes())["results"][0]
    if result["exit_codes"][0] not in (0, 1):
        raise Failed(f"{command[0]}: exit status {result['exit_codes'][0]}")
    return result["times"][0]


def quoted(part):
    """A part of a command as hyperfine splits it: in single quotes all is literal."""
    return "'" + part.replace("'", "'\\''") + "'"


def alternate(commands, rounds, work, hyperfine):
    """Runs all commands in turn, `rounds` times; returns the seconds of each."""
    seconds = [[] for _ in commands]
    for _ in range(rounds):
        for command, taken in zip(commands, seconds):
            taken.append(once(command, work, hyperfine))
    return seconds
