"""What scripts and notebooks use: `from flower_monitor import iter_tasks` and the like.

Each name is imported from its module when it is first asked for (`flower_monitor/__init__.py` lists them), so nothing
here costs a process that does not use it. `docs/library.md` has an example of each, beside Flower's own import.

search.py      Flower's search language, on tasks from anywhere
tasks.py       tasks of a store: listed, sorted, one by its id, as Flower's object
text.py        times and labels for people
connection.py  how a broker is named, and how a script waits for its answer
inspector.py   what workers say of themselves
broker.py      how long queues are
events.py      events of a broker as they come
monitor.py     a whole monitor, in processes of its own
asgi.py        its page and API for somebody else's server
companion.py   the process between a script and the monitor it started
"""
