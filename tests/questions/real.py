#!/usr/bin/env python3
"""Works out the answers to real logs, of which only digests are kept.

    python3 tests/questions/real.py FOLDER

reads `real_questions.json` and the logs that it names in FOLDER, and writes `real.json`: of each
log and of each answer the SHA-256. Nothing of a log is in it. To see an answer whole:

    python3 tests/questions/real.py FOLDER --show LOG QUESTION
"""

import argparse
import datetime
import gzip
import hashlib
import json
import lzma
import pathlib

import by_hand.real  # noqa: F401
from answers import written
from by_hand import ANSWERS, Lines
from oracle import Log, text

HERE = pathlib.Path(__file__).parent
OPEN = {".gz": gzip.open, ".xz": lzma.open}


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=pathlib.Path, help="where the logs are")
    parser.add_argument("--show", nargs=2, metavar=("LOG", "QUESTION"), help="print this answer")
    arguments = parser.parse_args()
    asked = json.loads((HERE / "real_questions.json").read_text())
    unbalanced = by_pattern(asked)
    if arguments.show:
        name, question = arguments.show
        if name not in asked["logs"] or question not in questions(asked, asked["logs"][name]["form"]):
            parser.error(f"{question} is not asked of {name}: see real.json")
        log = read(unpacked(arguments.folder / name), asked["logs"][name])
        print(answer(log, question, unbalanced), end="")
        return
    digests = {}
    for name, about in asked["logs"].items():
        content = unpacked(arguments.folder / name)
        log = read(content, about)
        answers = {
            question: digest(answer(log, question, unbalanced).encode())
            for question in questions(asked, about["form"])
        }
        digests[name] = {"log": digest(content), "answers": answers}
    (HERE / "real.json").write_text(json.dumps(digests, indent=1) + "\n")


def digest(content):
    return hashlib.sha256(content).hexdigest()


def unpacked(path):
    with OPEN.get(path.suffix, open)(path, "rb") as file:
        return file.read()


def read(content, about):
    log = Log(content, "combined")
    log.day = datetime.date.fromisoformat(about["day"])
    return log


def questions(asked, form):
    """What a log is asked; one in the common format has neither referrers nor agents."""
    forms = ["any", form] if form == "combined" else ["any"]
    shared = [
        f"{log}/{name}"
        for part in forms
        for log, names in asked["shared"][part].items()
        for name in names
    ]
    own = [question for question in asked["questions"] if question.get("form", "any") in forms]
    return shared + [f"real/{question['name']}" for question in own]


def by_pattern(asked):
    """The questions that read lines, not entries: they say nothing of what the lines are."""
    others = json.loads((HERE / "questions.json").read_text())["questions"]
    every = others + [question | {"log": "real"} for question in asked["questions"]]
    return {f"{q['log']}/{q['name']}" for q in every if "-e" in q["args"]}


def answer(log, question, unbalanced):
    """The whole answer as text, a fact a line, its parts between tabs."""
    found = ANSWERS[tuple(question.split("/", 1))](log)
    if isinstance(found, Lines):
        facts = [["exit", "0" if found.lines else "1"]]
        facts += [["line", escaped(line)] for line in found.lines]
    else:
        tables = found if isinstance(found, list) else [found]
        facts = [["exit", "1" if all(table.is_empty() for table in tables) else "0"]]
        if question not in unbalanced:
            balance = log.balance() | {"selected": tables[0].selected}
            facts += [[name, str(count)] for name, count in balance.items()]
        for table in tables:
            facts += table_facts(table)
    return "".join("\t".join(fact) + "\n" for fact in facts)


def table_facts(table):
    said = table.answer()
    facts = [["by", *said["by"]], ["metrics", *said["metrics"]], ["distinct", said["distinct"]]]
    if table.across:
        columns = [escaped(text(value).encode()) for value in table.columns]
        facts.append(["across", table.across, *columns])
    for row, whole in zip(said["rows"], table.rows, strict=True):
        values = [written(value) for value in row["metrics"] + row.get("cells", [])]
        facts.append(["row", *map(escaped, whole.key), *values])
    return facts


def escaped(value):
    """Printable ASCII as it is, other bytes and the backslash as `\\x5c`."""
    plain = (chr(byte) if 32 <= byte < 127 and byte != 92 else f"\\x{byte:02x}" for byte in value)
    return "".join(plain)


if __name__ == "__main__":
    main()
