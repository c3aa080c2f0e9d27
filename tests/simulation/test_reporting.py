"""What is said of a run: for people, for machines, as a page; and a finding made smaller."""

from __future__ import annotations

import json

import pytest

from simulation import report
from simulation.faults import PROFILES, Rates
from simulation.gate import Measure
from simulation.outcome import Outcome
from simulation.run import main
from simulation.shrinking import shrink

HELD = Outcome(seed=5, profile="normal", trace="ab" * 32, acts=9, measure=Measure(steps=12, papers=3), counts={"a": 1})
BROKEN = Outcome(
    seed=6,
    profile="normal",
    trace="cd" * 32,
    acts=200,
    measure=Measure(steps=300),
    counts={"a": 2},
    invariant="I9",
    message="ink before record",
    timeline=["0001 print"],
)


def a_run(*outcomes: Outcome, short: list[str] | None = None) -> report.Run:
    return report.Run(
        profile=PROFILES["normal"], bug="", seconds=36.0, jobs=2, outcomes=list(outcomes), short=short or []
    )


def test_a_seed_that_held_is_one_line_and_a_finding_tells_how_to_see_it_again() -> None:
    assert report.told(HELD, "") == "seed 5: held, 12 steps, 3 papers, trace abababababab"
    said = report.told(BROKEN, "print_before_commit")
    assert said.splitlines() == [
        "  0001 print",
        "seed 6: I9: ink before record",
        "  again: inspector simulate --seeds 1 --first 6 --profile normal --plant print_before_commit",
    ]


def test_a_machine_reads_findings_medians_and_what_was_lacking() -> None:
    said = json.loads(report.as_json(a_run(HELD, BROKEN, short=["3 papers in the median, not 40"])))
    assert [one["seed"] for one in said["findings"]] == [6]
    assert (said["seeds"], said["least_steps"], said["medians"]["steps"], said["sums"]["papers"]) == (2, 12, 156, 3)
    assert said["too_little"] == ["3 papers in the median, not 40"]
    assert said["totals"] == {"a": 3}
    assert said["seeds_per_hour_and_core"] == 100


def test_the_page_says_what_was_run_what_was_found_and_what_no_run_can_show() -> None:
    page = report.page(a_run(HELD, BROKEN), 1_790_000_000_000)
    assert "seeds 5 to 6: 2 worlds" in page
    assert "- seed 6: I9: ink before record" in page
    assert "| papers | 1.5 | 3 |" in page
    assert "no protocol can catch" in page
    assert "None." in report.page(a_run(HELD), 1_790_000_000_000)


def test_a_finding_keeps_only_the_faults_and_acts_it_needs() -> None:
    def rerun(without: frozenset[str], acts: int) -> Outcome:
        # It takes the printer's moods, and shows at the 40th act.
        shows = "printer_mood" not in without and acts >= 40
        return Outcome(
            seed=6,
            profile="normal",
            trace="",
            acts=min(acts, 40),
            measure=Measure(),
            counts={},
            invariant="I9" if shows else "",
        )

    shrunk = shrink(BROKEN, 330, rerun)
    assert set(shrunk.without) == set(Rates.__struct_fields__) - {"printer_mood"}
    assert (shrunk.acts, shrunk.outcome.invariant) == (40, "I9")
    assert f"--acts 40 --without {','.join(shrunk.without)}" in report.smaller(shrunk, "")


def test_a_finding_that_needs_all_its_acts_keeps_them() -> None:
    def rerun(without: frozenset[str], acts: int) -> Outcome:
        shows = not without and acts == 330
        return Outcome(
            seed=6,
            profile="normal",
            trace="",
            acts=300,
            measure=Measure(),
            counts={},
            invariant="I9" if shows else "I12",
        )

    shrunk = shrink(BROKEN, 330, rerun)
    assert (shrunk.without, shrunk.acts, shrunk.outcome) == ((), 330, BROKEN)


@pytest.mark.parametrize(
    "arguments", [["--seeds", "0"], ["--jobs", "none"], ["--without", "gravity"], ["--acts", "-1"], ["--page"]]
)
def test_wrong_usage_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
