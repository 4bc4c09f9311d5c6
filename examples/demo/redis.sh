#!/bin/sh
# A Redis that keeps nothing on disk; its password is REDIS_PASSWORD.
# The password goes in by a file of its own, so that no list of processes shows it.
set -eu
umask 077
printf 'port 6379\nbind 0.0.0.0\nsave ""\nappendonly no\ndir /tmp\nrequirepass %s\n' "$REDIS_PASSWORD" > /tmp/redis.conf
exec redis-server /tmp/redis.conf
