"""The tools that are compared, where each is to be had, and which version is here."""

import dataclasses
import re
import subprocess


@dataclasses.dataclass(frozen=True)
class Tool:
    """A program or a module that may be installed or not.

    `version` is a command whose output holds the version; where it cannot be run
    or fails, the tool is not here. `{python}` stands for the interpreter.
    """

    name: str
    version: tuple[str, ...]
    source: str


def python_module(name, module):
    """A tool that is a module of Python's."""
    command = ("{python}", "-c", f"import {module}; print({module}.__version__)")
    return Tool(name, command, f"PyPI: {module}")


TOOLS = [
    Tool("wc", ("wc", "--version"), "coreutils"),
    Tool("cat", ("cat", "--version"), "coreutils"),
    Tool("hyperfine", ("hyperfine", "--version"), "Debian: hyperfine"),
    Tool("ripgrep", ("rg", "--version"), "Debian: ripgrep"),
    Tool("mawk", ("mawk", "-W", "version"), "Debian: mawk"),
    Tool("gawk", ("gawk", "--version"), "Debian: gawk"),
    Tool("perl", ("perl", "-e", "print $^V"), "Debian: perl"),
    Tool(
        "Perl MCE",
        ("perl", "-MMCE", "-e", "print $MCE::VERSION"),
        "Debian: libmce-perl",
    ),
    Tool("GoAccess", ("goaccess", "--version"), "Debian: goaccess"),
    Tool("angle-grinder", ("agrind", "--version"), "crates.io: ag"),
    python_module("DuckDB", "duckdb"),
    python_module("chdb (ClickHouse)", "chdb"),
    python_module("Polars", "polars"),
]


def find(python):
    """Returns the version of each tool that is here, by name."""
    versions = {}
    for tool in TOOLS:
        command = [part.replace("{python}", python) for part in tool.version]
        try:
            done = subprocess.run(
                command, check=False, capture_output=True, stdin=subprocess.DEVNULL
            )
        except OSError:
            continue
        if done.returncode == 0:
            text = (done.stdout or done.stderr).decode(errors="replace")
            number = re.search(r"\d+(\.\d+)+", text)
            versions[tool.name] = number.group() if number else "unknown version"
    return versions


def offers(program, option):
    """Whether a program's help, which may end with an error, names an option."""
    done = subprocess.run([program, "--help"], check=False, capture_output=True)
    return option.encode() in done.stdout + done.stderr
