"""Judging what was recorded: the same rules the station followed, asked again with what the province knows.

Recording never waits for judging and judging never undoes recording. An entry is accepted in silence, or gets a verdict
that says whether the act kept the rules as the device could know them (``followed``) and whether it stands against what
was true (``holds``). Only the first blames a person.
"""

from province.journal.judging.bench import Judged, judge, judge_deferred

__all__ = ["Judged", "judge", "judge_deferred"]
