#!/bin/sh
# A RabbitMQ of one node; its user and password are RABBITMQ_USER and RABBITMQ_PASSWORD.
set -eu
export HOME=/tmp RABBITMQ_NODENAME=rabbit@localhost RABBITMQ_MNESIA_BASE=/tmp/mnesia RABBITMQ_LOG_BASE=/tmp/log \
  RABBITMQ_PID_FILE=/tmp/rabbit.pid RABBITMQ_ENABLED_PLUGINS_FILE=/tmp/enabled_plugins RABBITMQ_CONFIG_FILE=/tmp/rabbitmq
mkdir -p "$RABBITMQ_MNESIA_BASE" "$RABBITMQ_LOG_BASE"
printf '[].' > "$RABBITMQ_ENABLED_PLUGINS_FILE"
printf 'listeners.tcp.default = 5672\ndefault_user = %s\ndefault_pass = %s\nloopback_users = none\n' \
  "$RABBITMQ_USER" "$RABBITMQ_PASSWORD" > "$RABBITMQ_CONFIG_FILE.conf"
exec /usr/lib/rabbitmq/bin/rabbitmq-server
