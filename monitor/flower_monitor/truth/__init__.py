"""What the monitor has not seen, and what became of tasks that it saw no end of. Pure: no input, no output, no clock.

account.py     a worker process's own count of its tasks against the events seen: how many are missing
incidents.py   what happened to the monitor itself, from when to when: the reasons
gaps.py        missing events and reasons, joined into entries that a person reads
offset.py      how far a worker's clock is from ours
ledger.py      all of it for all workers, as ingest holds it
verdict.py     facts about an unfinished task to a verdict
"""
