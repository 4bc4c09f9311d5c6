"""The table of what was found. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from compat.check import Check
from compat.verdict import Judgement, Verdict


@dataclass(frozen=True)
class Row:
    """One check and its verdicts by broker."""

    check: Check
    verdicts: Mapping[str, Verdict]

    @property
    def judgement(self) -> Judgement:
        """The worst of them."""
        found = {verdict.judgement for verdict in self.verdicts.values()}
        worst_first = (Judgement.DIFFERS, Judgement.BETTER, Judgement.SAME)
        return next(judgement for judgement in worst_first if judgement in found)


def document(rows: Sequence[Row], brokers: Sequence[str], *, full: bool = False) -> str:
    """Markdown: a line for each route, then each check that is better or differs (with `full` all of them)."""
    shown = [row for row in rows if full or row.judgement is not Judgement.SAME]
    lines = [*_routes(rows), "", *_checks(shown, brokers), "", *_differences(rows)]
    return "\n".join([*lines, _sum(rows)])


def _routes(rows: Sequence[Row]) -> Iterator[str]:
    yield "| route | checks | same | better | differs |"
    yield "|---|--:|--:|---|--:|"
    for route in dict.fromkeys(row.check.route for row in rows):
        own = [row for row in rows if row.check.route == route]
        same, better, differs = (_count(own, judgement) for judgement in Judgement)
        numbers = ", ".join(_deviations(own))
        yield f"| `{_cell(route)}` | {len(own)} | {same} | {f'{better} ({numbers})' if better else 0} | {differs} |"


def _checks(rows: Sequence[Row], brokers: Sequence[str]) -> Iterator[str]:
    if rows:
        yield f"| check | setting | {' | '.join(brokers)} |"
        yield "|---|---|" + "---|" * len(brokers)
    for row in rows:
        found = [_word(row.verdicts.get(broker)) for broker in brokers]
        yield f"| `{row.check.route}` {_cell(row.check.name)} | {row.check.on} | {' | '.join(found)} |"


def _differences(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        for broker, verdict in row.verdicts.items():
            if verdict.judgement is Judgement.DIFFERS:
                yield f"- {row.check.ask.method} {row.check.ask.path} ({row.check.name}; {broker}): {verdict.text}"
    yield ""


def _sum(rows: Sequence[Row]) -> str:
    same, better, differs = (_count(rows, judgement) for judgement in Judgement)
    return f"{len(rows)} checks: {same} same, {better} better, {differs} differ."


def _word(verdict: Verdict | None) -> str:
    if verdict is None:
        return "-"
    if verdict.judgement is Judgement.BETTER:
        return f"better ({verdict.text})"
    return str(verdict.judgement.value)


def _count(rows: Sequence[Row], judgement: Judgement) -> int:
    return sum(row.judgement is judgement for row in rows)


def _deviations(rows: Sequence[Row]) -> list[str]:
    found = {row.check.better.deviation for row in rows if row.check.better and row.judgement is Judgement.BETTER}
    return sorted(found, key=lambda name: int(name[1:]))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
