"""Redis: by TLS, users and Sentinels; and what a flood, a slow reader, a stall and a cut do to the connection."""

import contextlib
import signal
import ssl
import threading
from pathlib import Path

import pytest
import redis as redis_client

from flower_monitor.config import CeleryApp
from flower_monitor.receive.feed import Feed
from flower_monitor.receive.stream import Stream
from tests.monitor.receive.live import following
from tests.support import certificates, ports
from tests.support.events import sender
from tests.support.patience import PATIENCE
from tests.support.processes import until
from tests.support.proxy import proxy
from tests.support.redis import RedisServer, redis_server, sentinel

CHANNEL = "/0.celeryev/task.multi"


def test_tls_with_an_own_authority_and_a_clients_certificate(tmp_path: Path) -> None:
    tls = certificates.make(tmp_path / "tls")
    files = {"ssl_ca_certs": str(tls.ca), "ssl_certfile": str(tls.client), "ssl_keyfile": str(tls.client)}
    workers = {**files, "ssl_cert_reqs": ssl.CERT_REQUIRED}
    with redis_server(tmp_path / "redis", tls=tls) as redis, sender(redis.url, broker_use_ssl=workers) as worker:
        query = "&".join(f"{name}={path}" for name, path in files.items())
        for url, use_ssl in ((f"{redis.url}?{query}", False), (redis.url.replace("rediss", "redis"), files)):
            with following(url, broker_use_ssl=use_ssl) as seen:
                seen.connected()
                seen.sees(worker)
                worker.send("task-failed", uuid="long", exception="x" * 1_000_000)
                seen.sees(worker)
                assert any(len(event.exception or "") == 1_000_000 for event in seen.events)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("ssl_certfile={client}&ssl_keyfile={client}", "certificate verify failed"),
        ("ssl_ca_certs={other_ca}&ssl_certfile={client}&ssl_keyfile={client}", "certificate verify failed"),
        ("ssl_ca_certs={ca}", "it may want a client's certificate (ssl_certfile)"),
    ],
)
def test_tls_that_does_not_hold_is_refused_and_told(options: str, says: str, tmp_path: Path) -> None:
    tls = certificates.make(tmp_path / "tls")
    query = options.format(**tls._asdict())
    with redis_server(tmp_path / "redis", tls=tls) as redis, following(f"{redis.url}?{query}") as seen:
        seen.disconnected(says)


def test_a_certificate_for_another_host_is_refused(tmp_path: Path) -> None:
    tls = certificates.make(tmp_path / "tls", host="other.test")
    query = f"ssl_ca_certs={tls.ca}&ssl_certfile={tls.client}&ssl_keyfile={tls.client}"
    with redis_server(tmp_path / "redis", tls=tls) as redis:
        with following(f"{redis.url}?{query}") as seen:
            seen.disconnected("certificate is not valid for")
        with following(f"{redis.url}?{query}&ssl_check_hostname=false") as seen:
            seen.connected()


def test_a_user_needs_no_more_than_the_documented_rights(tmp_path: Path) -> None:
    rights = "on >secret resetchannels &/0.celeryev/* +auth +ping +psubscribe"
    users = ["--user", "monitor", *rights.split()]
    with (
        redis_server(tmp_path / "redis", *users) as redis,
        sender(redis.url) as worker,
        following(redis.url.replace("//", "//monitor:secret@")) as seen,
    ):
        seen.connected()
        seen.sees(worker)


def test_a_user_who_may_not_subscribe_is_told(tmp_path: Path) -> None:
    users = "--user monitor on >secret resetchannels +@all"
    with (
        redis_server(tmp_path / "redis", *users.split()) as redis,
        following(redis.url.replace("//", "//monitor:secret@")) as seen,
    ):
        seen.disconnected("may not subscribe to Celery's channels")


@pytest.mark.parametrize("options", [{}, {"global_keyprefix": "team:"}, {"fanout_prefix": "/{db}/x."}])
def test_every_database_has_its_own_channels(redis: RedisServer, options: dict[str, str]) -> None:
    other = redis.url.removesuffix("0") + "7"
    with (
        following(other, transport_options=options) as seen,
        sender(redis.url, broker_transport_options=options) as stranger,
        sender(other, broker_transport_options=options) as worker,
    ):
        seen.connected()
        stranger.task()
        seen.sees(worker)

    assert len(seen.events) == 3


