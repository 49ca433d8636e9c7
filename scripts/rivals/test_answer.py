"""What is read of each tool, and how a difference is found.

Run in scripts/: python3 -m unittest rivals.test_answer
"""

import json
import unittest

from rivals import answer


class Reading(unittest.TestCase):
    """What is read."""

    def test_tsv_loses_its_head_and_its_escapes(self):
        output = b"path\thits\n/a\\tb\\\\n\t3\n"
        self.assertEqual(answer.headed(output), [[b"/a\tb\\n", b"3"]])

    def test_rows_are_ordered_by_number_and_then_by_key(self):
        output = b"b\t2\na\t2\nc\t10\n"
        expected = [[b"c", b"10"], [b"a", b"2"], [b"b", b"2"]]
        self.assertEqual(answer.unordered(output), expected)

    def test_only_ten_rows_are_kept(self):
        output = b"".join(b"%d\t%d\n" % (i, i) for i in range(1, 13))
        self.assertEqual(len(answer.first_ten(output)), 10)

    def test_both_reports_say_the_same(self):
        self.assertEqual(
            answer.overview(*map(json.dumps, OURS)),
            answer.goaccess(json.dumps(THEIRS).encode()),
        )


class Comparing(unittest.TestCase):
    """What differs."""

    def test_equal_answers_have_no_difference(self):
        self.assertIsNone(answer.difference([[b"a", b"1"]], [[b"a", b"1"]]))

    def test_the_first_row_that_differs_is_named(self):
        found = answer.difference(
            [[b"a", b"1"], [b"b", b"1"]], [[b"a", b"1"], [b"c", b"1"]]
        )
        self.assertEqual(found, "row 2: ours 'b  1', theirs 'c  1'")

    def test_a_row_that_is_missing_is_a_difference(self):
        self.assertEqual(
            answer.difference([[b"a"], [b"b"]], [[b"a"]]), "ours has 2 rows, theirs 1"
        )

    def test_control_characters_are_not_shown(self):
        self.assertEqual(answer.show([b"\x1b[2J"]), r"'\x1b[2J'")


def table(by, rows):
    """A table in our JSON."""
    rows = [{"key": [key], "metrics": {"hits": hits}} for key, hits in rows]
    return {"by": [by], "rows": rows}


def panel(rows):
    """A panel of GoAccess's."""
    return {"data": [{"data": key, "hits": {"count": hits}} for key, hits in rows]}


OURS = (
    {
        "run": {"entries": 6},
        "totals": {"bytes": 70, "classes": {"2xx": 5, "4xx": 1, "5xx": 0}},
        "tables": [table("path", [("/", 9)]), table("client", [("c", 4), ("d", 2)])],
    },
    {"tables": [table("path", [("/a%20b", 3), ("/s.css", 1)])]},
    {"tables": [table("path", [("/no", 1)])]},
)
THEIRS = {
    "general": {"valid_requests": 6, "bandwidth": 70},
    "status_codes": panel([("4xx Client Errors", 1), ("2xx Success", 5)]),
    "requests": panel([("/a b", 3), ("-", 1)]),
    "static_requests": panel([("/s.css", 1)]),
    "not_found": panel([("/no", 1)]),
    "hosts": panel([("c", 4), ("d", 2)]),
}

if __name__ == "__main__":
    unittest.main()
