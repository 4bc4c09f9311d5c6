"""Holds a RabbitMQ for a whole test run, whose processes come and go: `python -m tests.support.rabbitmq_keeper`.

Arguments: path of rabbitmq-server, a folder, process id of the test run, memory from which on it has an alarm. Prints
one line of JSON once it answers. On SIGHUP restarts it, and then makes the file `restarted` in the folder. Ends it on
SIGTERM, or when the test run is gone.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import certificates, ports
from .certificates import Certificates

#: Longest time for it to start: the Erlang machine takes 5 s of CPU.
START_SECONDS = 240.0

STOP_SECONDS = 30.0


def main(server: str, folder: Path, run: int, memory: str) -> None:
    """Hold it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    restart = threading.Event()
    signal.signal(signal.SIGHUP, lambda *_: restart.set())
    amqp, amqps, http, https, epmd_port = (ports.free() for _ in range(5))
    tls = certificates.make(folder / "tls")
    env = environment(folder, amqp, http, epmd_port, memory)
    secure(folder, amqps, https, tls)
    epmd = subprocess.Popen(["epmd", "-port", str(epmd_port), "-address", "127.0.0.1"], env=env)
    broker = start(server, env)
    try:
        wait(broker, http, amqp, amqps)
        places = {"amqp": amqp, "amqps": amqps, "http": http, "https": https, "tls": [str(path) for path in tls]}
        print(json.dumps({"keeper": os.getpid(), **places}), flush=True)  # noqa: T201 - the answer
        while broker.poll() is None and Path(f"/proc/{run}").exists():
            if restart.is_set():
                end(broker)
                broker = start(server, env)
                wait(broker, http, amqp, amqps)
                restart.clear()
                (folder / "restarted").touch()
            time.sleep(0.5)
    finally:
        end(broker)
        epmd.kill()
        epmd.wait()


def start(server: str, env: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Start it in a session of its own: Ctrl-C must not reach it before the tests end, and all of it can be ended."""
    return subprocess.Popen([server], env=env, start_new_session=True, stdout=sys.stderr)


def environment(folder: Path, amqp: int, http: int, epmd: int, memory: str) -> dict[str, str]:
    """A node that shares nothing with another of this machine."""
    (folder / "plugins").write_text("[rabbitmq_management].\n")
    (folder / "rabbitmq.conf").write_text(
        f"listeners.tcp.1 = 127.0.0.1:{amqp}\n"
        f"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {http}\n"
        f"vm_memory_high_watermark.absolute = {memory}\ndisk_free_limit.absolute = 50MB\n"
    )
    return {
        **os.environ,
        "HOME": str(folder),  # where Erlang makes its cookie
        "RABBITMQ_NODENAME": f"test{amqp}@localhost",
        "RABBITMQ_DIST_PORT": str(ports.free()),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "ERL_CRASH_DUMP": str(folder / "erl_crash.dump"),
        "ERL_EPMD_PORT": str(epmd),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
    }


def secure(folder: Path, amqps: int, https: int, tls: Certificates) -> None:
    """Have it listen with TLS too: for AMQP it wants a client's certificate, for the management API none."""
    with (folder / "rabbitmq.conf").open("a") as config:
        config.write(
            f"listeners.ssl.1 = 127.0.0.1:{amqps}\n"
            f"ssl_options.cacertfile = {tls.ca}\n"
            f"ssl_options.certfile = {tls.server}\nssl_options.keyfile = {tls.server}\n"
            "ssl_options.verify = verify_peer\nssl_options.fail_if_no_peer_cert = true\n"
            f"management.ssl.ip = 127.0.0.1\nmanagement.ssl.port = {https}\n"
            f"management.ssl.cacertfile = {tls.ca}\n"
            f"management.ssl.certfile = {tls.server}\nmanagement.ssl.keyfile = {tls.server}\n"
        )


def wait(broker: "subprocess.Popen[bytes]", http: int, *listeners: int) -> None:
    """Until it answers: it listens for AMQP only when all plugins have started, the management API among them."""
    wait_for_management(broker, http)
    for port in listeners:
        ports.wait(port, alive=lambda: broker.poll() is None)


def wait_for_management(broker: "subprocess.Popen[bytes]", http: int) -> None:
    """Until the management API answers."""
    deadline = time.monotonic() + START_SECONDS
    url = f"http://127.0.0.1:{http}/api/overview"
    while broker.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=10).close()
        except urllib.error.HTTPError:
            return  # 401: it answers
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"RabbitMQ does not start (exit code {broker.poll()})")


def end(broker: "subprocess.Popen[bytes]") -> None:
    """End its whole session."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(broker.pid, signal.SIGTERM)
    try:
        broker.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(broker.pid, signal.SIGKILL)
        broker.wait()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
