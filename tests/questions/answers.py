#!/usr/bin/env python3
"""Works out the answers to all questions, without the program that is being tested.

    python3 tests/questions/answers.py

reads `questions.json` and `logs/`, and writes `answers.json`. It needs Python 3.11 and nothing
else. `oracle.py` says what lines, keys, metrics and tables are; `by_hand/` what each question is.
"""

import json
import pathlib

from by_hand import ANSWERS, Lines
from oracle import Log, Number, base64, is_text, text

FOLDER = pathlib.Path(__file__).parent

# One question of each log also says what its lines are.
BALANCED = [
    ("site", "pages without assets"),
    ("vhosts", "one network"),
    ("api", "trouble"),
    ("nasty", "all paths"),
    ("nasty", "since a moment"),
]


def main():
    asked = json.loads((FOLDER / "questions.json").read_text())
    names = [(question["log"], question["name"]) for question in asked["questions"]]
    assert len(set(names)) == len(names), "two questions have one name"
    assert set(names) == set(ANSWERS), sorted(set(names) ^ set(ANSWERS))
    logs = {
        name: Log((FOLDER / "logs" / f"{name}.log").read_bytes(), log["form"])
        for name, log in asked["logs"].items()
    }
    answers = [answer(logs[log], log, name) for log, name in names]
    (FOLDER / "answers.json").write_text(written(answers) + "\n")


def answer(log, log_name, name):
    found = ANSWERS[log_name, name](log)
    if isinstance(found, Lines):
        content = {"exit": 0 if found.lines else 1}
        content["lines"] = [text(line) for line in found.lines]
        if not all(is_text(line) for line in found.lines):
            content["lines_base64"] = [base64(line) for line in found.lines]
    else:
        tables = found if isinstance(found, list) else [found]
        content = {"exit": 1 if all(table.is_empty() for table in tables) else 0}
        if (log_name, name) in BALANCED:
            balance = log.balance() | {"selected": tables[0].selected}
            content["run"] = {name: Number(count) for name, count in balance.items()}
        content["tables"] = [table.answer() for table in tables]
    return {"log": log_name, "name": name} | content


def written(value):
    """JSON with a row a line, and numbers digit by digit."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        parts = [f"{json.dumps(k)}: {written(v)}" for k, v in value.items()]
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list):
        parts = [written(item) for item in value]
        if parts and parts[0].startswith("{"):
            return "[\n" + ",\n".join(parts) + "\n]"
        return "[" + ", ".join(parts) + "]"
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    main()
