"""What is asked, of us and of each rival, and how its answer is read.

Each rival is asked in the fastest way that was found and that gives the answer.
"""

import dataclasses
import pathlib
import shlex
from collections.abc import Callable

from rivals import answer

HERE = pathlib.Path(__file__).parent
WF1 = r"GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) "
SORT = "LC_ALL=C sort -t '\t' -k2,2nr -k1,1"
TOP = f"{SORT} | head"


@dataclasses.dataclass(frozen=True)
class Setting:
    """What a command is made of besides its question."""

    widefinder: str
    python: str
    threads: int
    work: pathlib.Path
    goaccess_jobs: bool


@dataclasses.dataclass(frozen=True)
class Rival:
    """One way to ask another tool.

    `command` takes the setting and the log. `tools` are what it needs. `threads` is
    `one`, `all`, `jobs` (all, if it is a GoAccess that can), or `pipe` for a chain of
    processes. `exact` says that it follows the question's rules on every log in UTF-8;
    the others take a short cut that holds on ordinary lines only. `idle` starts the
    tool and asks nothing.
    """

    label: str
    tools: tuple[str, ...]
    command: Callable[[Setting, str], list[str]]
    read: Callable[[bytes], list[list[bytes]]] = answer.rows
    threads: str = "one"
    exact: bool = True
    idle: Callable[[Setting], list[str]] | None = None


@dataclasses.dataclass(frozen=True)
class Question:
    """A question: its name, what it is, our options, and the rivals.

    `besides` are options of further runs of ours, whose answers `read` takes too:
    where a rival's definitions are others, they say the same by its definitions.
    """

    name: str
    title: str
    options: tuple[str, ...]
    read: Callable[..., list[list[bytes]]]
    rivals: tuple[Rival, ...]
    besides: tuple[tuple[str, ...], ...] = ()

    def ours(self, setting, log, threads):
        """Our command, with a number of threads."""
        return [setting.widefinder, *self.options, "-j", str(threads), log]

    def compared(self, setting, log, threads):
        """Our commands whose answers are compared."""
        runs = (self, *(dataclasses.replace(self, options=o) for o in self.besides))
        return [run.ours(setting, log, threads) for run in runs]


def shell(text):
    """A line of shell; `$1` is the log, `$2` a file that it may write."""
    return lambda setting, log: [
        "sh",
        "-c",
        text,
        "sh",
        log,
        str(setting.work / "output.json"),
    ]


def database(label, module, question, exact=True):
    """A question to a module of Python's, by the program that asks it."""

    script = str(HERE / f"ask_{module}.py")

    def command(setting, log, asked=question):
        return [setting.python, script, asked, log, str(setting.threads)]

    def idle(setting):
        return command(setting, "", "start")

    read = answer.lines if question == "wf2" else answer.rows
    return Rival(label, (label,), command, read, "all", exact, idle)


def awk(program, tail, exact=False):
    """A question to each awk, whose END prints keys and numbers between tabs."""
    return tuple(
        Rival(
            f"{name} | sort",
            (name,),
            shell(f'LC_ALL=C {name} {shlex.quote(program)} "$1" | {tail}'),
            exact=exact,
            threads="pipe",
        )
        for name in ("mawk", "gawk")
    )


def ripgrep(label, tools, tail):
    """The matches of the first Wide Finder, for others to count.

    Of a line with two matches it prints both. A pattern that takes the rest of the line
    would be exact, and takes two and a half times as long.
    """
    search = (
        f"rg --no-config -a -N -I --no-unicode -o -r '$1' {shlex.quote(WF1)} \"$1\""
    )
    return Rival(label, tools, shell(f"{search} | {tail}"), threads="pipe", exact=False)


def perl(setting, log):
    """The first Wide Finder in the language that it was about to be written in."""
    program = (
        f"$c{{$1}}++ if m{{{WF1}}}; END {{ @k = sort {{ $c{{$b}} <=> $c{{$a}} || $a cmp $b }} "
        'keys %c; splice @k, 10 if @k > 10; print "$_\\t$c{$_}\\n" for @k }'
    )
    return ["perl", "-ne", program, log]


def mce(setting, log):
    """The program for MCE."""
    return ["perl", str(HERE / "ask_mce.pl"), log, str(setting.threads)]


def angle_grinder(pattern, key):
    """The count of a group of a pattern; its rows come in an order of its own."""
    query = f'* | parse regex "{pattern}" | count by {key}'
    text = f"agrind -f \"$1\" -o 'format={{{key}}}\t{{_count}}' {shlex.quote(query)}"
    return shell(text)


def goaccess(setting, log):
    """The report as JSON, of lines with host names too, and of paths as a whole."""
    options = (
        "--log-format=COMBINED --no-global-config --no-ip-validation --no-query-string"
    )
    options += " --http-method=no --http-protocol=no --no-progress"
    if setting.goaccess_jobs:
        options += f" --jobs={setting.threads}"
    return shell(f'goaccess "$1" {options} -o "$2" >&2 && cat "$2"')(setting, log)


