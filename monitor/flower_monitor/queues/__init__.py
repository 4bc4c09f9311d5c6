"""Queues of the broker: how long they are, what is next in them, and emptying one.

Each kind of broker has a module that talks to it, on a connection of `Control` (harmless: nothing is consumed, nothing
is moved) or with RabbitMQ's management API. What is made of their answers is pure.
"""