def test_an_app_may_publish_its_events_on_an_exchange_of_its_own(redis: RedisServer) -> None:
    with (
        following(redis.url, app=CeleryApp(event_exchange="shop*")) as seen,
        sender(redis.url) as stranger,
        sender(redis.url, event_exchange="shop*") as worker,
    ):
        seen.connected()
        stranger.task()
        seen.sees(worker)

    assert len(seen.events) == 3


def test_a_failover_by_sentinel_is_followed(tmp_path: Path) -> None:
    """The first Sentinel of the URL is not there; the master is killed; its replica takes over.

    At our word: a Sentinel that is quick to decide does so for a master that is only slow.
    """
    with contextlib.ExitStack() as stack:
        master = stack.enter_context(redis_server(tmp_path / "master", "--repl-diskless-sync-delay", "0"))
        replica_of = ("--replicaof", "127.0.0.1", str(master.port))
        replica = stack.enter_context(redis_server(tmp_path / "replica", *replica_of))
        synced(master)
        port = stack.enter_context(sentinel(tmp_path / "sentinel", master))
        until(lambda: knows_replica(port), "the Sentinel knows the replica")
        url = f"sentinel://127.0.0.1:{ports.free()}/0;sentinel://127.0.0.1:{port}"
        seen = stack.enter_context(following(url, transport_options={"master_name": "mymaster"}))
        seen.connected()
        with sender(master.url) as worker:
            seen.sees(worker)
        master.signal(signal.SIGKILL)
        until(lambda: fails_over(port, replica), "the Sentinel made the replica the master")
        seen.connected(times=2)
        with sender(replica.url) as worker:
            seen.sees(worker)

    assert [(found.reason, found.kept) for found in seen.feed.link.breaks] == [("restarted", False)]


def test_workers_of_a_sentinel_are_followed_by_kombus_own_rules(tmp_path: Path) -> None:
    """Sentinel and master have passwords of their own."""
    options = {"master_name": "mymaster", "sentinel_kwargs": {"password": "watch"}}
    passwords = ("--requirepass", "data", "--masterauth", "data")
    with redis_server(tmp_path / "master", *passwords) as master:
        lines = ("sentinel auth-pass mymaster data", "requirepass watch")
        with sentinel(tmp_path / "sentinel", master, *lines) as port:
            url = f"sentinel://:data@127.0.0.1:{port}/2"
            with (
                following(url, transport_options=options) as seen,
                sender(url, broker_transport_options=options) as worker,
            ):
                seen.connected()
                seen.sees(worker)


@pytest.mark.parametrize("everywhere", [False, True], ids=["sentinel", "master-too"])
def test_tls_to_sentinels_is_that_of_sentinel_kwargs(everywhere: bool, tmp_path: Path) -> None:
    """And that of the master is what `broker_use_ssl` says, as kombu has it."""
    tls = certificates.make(tmp_path / "tls")
    files = {"ssl_ca_certs": str(tls.ca), "ssl_certfile": str(tls.client), "ssl_keyfile": str(tls.client)}
    options = {"master_name": "mymaster", "sentinel_kwargs": {"ssl": True, **files}}
    use_ssl = files if everywhere else False
    with (
        redis_server(tmp_path / "master", tls=tls if everywhere else None) as master,
        sentinel(tmp_path / "sentinel", master, f"tls-replication {'yes' if everywhere else 'no'}", tls=tls) as port,
        following(f"sentinel://127.0.0.1:{port}", transport_options=options, broker_use_ssl=use_ssl) as seen,
        sender(f"sentinel://127.0.0.1:{port}", broker_transport_options=options, broker_use_ssl=use_ssl) as worker,
    ):
        seen.connected()
        seen.sees(worker)


def test_a_sentinel_whose_certificate_does_not_hold_is_told(tmp_path: Path) -> None:
    tls = certificates.make(tmp_path / "tls")
    files = {"ssl_ca_certs": str(tls.other_ca), "ssl_certfile": str(tls.client), "ssl_keyfile": str(tls.client)}
    options = {"master_name": "mymaster", "sentinel_kwargs": {"ssl": True, **files}}
    with (
        redis_server(tmp_path / "master") as master,
        sentinel(tmp_path / "sentinel", master, tls=tls) as port,
        following(f"sentinel://127.0.0.1:{port}", transport_options=options) as seen,
    ):
        seen.disconnected("certificate verify failed")


