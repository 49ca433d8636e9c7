"""One question, put to us and to all rivals that are here.

First the answers: on a short log, which also tells how long a rival would take for
the whole one, then on the log that it gets. Only then the clock, and only for those
whose answer is ours.
"""

import dataclasses
import statistics
from collections.abc import Callable
from typing import NamedTuple

from rivals import answer, clock
from rivals.log import Log
from rivals.question import FLOOR, Question, Rival, Setting


class Logs(NamedTuple):
    """The log, its first lines for slow rivals, and fewer to try all on."""

    whole: Log
    short: Log
    trial: Log


@dataclasses.dataclass(frozen=True)
class Figure:
    """The seconds of one command on one log.

    `idle` is the median of what the tool takes to start and ask nothing; `ours` the
    median of our own run with all threads in the same rounds, absent for our own.
    """

    label: str
    threads: str
    log: Log
    seconds: list[float]
    idle: float
    ours: float | None

    @property
    def median(self):
        """The median of the rounds."""
        return statistics.median(self.seconds)

    @property
    def times(self):
        """How many times as long as ours it takes, its own start left out.

        Nothing for our own, and for what is lost in the noise of that start.
        """
        if self.ours is None or self.median <= self.idle:
            return None
        return (self.median - self.idle) / self.ours


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The figures of one question, and why some have none.

    `wrong` says that a rival that follows the same rules answered something else, or
    that our own answer depends on the number of threads.
    """

    question: Question
    figures: list[Figure]
    remarks: list[str]
    wrong: bool


@dataclasses.dataclass(frozen=True)
class Contest:
    """How a question is put: to whom, on what, how often.

    A rival that would take more than `limit` seconds for the whole log gets the short
    one. `say` is told what happens.
    """

    setting: Setting
    logs: Logs
    versions: dict[str, str]
    rounds: int
    limit: float
    say: Callable[[str], None]

    def hold(self, question):
        """Puts one question."""
        remarks, wrong = [], False
        ours = {log: self.answer(question, log, 1) for log in set(self.logs)}
        for log, serial in ours.items():
            parallel = self.answer(question, log, self.setting.threads)
            if found := answer.difference(serial, parallel):
                remarks.append(f"our own answer depends on the threads: {found}")
                wrong = True
        heats = {self.logs.whole: [], self.logs.short: []}
        for rival in question.rivals:
            if any(tool not in self.versions for tool in rival.tools):
                continue
            self.say(f"{question.name}: {rival.label}")
            try:
                log, found = self.admit(rival, ours)
            except clock.Failed as failure:
                remarks.append(f"{rival.label} failed: {failure}")
                continue
            except (ValueError, LookupError) as failure:
                remarks.append(f"{rival.label} answers what cannot be read: {failure}")
                continue
            if found:
                rules = "" if rival.exact else ", being a short cut for ordinary lines"
                remarks.append(f"{rival.label} answers something else{rules}: {found}")
                wrong |= rival.exact
            else:
                heats[log].append(rival)
        figures = []
        for log, rivals in heats.items():
            if rivals or log == self.logs.whole:
                self.say(f"{question.name}: {self.rounds} rounds of {log.lines} lines")
                figures += self.heat(question, log, rivals)
        return Outcome(question, figures, remarks, wrong)

    def answer(self, question, log, threads):
        """What we answer."""
        commands = question.compared(self.setting, log.path, threads)
        return question.read(*(clock.answer(command)[0] for command in commands))

    def admit(self, rival, ours):
        """The log that a rival gets, and where its answer differs from ours."""
        trial = self.logs.trial
        output, seconds = clock.answer(rival.command(self.setting, trial.path))
        if found := answer.difference(ours[trial], rival.read(output)):
            return trial, found
        if rival.idle:
            seconds = max(0, seconds - clock.answer(rival.idle(self.setting))[1])
        slow = seconds * self.logs.whole.lines > self.limit * trial.lines
        log = self.logs.short if slow else self.logs.whole
        output, _ = clock.answer(rival.command(self.setting, log.path))
        return log, answer.difference(ours[log], rival.read(output))

    def heat(self, question, log, rivals):
        """The figures of those who read the same log, in turns."""
        floor = [rival for rival in FLOOR if rival.tools[0] in self.versions]
        rivals = floor + rivals
        all_threads = self.setting.threads
        counts = sorted({all_threads, 1}, reverse=True)
        commands = [
            question.ours(self.setting, log.path, threads) for threads in counts
        ]
        commands += [rival.command(self.setting, log.path) for rival in rivals]
        starts = list(dict.fromkeys(rival.idle for rival in rivals if rival.idle))
        commands += [idle(self.setting) for idle in starts]

        hyperfine = "hyperfine" in self.versions
        taken = clock.alternate(commands, self.rounds, self.setting.work, hyperfine)
        idles = dict(
            zip(starts, map(statistics.median, taken[len(counts) + len(rivals) :]))
        )
        best = statistics.median(taken[0])
        figures = [
            Figure("widefinder", str(threads), log, seconds, 0, None)
            for threads, seconds in zip(counts, taken)
        ]
        for rival, seconds in zip(rivals, taken[len(counts) :]):
            idle = idles.get(rival.idle, 0)
            threads = self.threads(rival)
            figures.append(Figure(rival.label, threads, log, seconds, idle, best))
        return figures

    def threads(self, rival: Rival):
        """How many threads a rival has, for people."""
        if rival.threads == "jobs":
            return str(self.setting.threads) if self.setting.goaccess_jobs else "1"
        return {"one": "1", "all": str(self.setting.threads), "pipe": "pipe"}[
            rival.threads
        ]
