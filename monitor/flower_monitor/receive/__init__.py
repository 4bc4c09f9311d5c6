"""From the broker to bytes in memory: one thread that only receives, bounded in bytes, and what it lost.

url.py       what a broker URL says, and how it is shown
thread.py    the receiving thread's outer loop: connect, receive, back off, again
link.py      the state of the connection, as the status shows it
redis.py     Redis: pub/sub, read straight from the socket
rabbitmq.py  RabbitMQ: a queue of our own, acknowledged after the commit
feed.py      what ingest sees of either
"""
