"""Sending tasks, and what came of them.

`order` is what is sent (pure), `publisher` sends it, `outcomes` asks the result backend: what `stored` reads there, or
what `replies` received where results are messages (`rpc://`). `waiting` waits for many without a thread for each.
"""
