"""The command line: what is wrong is refused with its name, before anything starts."""

import pytest
from click.testing import CliRunner

from flower_operator import connection
from flower_operator.fleet import cli, serve
from flower_operator.fleet.config import MONITOR_URL, Config, check_template, summary_url
from flower_operator.fleet.monitors import monitor_of
from flower_operator.fleet.rights import Role
from flower_operator.main import main
from tests.fleet.made import manifest, monitor


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Config]:
    """The settings that the fleet would have run with."""
    configs: list[Config] = []

    async def note(config: Config, kubeconfig: str | None = None) -> int:
        configs.append(config)
        return 0

    monkeypatch.setattr(serve, "serve", note)
    monkeypatch.setattr(connection, "own_namespace", lambda: None)
    return configs


def run(*arguments: str, **variables: str) -> str:
    """Run the command; what it prints."""
    return CliRunner().invoke(main, ["fleet", *arguments], env=variables).output


def test_defaults(started: list[Config]) -> None:
    run()
    assert started == [Config(operator_namespace=cli.FALLBACK_NAMESPACE)]


def test_the_pods_own_namespace_is_the_operators(started: list[Config], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "own_namespace", lambda: "tools")
    run()
    assert started[0].operator_namespace == "tools"


def test_every_option_is_a_variable_too(started: list[Config]) -> None:
    run(
        FLOWER_FLEET_ADDRESS="127.0.0.1",
        FLOWER_FLEET_PORT="9000",
        FLOWER_FLEET_NAMESPACE="team-a team-b",
        FLOWER_FLEET_OPERATOR_NAMESPACE="tools",
        FLOWER_FLEET_MONITOR_URL_TEMPLATE="https://{name}.example",
        FLOWER_FLEET_CLUSTER_NAME="east",
        FLOWER_FLEET_PASSWORD_ROLE="operator",
    )
    assert started == [
        Config(
            operator_namespace="tools",
            address="127.0.0.1",
            port=9000,
            namespaces=("team-a", "team-b"),
            monitor_url_template="https://{name}.example",
            cluster_name="east",
            password_role=Role.OPERATOR,
        )
    ]


def test_an_option_goes_before_its_variable(started: list[Config]) -> None:
    run("--port", "9001", FLOWER_FLEET_PORT="9000")
    assert started[0].port == 9001


def test_a_service_link_is_no_port(started: list[Config]) -> None:
    """Kubernetes sets FLOWER_FLEET_PORT where a Service is called flower-fleet."""
    run(FLOWER_FLEET_PORT="tcp://10.0.0.1:80")
    assert started[0].port == 8080


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--port", "65536"], "Invalid value for '--port'"),
        (["--port", "many"], "Invalid value for '--port'"),
        (["--monitor-url-template", "http://{host}"], "unknown field {host}"),
        (["--monitor-url-template", "{name}"], "no http:// or https:// address"),
        (["--monitor-url-template", "http://{name.__class__}"], "unknown field {name.__class__}"),
        (["--monitor-url-template", "http://{name"], "Invalid value for '--monitor-url-template'"),
        (["--password-role", "root"], "Invalid value for '--password-role'"),
        (["--log-format", "xml"], "Invalid value for '--log-format'"),
        (["--colour", "red"], "No such option"),
    ],
)
def test_what_is_wrong_is_named(started: list[Config], arguments: list[str], text: str) -> None:
    assert text in run(*arguments)
    assert started == []


def test_bad_usage_is_exit_code_2() -> None:
    assert CliRunner().invoke(main, ["fleet", "--port", "many"]).exit_code == 2


def test_help_names_all_options() -> None:
    text = run("--help")
    for field in Config.__dataclass_fields__:
        assert f"--{field.removesuffix('s').replace('_', '-')}" in text


def test_a_monitors_address_is_that_of_its_service() -> None:
    url = summary_url(MONITOR_URL, monitor(port=80))
    assert url == "http://orders-monitor.team-a.svc:80/api/v1/summary"


def test_a_monitor_with_a_url_prefix_is_asked_under_it() -> None:
    orders = monitor_of(manifest(spec={"options": {"url_prefix": "flower/"}}))
    assert summary_url(MONITOR_URL, orders) == "http://orders-monitor.team-a.svc:5555/flower/api/v1/summary"


def test_a_path_in_the_template_stays() -> None:
    template = check_template("https://gate.example/{namespace}/{name}/")
    assert summary_url(template, monitor()) == "https://gate.example/team-a/orders/api/v1/summary"
