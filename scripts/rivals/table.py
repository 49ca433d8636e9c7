"""The outcome as Markdown, in columns that can be read on a terminal."""

from rivals.tool import TOOLS


def aligned(head, rows):
    """A table; all columns but the first are numbers and stand to the right."""
    cells = [[row[0].replace("|", "\\|"), *row[1:]] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells)]
    rule = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]
    lines = []
    for row in (cells[0], rule, *cells[1:]):
        padded = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        lines.append(" | ".join(["| " + row[0].ljust(widths[0]), *padded]) + " |")
    return "\n".join(lines)


def figures(outcome):
    """The table of one question."""
    head = [
        "tool",
        "threads",
        "lines",
        "median s",
        "from",
        "to",
        "start s",
        "times ours",
    ]
    rows = []
    for figure in outcome.figures:
        seconds = (figure.median, min(figure.seconds), max(figure.seconds))
        rows.append(
            [
                figure.label,
                figure.threads,
                str(figure.log.lines),
                *(f"{value:.3f}" for value in seconds),
                f"{figure.idle:.3f}" if figure.idle else "",
                f"{figure.times:.1f}" if figure.times is not None else "",
            ]
        )
    return aligned(head, rows)


def question(outcome):
    """A section about one question."""
    parts = [
        f"### {outcome.question.title}",
        command(outcome.question),
        figures(outcome),
    ]
    if outcome.remarks:
        parts.append(
            "\n".join(f"- Without a figure: {remark}" for remark in outcome.remarks)
        )
    return "\n\n".join(parts)


def command(asked):
    """What we were asked, as one would type it."""
    options = (
        f"'{option}'" if set(option) & set("\\ ()") else option
        for option in asked.options
    )
    return f"`widefinder {' '.join(options)} LOG`"


def document(machine, versions, logs, rounds, outcomes):
    """All of it."""
    about = [*machine, ("log", f"{logs.whole.bytes} bytes, {logs.whole.lines} lines")]
    about += [
        (name, versions[name])
        for name in ["widefinder", *(t.name for t in TOOLS)]
        if name in versions
    ]
    missing = [t for t in TOOLS if t.name not in versions]
    parts = [
        "## Compared with other tools",
        "\n".join(f"- {name}: {value}" for name, value in about),
    ]
    if missing:
        parts.append(
            "Not found: " + ", ".join(f"{t.name} ({t.source})" for t in missing) + "."
        )
    parts.append(
        f"Rounds: {rounds}. Medians and spread of all rounds, in which the tools took turns, from start to exit, with a"
        " warm page cache. Every answer was compared with ours before. `start s` is what a module"
        " of Python's takes to be loaded and asked nothing; `times ours` leaves it out, and is"
        " against our run with all threads on the same lines, in the same rounds. `wc` and `cat`"
        " answer nothing: they are one pass over the file."
    )
    return "\n\n".join([*parts, *map(question, outcomes)]) + "\n"