COUNT_URIS = """
{ uri = $7; size = $10 }
uri ~ /"$/ { sub(/"$/, "", uri); size = $9 }
{ hits[uri]++; bytes[uri] += size }
END { for (uri in hits) printf "%s\\t%d\\t%.0f\\n", uri, hits[uri], bytes[uri] }"""

COUNT_STATUS = """
$8 ~ /"$/ { hits[$9]++; next }
match($0, /" [0-9][0-9][0-9] /) { hits[substr($0, RSTART + 2, 3)]++ }
END { for (status in hits) print status "\\t" hits[status] }"""

# Not every awk knows `{4}`.
DECADE, YEAR, DAY = ("[0-9]" * digits for digits in (3, 4, 2))
ARTICLE = rf"GET \/ongoing\/When\/{DECADE}x\/{YEAR}\/{DAY}\/{DAY}\/[^ .]+ "
COUNT_ARTICLES = f"""
match($0, /{ARTICLE}/) {{ hits[substr($0, RSTART + 23, RLENGTH - 24)]++ }}
END {{ for (key in hits) print key "\\t" hits[key] }}"""

UNIQ = f"LC_ALL=C sort | LC_ALL=C uniq -c | sed 's/^ *\\([0-9]*\\) \\(.*\\)/\\2\t\\1/' | {TOP}"
MAWK = "LC_ALL=C mawk '{ c[$0]++ } END { for (k in c) print k \"\\t\" c[k] }' | " + TOP

QUESTIONS = [
    Question(
        "wf1",
        "The first Wide Finder: the ten articles that are asked for most, by a pattern",
        ("-e", WF1, "-f", "tsv"),
        answer.headed,
        (
            ripgrep("rg | sort | uniq | sort", ("ripgrep",), UNIQ),
            ripgrep("rg | mawk | sort", ("ripgrep", "mawk"), MAWK),
            *awk(COUNT_ARTICLES, TOP, exact=True),
            Rival("perl", ("perl",), perl),
            Rival("Perl MCE", ("Perl MCE",), mce, threads="all"),
            Rival(
                "angle-grinder",
                ("angle-grinder",),
                angle_grinder(WF1.replace("x/(", "x/(?P<key>"), "key"),
                answer.first_ten,
            ),
            database("DuckDB", "duckdb", "wf1"),
            database("chdb (ClickHouse)", "chdb", "wf1"),
            database("Polars", "polars", "wf1"),
        ),
    ),
    Question(
        "wf2",
        "The second Wide Finder: five tables",
        ("--preset", "wf2"),
        answer.lines,
        (
            database("DuckDB", "duckdb", "wf2", exact=False),
            database("chdb (ClickHouse)", "chdb", "wf2"),
        ),
    ),
    Question(
        "uri",
        "Hits and bytes of each URI, the top ten",
        ("--by", "uri", "-m", "hits,bytes", "-f", "tsv"),
        answer.headed,
        (
            *awk(COUNT_URIS, TOP),
            database("DuckDB", "duckdb", "uri", exact=False),
            database("chdb (ClickHouse)", "chdb", "uri", exact=False),
            database("Polars", "polars", "uri", exact=False),
        ),
    ),
    Question(
        "status",
        "One field: hits of each status",
        ("--by", "status", "-n", "0", "-f", "tsv"),
        answer.headed,
        (
            *awk(COUNT_STATUS, SORT),
            Rival(
                "angle-grinder",
                ("angle-grinder",),
                angle_grinder(r"\" (?P<status>\d\d\d) ", "status"),
                answer.unordered,
                exact=False,
            ),
            database("DuckDB", "duckdb", "status", exact=False),
            database("chdb (ClickHouse)", "chdb", "status", exact=False),
            database("Polars", "polars", "status", exact=False),
        ),
    ),
    Question(
        "overview",
        "The overview. Compared are requests, bytes, classes of status, clients, and, of"
        " requests with a protocol, paths found and not found: the top ten each",
        ("--json",),
        answer.overview,
        (
            Rival(
                "GoAccess",
                ("GoAccess",),
                goaccess,
                answer.goaccess,
                threads="jobs",
                exact=False,
            ),
        ),
        besides=(
            ("--by", "path", "-w", "status!=404 and protocol!=-", "--json"),
            ("--by", "path", "-w", "status=404 and protocol!=-", "--json"),
        ),
    ),
    Question(
        "distinct",
        "Distinct clients and the 95th percentile of bytes, both exact",
        ("-m", "hits,distinct:client,p95:bytes", "-f", "tsv"),
        answer.headed,
        (
            database("DuckDB", "duckdb", "distinct", exact=False),
            database("chdb (ClickHouse)", "chdb", "distinct", exact=False),
            database("Polars", "polars", "distinct", exact=False),
        ),
    ),
]

# What anyone knows as the time of one pass over a file. They answer nothing.
FLOOR = (
    Rival("wc -l", ("wc",), lambda setting, log: ["wc", "-l", log]),
    Rival("cat", ("cat",), shell('cat "$1" >/dev/null')),
)
