"""The endless stream of messages."""

import collections
from collections.abc import Iterator
from random import Random

from bench.load import messages
from bench.load.ids import Ids
from bench.load.messages import Call, Message, Sender
from bench.load.shape import Shape
from bench.load.tasks import Task, args_of, kwargs_of, steps_of

_SAMPLED = 200
"""Every so many tasks are noted with their final state."""


class Load:
    """A reproducible stream of messages: `next_message` for as long as wanted, then `finish`.

    A task's life is task-sent (from the client, alone in a message), then task-received, task-started and
    task-succeeded or task-failed from its worker, in groups; a retried task goes through task-retried and starts anew.
    """

    def __init__(self, shape: Shape | None = None) -> None:
        self.shape = shape or Shape()
        self.random = Random(self.shape.seed)
        self.workers = self.shape.worker_names()
        self.names = self.shape.task_names()
        self.ids = Ids()
        self.tasks = self.events = 0
        self.states: collections.Counter[str] = collections.Counter()
        self.types: collections.Counter[str] = collections.Counter()
        self.sample: dict[str, str] = {}
        """Ids of some tasks -> the state in which they end."""
        self._clock = self._tags = 0
        self._sent = self.shape.sent
        self._sizes = self.shape.sizes()
        self._buffers: list[list[str]] = [[] for _ in self.workers]
        self._targets = [self.random.choice(self._sizes) for _ in self.workers]
        self._ready: collections.deque[Message] = collections.deque()
        self._active: list[Task] = []

    def next_message(self) -> Message:
        """The next one; makes tasks as it needs them."""
        ready, active, chance = self._ready, self._active, self.random.random
        while len(active) < self.shape.in_flight:
            active.append(self._new_task())
        while not ready:
            at = int(chance() * len(active))
            if self._step(active[at]):
                active[at] = self._new_task()
        message = ready.popleft()
        self.events += message.events
        return message

    def finish(self) -> Iterator[Message]:
        """The messages that bring every task in flight to its end."""
        while self._active:
            at = int(self.random.random() * len(self._active))
            if self._step(self._active[at]):
                self._active.pop(at)
        for worker in range(len(self.workers)):
            self._flush(worker)
        while self._ready:
            self.events += self._ready[0].events
            yield self._ready.popleft()

    def worker_messages(self, kind: str = "worker-heartbeat") -> list[Message]:
        """One worker event from each worker."""
        processed = self.tasks // len(self.workers)
        return [messages.worker(self._sender(i), kind, processed) for i in range(len(self.workers))]

    def probe(self) -> tuple[str, Message]:
        """One more task-received, of a task of its own: its id and the message."""
        self._tags += 1
        uuid = self.ids.uuid(self._tags, Ids.PROBE)
        self.types["task-received"] += 1
        event = messages.received(self._sender(0), Call(uuid, "bench.sentinel", "()", "{}", 0))
        self.events += 1
        return uuid, messages.group(self.workers[0], [event])

    def envelope(self, message: Message) -> bytes:
        """The message as it goes through Redis."""
        self._tags += 1
        return messages.envelope(message, self.ids.uuid(self._tags, Ids.MESSAGE)).encode()

    def _sender(self, worker: int) -> Sender:
        self._clock += 1
        return (self.workers[worker], 100 + worker, self._clock)

    def _new_task(self) -> Task:
        self.tasks += 1
        chance, shape = self.random.random, self.shape
        uuid = self.ids.uuid(self.tasks)
        worker, name = int(chance() * len(self.workers)), self.names[int(chance() * len(self.names))]
        args, kwargs = args_of(self.tasks, self.random, shape.pad), kwargs_of(self.tasks, self.random)
        task = Task(Call(uuid, name, args, kwargs, 0), worker, steps_of(chance(), shape.fail, shape.retry))
        self.states[task.final_state] += 1
        if self.tasks % _SAMPLED == 0:
            self.sample[uuid] = task.final_state
        self._send(task)
        return task

    def _send(self, task: Task) -> None:
        if self._sent:
            self.types["task-sent"] += 1
            self._ready.append(messages.sent(task.call))

    def _step(self, task: Task) -> bool:
        """Render the task's next event into its worker's buffer; whether it was the last."""
        step = task.steps.pop()
        self.types[step] += 1
        buffer = self._buffers[task.worker]
        buffer.append(self._event(task, step))
        if len(buffer) >= self._targets[task.worker]:
            self._flush(task.worker)
        return not task.steps

    def _event(self, task: Task, step: str) -> str:
        sender = self._sender(task.worker)
        if step == "task-received":
            return messages.received(sender, task.call)
        if step == "task-started":
            return messages.started(sender, task.call.uuid)
        if step == "task-succeeded":
            return messages.succeeded(sender, task.call.uuid, 0.01 + self.random.random())
        if step == "task-retried":
            task.retry()
            self._send(task)
        return messages.failed(sender, task.call.uuid, step)

    def _flush(self, worker: int) -> None:
        buffer = self._buffers[worker]
        if buffer:
            self._ready.append(messages.group(self.workers[worker], buffer))
            buffer.clear()
            self._targets[worker] = self.random.choice(self._sizes)