def test_a_master_that_no_sentinel_knows_is_told(tmp_path: Path) -> None:
    with (
        redis_server(tmp_path / "master") as master,
        sentinel(tmp_path / "sentinel", master) as port,
        following(f"sentinel://127.0.0.1:{port}", transport_options={"master_name": "nobody"}) as seen,
    ):
        seen.disconnected("knows no master 'nobody'; correct master_name")


def synced(master: RedisServer) -> None:
    with redis_client.Redis(port=master.port) as client:
        until(lambda: client.info("replication").get("slave0", {}).get("state") == "online", "the replica is in step")


def fails_over(port: int, to: RedisServer) -> bool:
    """Whether it has; it is asked again, since on a busy machine it may give up before the replica answers."""
    with redis_client.Redis(port=port) as client:
        if client.sentinel_get_master_addr_by_name("mymaster")[1] == to.port:
            return True
        with contextlib.suppress(redis_client.ResponseError):  # it is at it, or has not heard the replica lately
            client.execute_command("SENTINEL", "FAILOVER", "mymaster")
        return False


def knows_replica(port: int) -> bool:
    with redis_client.Redis(port=port) as client:
        return bool(client.sentinel_slaves("mymaster"))


# -- floods, stalls, cuts ----------------------------------------------------------------------------------


def publish(redis: RedisServer, payloads: list[bytes]) -> None:
    with redis_client.Redis(port=redis.port) as client:
        for start in range(0, len(payloads), 500):
            pipe = client.pipeline(transaction=False)
            for payload in payloads[start : start + 500]:
                pipe.publish(CHANNEL, payload)
            pipe.execute()


def test_in_a_flood_nobody_takes_from_it_is_shed_and_counted_and_redis_never_cuts_us_off(redis: RedisServer) -> None:
    """120 MB with Redis's own limits, which are 32 MiB at once and 8 MiB for a minute."""
    count = 60_000
    with following(redis.url, buffer_bytes=1 << 20) as seen, sender(redis.url) as worker:
        seen.connected()
        publish(redis, [b"%06d" % number + b"x" * 2000 for number in range(count)])
        until(lambda: quiet(redis), "all is read")
        assert seen.feed.waiting() <= 1 << 20
        taken: list[int] = []
        until(lambda: all_of(seen.feed, taken) >= count, "the last of it is on its way from the kernel to us")
        losses = seen.feed.losses()
        assert seen.feed.link.connections == 1
        assert sum(taken) + losses.messages <= count + 2
        assert losses.reasons["buffer"] == losses.messages > count / 2
        seen.sees(worker)


def all_of(feed: Feed, taken: list[int]) -> int:
    """Messages that were taken, with what waits now, and those that were lost."""
    taken += iter(lambda: len(feed.take()), 0)
    return sum(taken) + feed.losses().messages


def quiet(redis: RedisServer) -> bool:
    """Nothing waits for our subscriber, in Redis or in the kernel."""
    with redis_client.Redis(port=redis.port) as client:
        waits = [one for one in client.client_list(_type="pubsub") if int(one["omem"]) or int(one["oll"])]
    return not waits and kernel_is_empty(redis.port)


def kernel_is_empty(port: int) -> bool:
    """Nothing is in the queues of a port's connections, by /proc/net/tcp."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    hexed = f":{port:04X}"
    return all(row[4] == "00000000:00000000" for row in rows if row[3] == "01" and (row[1] + row[2]).count(hexed))


def test_a_reader_that_is_cut_off_is_told_so_and_subscribes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The receiving thread is held up, as on a machine without CPU, until Redis loses patience."""
    go_on, put = threading.Event(), Stream.put
    monkeypatch.setattr(Stream, "put", lambda stream, data: (go_on.wait(PATIENCE), put(stream, data))[1])
    limit = ("--client-output-buffer-limit", "pubsub", "1mb", "1mb", "1")
    with redis_server(tmp_path / "redis", *limit) as redis, following(redis.url) as seen:
        seen.connected()
        publish(redis, [b"x" * 100_000] * 400)
        with redis_client.Redis(port=redis.port) as client:
            until(lambda: not client.client_list(_type="pubsub"), "Redis cuts it off")
        go_on.set()
        seen.connected(times=2)
        with sender(redis.url) as worker:
            seen.sees(worker)
        (found,) = seen.feed.link.breaks

    assert (found.reason, found.kept) == ("cut-off", False)
    assert "client-output-buffer-limit pubsub" in found.detail


