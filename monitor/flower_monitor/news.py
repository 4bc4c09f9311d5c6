"""What web found out or did and is not stored yet: it waits for the next commit."""

import msgspec

from flower_monitor.audit import AuditEntry
from flower_monitor.queue_samples import QueueSamples
from flower_monitor.silence import Change, Lifted, Silenced
from flower_monitor.summary_samples import SummarySample
from flower_monitor.truth.verdict import Verdict

#: How much of it waits when commits fail; the rest stays where it comes from.
MOST = 1000

Item = Verdict | AuditEntry | Silenced | Lifted | QueueSamples | SummarySample


class News(msgspec.Struct):
    """By kind, each in the order it came."""

    verdicts: list[Verdict] = []
    audit: list[AuditEntry] = []
    silences: list[Change] = []
    queues: list[QueueSamples] = []
    summaries: list[SummarySample] = []

    def add(self, item: Item) -> None:
        """Keep one."""
        if isinstance(item, Verdict):
            self.verdicts.append(item)
        elif isinstance(item, AuditEntry):
            self.audit.append(item)
        elif isinstance(item, QueueSamples):
            self.queues.append(item)
        elif isinstance(item, SummarySample):
            self.summaries.append(item)
        else:
            self.silences.append(item)

    def __len__(self) -> int:
        kinds = (self.verdicts, self.audit, self.silences, self.queues, self.summaries)
        return sum(len(kind) for kind in kinds)
