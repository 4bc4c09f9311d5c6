"""Workers: are there any, do they tell of their tasks, was all of it seen, and are their clocks right. Pure."""

from collections.abc import Iterator, Sequence

from flower_monitor.web import missing
from flower_monitor.web.doctor.check import Check, Subject, count, percent
from flower_monitor.web.doctor.facts import Facts
from flower_monitor.web.events_switch import FIX

WORKERS = Subject("workers", "Workers")
SENDING = Subject("worker-events", "Task events")
SEEN = Subject("seen", "Share seen")
CLOCKS = Subject("clocks", "Workers' clocks")

OFF = 5.0
"""Seconds that a worker's clock may be off: times of one task by two clocks then contradict each other to the eye."""

NAMED = 3
"""Workers that a finding names; it counts the others."""


def checks(facts: Facts) -> Iterator[Check]:
    """In the order of an event's way; who is there at all is for `workers`, which may have to ask."""
    yield sending(facts)
    yield seen(facts)
    yield clocks(facts)


def workers(facts: Facts, answering: Sequence[str]) -> Check:
    """Who is there. `answering`: host names of those that answered a ping, asked only where nobody is online."""
    states = facts.summary.workers
    online, lost = states.get("online", 0), states.get("lost", 0)
    if online:
        return _online(facts, online)
    known = f"{states.get('offline', 0)} offline and {lost} lost are remembered"
    if answering:
        finding = f"{named(answering)} answered when asked, but no heartbeat of theirs came; {known}."
        return WORKERS.failed(finding, _MUTE)
    return WORKERS.failed(f"None is online, and none answered when asked; {known}.", _START)


def _online(facts: Facts, online: int) -> Check:
    """Some are there. One that is lost ended without a word, perhaps with tasks that it had taken."""
    finding = count(online, "worker is", "workers are") + " online"
    lost = sorted(worker.hostname for worker in facts.workers if worker.state == "lost")
    if not lost:
        return WORKERS.ok(f"{finding}.")
    return WORKERS.warning(f"{finding}; {count(len(lost), 'is', 'are')} lost: {named(lost)}.", _LOST)


_LOST = (
    "See on its page (Workers) what it ran last, and on its host or pod why it ended: out of memory, killed, or cut "
    "off from the broker. One that is gone for good is forgotten after --purge-offline-workers (a day)."
)
_MUTE = (
    "Start them without --without-heartbeat, and with the event_exchange (and on Redis fanout_prefix and "
    "global_keyprefix) that the monitor has: -A YOUR_APP gives it the workers' own."
)
_START = (
    "Start one at this broker: celery -A YOUR_APP worker -E. One at another address, virtual host or database number "
    "is not seen here."
)


def sending(facts: Facts) -> Check:
    """Whether those that are online tell of their tasks."""
    online = facts.online
    if not online:
        return SENDING.skipped("No worker is online.")
    off = next((notice for notice in facts.notices if notice.code == "events-disabled"), None)
    if off is not None:
        return SENDING.failed(off.message, off.fix)
    quiet = [worker.hostname for worker in online if not worker.task_events]
    if not quiet:
        return SENDING.ok(f"Task events have come from each worker that is online ({len(online)}).")
    asked = "they were asked for them" if facts.config.enable_events else f"if they are off, {FIX}"
    return SENDING.ok(
        f"No task event yet of {named(quiet)}, which have run no task that should have sent one; {asked}."
    )


def seen(facts: Facts) -> Check:
    """How much of the last hour was seen."""
    share = missing.share(facts.summary.seen)
    if share is None:
        return SEEN.skipped("No task was started in the last hour, as far as workers tell.")
    missed, due = facts.summary.seen.missed, facts.summary.seen.due
    finding = f"{percent(share)} of {count(due, 'task')} that workers started in the last hour."
    notice = next((one for one in missing.notices(facts.summary) if one.code == "events-missed"), None)
    if not missed or notice is None:
        return SEEN.ok(finding)
    began = min((gap.start for gap in facts.summary.gaps), default=None)
    return SEEN.warning(f"{finding[:-1]}: {notice.message}", notice.fix, began)


def clocks(facts: Facts) -> Check:
    """Whether workers' clocks agree with ours."""
    offsets = {worker.hostname: worker.clock_offset for worker in facts.online if worker.clock_offset is not None}
    if not offsets:
        return CLOCKS.skipped("No worker is online whose clock is known.")
    wrong = sorted(
        (host for host, offset in offsets.items() if abs(offset) > OFF), key=lambda host: -abs(offsets[host])
    )
    worst = max(offsets.values(), key=abs)
    if wrong:
        finding = f"{named(wrong)}: {abs(worst):,.1f} s {'ahead of' if worst > 0 else 'behind'} the monitor's at worst."
        return CLOCKS.warning(finding, "Synchronise the clocks of their hosts and of the monitor's (chrony, NTP).")
    return CLOCKS.ok(f"{count(len(offsets), 'clock')} within {abs(worst):.2g} s of the monitor's.")


def named(hostnames: Sequence[str]) -> str:
    """The first of some names, and how many more."""
    more = len(hostnames) - NAMED
    return ", ".join(hostnames[:NAMED]) + (f" and {more} more" if more > 0 else "")
