"""From the broker to bytes in memory: one thread that only receives, bounded in bytes, and what it lost.

url.py       what a broker URL says, and how it is shown
tls.py       TLS to a broker
feed.py      what ingest sees of any broker
thread.py    the receiving thread's outer loop: connect, receive, back off, again
link.py      the state of the connection, as the status shows it, and each break of it

redis.py     Redis: pub/sub, read straight from the socket
sockets.py   connections to Redis, by way of Sentinels too
resp.py      the few words of Redis's protocol that are needed
stream.py    its bytes between two threads: shed from and counted when there is no room

rabbitmq.py  RabbitMQ: a queue of our own, acknowledged after the commit
claim.py     which queue that is, and the next best where it can't be had
consumer.py  reads a connection until it ends
frames.py    AMQP's frames, read by hand
backlog.py   what waits in the queue
inbox.py     its messages between two threads: paused when there is no room

other.py     every other transport, by kombu's own consumer
"""