def test_a_redis_that_was_restarted_is_told_so(redis: RedisServer) -> None:
    with following(redis.url) as seen:
        seen.connected()
        redis.stop()
        seen.disconnected()
        redis.start()
        seen.connected(times=2)
        with sender(redis.url) as worker:
            seen.sees(worker)

    assert [found.reason for found in seen.feed.link.breaks] == ["restarted"]


def test_a_connection_that_somebody_kills_is_made_again(redis: RedisServer) -> None:
    with following(redis.url) as seen, sender(redis.url) as worker:
        seen.connected()
        with redis_client.Redis(port=redis.port) as client:
            client.client_kill_filter(_type="pubsub")
        seen.connected(times=2)
        seen.sees(worker)

    assert [found.reason for found in seen.feed.link.breaks] == ["closed"]


def test_a_redis_that_stalls_is_noticed_within_twice_the_interval_and_used_again(redis: RedisServer) -> None:
    with following(redis.url, transport_options={"health_check_interval": 2}) as seen:
        seen.connected()
        redis.signal(signal.SIGSTOP)
        try:
            seen.disconnected()
        finally:
            redis.signal(signal.SIGCONT)
        seen.connected(times=2)
        with sender(redis.url) as worker:
            seen.sees(worker)
        (found,) = seen.feed.link.breaks

    assert (found.reason, found.detail) == ("silent", "Redis was silent for 4 s")
    assert found.until - found.since >= 4


def test_a_redis_with_nothing_to_say_is_not_taken_for_dead(redis: RedisServer) -> None:
    with following(redis.url, transport_options={"health_check_interval": 5}) as seen:
        seen.connected()
        with redis_client.Redis(port=redis.port) as client:
            until(lambda: client.info("commandstats").get("cmdstat_ping", {}).get("calls", 0) > 1, "two questions")

        assert seen.feed.link.connections == 1


@pytest.mark.parametrize("at", [10, 60, 300])
def test_a_connection_cut_in_the_middle_of_a_message_costs_no_more_than_it(redis: RedisServer, at: int) -> None:
    with proxy(redis.port) as between, following(f"redis://127.0.0.1:{between.port}/0") as seen:
        seen.connected()
        between.cut_after(at)
        with sender(redis.url) as worker:
            worker.task("received")
            seen.connected(times=2)
            seen.sees(worker)

    assert seen.feed.losses().messages == 0
    assert seen.broken == []


def test_a_result_of_ten_megabytes_arrives_whole(redis: RedisServer) -> None:
    with following(redis.url) as seen, sender(redis.url) as worker:
        seen.connected()
        worker.send("task-succeeded", uuid="1", result="x" * 10_000_000)
        seen.has("1")

    assert len(seen.events[0].result or "") == 10_000_000


def test_a_message_larger_than_the_whole_buffer_is_left_out_and_counted(redis: RedisServer) -> None:
    with following(redis.url, buffer_bytes=1 << 20) as seen, sender(redis.url) as worker:
        seen.connected()
        worker.send("task-succeeded", uuid="1", result="x" * 5_000_000)
        # What follows at once may not fit either.
        until(lambda: worker.task() and seen.take(), "events go on")

    losses = seen.feed.losses()
    assert losses.reasons["buffer"] + losses.reasons["oversize"] >= 1


def test_ten_thousand_workers_are_heard(redis: RedisServer) -> None:
    with following(redis.url) as seen:
        seen.connected()
        beat = b'{"body": "{\\"type\\": \\"worker-heartbeat\\", \\"hostname\\": \\"w%d@h\\", \\"timestamp\\": 1.0}"}'
        publish(redis, [beat % number for number in range(10_000)])
        until(lambda: seen.take() is not None and len(seen.events) == 10_000, "all of them")

    assert len({event.hostname for event in seen.events}) == 10_000


def test_a_message_of_messagepack_is_read_and_one_of_pickle_never_loaded(redis: RedisServer) -> None:
    """What `event_serializer` may be beside JSON."""
    body = b"ga10eXBl"  # the text of it does not matter: it is never looked into
    with following(redis.url) as seen, sender(redis.url) as worker:
        seen.connected()
        for kind in (b"application/x-python-serialize", b"application/x-yaml"):
            publish(redis, [b'{"body": "%b", "content-type": "%b"}' % (body, kind)])
        seen.sees(worker)

    assert [found.reason for found in seen.broken] == ["serializer"] * 2
    assert "'application/x-yaml' is not understood: set event_serializer = 'json'" in seen.broken[1].detail
