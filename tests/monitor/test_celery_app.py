"""What is taken from a Celery app."""

import json
import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from kombu.entity import Exchange, Queue

from flower_monitor import celery_app, config
from flower_monitor.config import CeleryApp, Config
from flower_monitor.exceptions import UsageError


def app_with(**settings: Any) -> Celery:
    app = Celery("proj", set_as_current=False)
    app.conf.update(settings)
    return app


def pay() -> None:
    """A task."""


def test_the_broker_and_how_to_reach_it_become_options() -> None:
    app = app_with(
        broker_url="rediss://h/3",
        broker_use_ssl={"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_ca_certs": Path("/ca.pem")},
        broker_transport_options={"global_keyprefix": "x:"},
        result_backend="redis://h/4",
    )

    assert celery_app.options(app) == {
        "broker": "rediss://h/3",
        "broker_use_ssl": '{"ssl_cert_reqs": 2, "ssl_ca_certs": "/ca.pem"}',
        "broker_transport_options": '{"global_keyprefix": "x:"}',
        "result_backend": "redis://h/4",
    }


def test_the_workers_visibility_timeout_is_never_ours() -> None:
    app = app_with(
        broker_url="redis://h", broker_transport_options={"visibility_timeout": 1, "health_check_interval": 5}
    )

    assert json.loads(celery_app.options(app)["broker_transport_options"]) == {"health_check_interval": 5}


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        ({"broker_url": ["redis://a", "redis://b"]}, "redis://a;redis://b"),
        ({"broker_url": "redis://read", "broker_write_url": "redis://write"}, "redis://write"),
        ({}, "amqp://guest:guest@localhost:5672//"),
    ],
)
def test_the_broker_is_the_one_that_events_are_written_to(settings: dict[str, Any], url: str) -> None:
    assert celery_app.broker(app_with(**settings)) == url


def test_names_of_tasks_queues_and_exchanges_are_kept() -> None:
    app = app_with(
        event_exchange="events",
        control_exchange="control",
        task_default_queue="shop",
        task_queues=[Queue("mail"), Queue("shop")],
        task_serializer="msgpack",
    )
    app.task(name="shop.pay", shared=False)(pay)

    found = celery_app.facts(app)

    assert (found.name, found.event_exchange, found.control_exchange) == ("proj", "events", "control")
    assert (found.default_queue, found.queues, found.task_serializer) == ("shop", ("mail", "shop"), "msgpack")
    assert {"shop.pay", "celery.chord"} <= set(found.task_names)


def test_queues_that_an_app_names_are_shown() -> None:
    assert celery_app.options(app_with(task_queues=[Queue("mail")], task_default_queue="shop"))["queues"] == "mail,shop"


def test_without_an_app_names_are_celerys_own() -> None:
    bare = celery_app.facts(app_with())

    assert (bare.event_exchange, bare.control_exchange, bare.default_queue) == (
        CeleryApp().event_exchange,
        CeleryApp().control_exchange,
        CeleryApp().default_queue,
    )


def test_settings_that_were_changed_are_kept_as_plain_data() -> None:
    app = app_with(
        task_routes={"a.*": {"queue": "q"}},
        result_expires=timedelta(hours=1),
        timezone="Europe/Berlin",
        imports=["json"],
        task_remote_tracebacks=object(),
    )

    assert celery_app.facts(app).settings == {
        "task_routes": {"a.*": {"queue": "q"}},
        "result_expires": 3600.0,
        "timezone": "Europe/Berlin",
    }


def test_what_names_code_of_the_app_is_left_out() -> None:
    """Another process would import it."""
    assert celery_app.facts(app_with(task_routes="shop.routers.Router")).settings == {}


def test_another_app_made_of_the_settings_routes_as_this_one() -> None:
    kept = celery_app.facts(app_with(task_routes={"a.*": {"queue": "q"}})).settings

    other = Celery("other", set_as_current=False, changes=kept)

    assert other.amqp.router.route({}, "a.b")["queue"].name == "q"


def test_another_app_made_of_the_settings_has_the_same_queues() -> None:
    """With the exchange and the arguments that the workers declared."""
    queue = Queue(
        "mail", Exchange("post", "topic"), "mail.#", max_priority=5, queue_arguments={"x-queue-type": "quorum"}
    )
    kept = celery_app.facts(app_with(task_queues=[queue, Queue("shop")], task_default_queue="shop")).settings

    other = Celery("other", set_as_current=False, changes=json.loads(json.dumps(kept))).amqp.queues

    mail = other["mail"]
    assert set(other) == {"mail", "shop"}
    assert (mail.exchange.name, mail.exchange.type, mail.routing_key) == ("post", "topic", "mail.#")
    assert (mail.max_priority, mail.queue_arguments, mail.durable) == (5, {"x-queue-type": "quorum"}, True)


def test_a_config_with_an_app_comes_out_of_the_pipe_as_it_went_in() -> None:
    app = celery_app.facts(app_with(task_queues=[Queue("mail")], task_routes={"a": "q"}))
    made = Config(broker_url="redis://h", store=Path("/s"), app=app)

    assert config.load(config.dump(made)) == made


def test_an_object_in_the_transport_options_is_refused() -> None:
    with pytest.raises(UsageError, match="broker_transport_options hold an object"):
        celery_app.options(app_with(broker_transport_options={"credential_provider": object()}))


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"event_serializer": "yaml"}, "event_serializer is 'yaml'"),
        ({"accept_content": ["pickle"]}, "without json"),
        ({"task_serializer": "yaml"}, "task_serializer is 'yaml'"),
        ({"result_serializer": "ours"}, "result_serializer is 'ours'"),
        ({"result_serializer": "pickle"}, "result_serializer is 'pickle'"),
    ],
)
def test_what_cannot_be_followed_is_told(settings: dict[str, Any], says: str) -> None:
    (problem,) = celery_app.problems(app_with(**settings))

    assert says in problem


def test_tasks_of_an_app_with_a_serializer_of_its_own_are_sent_as_json() -> None:
    app = app_with(task_serializer="ours", accept_content=["ours", "json"])

    found = celery_app.facts(app)

    assert found.task_serializer == "json"
    assert "task_serializer" not in found.settings
    assert any("'ours'" in problem and "sent as json" in problem for problem in celery_app.problems(app))


@pytest.mark.parametrize(
    ("name", "source", "says"),
    [
        ("missing_module", None, "there is no module missing_module"),
        ("broken", "import json\n1 / 0\n", r"ZeroDivisionError: division by zero \(.*broken.py, line 2\)"),
        ("needy", "\nimport nowhere\n", r"ModuleNotFoundError: No module named 'nowhere' \(.*needy.py, line 2\)"),
        ("bare:nothing", "x = 1\n", "the module bare has no nothing"),
        ("other:x", "x = 1\n", "this is no Celery app"),
    ],
)
def test_an_app_that_cannot_be_loaded_is_told_with_the_place(
    name: str, source: str | None, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    if source is not None:
        (tmp_path / f"{name.partition(':')[0]}.py").write_text(source)

    with pytest.raises(UsageError, match=f"-A {name}: {says}"):
        celery_app.load(name)
