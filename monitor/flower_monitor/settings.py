"""From what the command line and the environment say to a Config, or UsageError that names the option and the fix."""

import base64
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from flower_monitor import durations, settings_oauth, sizes, web_settings
from flower_monitor.autoscale import policy
from flower_monitor.config import CeleryApp, Config, User
from flower_monitor.constants import METRIC_SETS
from flower_monitor.exceptions import UsageError
from flower_monitor.flower_options import LONGEST_INSPECT
from flower_monitor.queues import management
from flower_monitor.receive import tls, url
from flower_monitor.receive.url import Broker
from flower_monitor.redact import Redaction, Rule, RuleError
from flower_monitor.web import roles, tokens

#: Transport options that would make our connections harmful: see `check_transport_options`.
_REFUSED = {"visibility_timeout"}


def make(options: Mapping[str, Any], app: CeleryApp = CeleryApp()) -> tuple[Config, str | None]:  # noqa: B008 - frozen
    """The config, and the password that was generated, if one was.

    Args:
        options: Options by parameter name, as the command line has them.
        app: What the Celery app of `-A` says.
    """
    files = web_settings.files(options)
    web_settings.check_buckets(options["task_runtime_metric_buckets"])
    use_ssl = parse_use_ssl(options["broker_use_ssl"])
    transport_options = parse_transport_options(options["broker_transport_options"])
    brokers = url.parse_all(options["broker"], use_ssl)
    check_brokers(brokers, transport_options)
    users = parse_users(options["basic_auth"])
    password = None
    oauth = settings_oauth.make(options)
    if not users and oauth is None and options["credentials_dir"] is None:
        password = secrets.token_urlsafe(16)
        users = (User("flower", password),)
    config = Config(
        broker_url=options["broker"],
        app=app,
        store=Path(options["store"] or f"{options['db']}.sqlite3").expanduser().absolute(),
        name=options["name"],
        namespace=options["namespace"],
        transport_options=transport_options,
        broker_use_ssl=use_ssl,
        broker_api=management.checked(options["broker_api"], brokers[0]) if options["broker_api"] else None,
        queues=parse_queues(options["queues"]),
        queue_type=options["queue_type"],
        queue_expires=parse_expires(options["queue_expires"]),
        queue_bytes=options["queue_bytes"] << 20,
        result_backend=options["result_backend"],
        address=options["address"],
        port=options["port"],
        unix_socket=files.unix_socket,
        certfile=files.certfile,
        keyfile=files.keyfile,
        ca_certs=files.ca_certs,
        trusted_proxies=web_settings.proxies(options),
        url_prefix=parse_prefix(options["url_prefix"]),
        users=users,
        roles=parse_roles(options["roles"]),
        oauth=oauth,
        cookie_secret=options["cookie_secret"],
        token_file=read_tokens(options["token_file"]),
        credentials_dir=options["credentials_dir"],
        fleet_token_sha256=parse_digest("--fleet-token-sha256", options["fleet_token_sha256"]),
        fleet_public_key=parse_public_key(options["fleet_public_key"], options["namespace"]),
        read_only=options["read_only"],
        autoscale_file=read_policies(options["autoscale_file"]),
        autoscale_webhook_secret_file=absolute(options["autoscale_webhook_secret_file"]),
        autoscale_token_sha256=parse_digest("--autoscale-token-sha256", options["autoscale_token_sha256"]),
        pods_file=absolute(options["pods_file"]),
        inspect_timeout=min(options["inspect_timeout"], LONGEST_INSPECT) / 1000,
        purge_offline_workers=options["purge_offline_workers"],
        enable_events=options["enable_events"],
        max_tasks=options["max_tasks"],
        retention_age=parse_age(options["retention_age"]),
        retention_bytes=parse_bytes(options["retention_bytes"]),
        retention_share=parse_share(options["retention_bytes"]),
        rollup_age=parse_rollup_age(options["rollup_age"]),
        redact=(*parse_rules("--redact", options["redact"]), *read_rules(options["redact_file"])),
        **{name: options[name] for name in ("max_args", "max_kwargs", "max_result", "max_exception", "max_traceback")},
        metrics=parse_metrics(options["metrics"]),
        metrics_max_series=options["metrics_max_series"],
        log_format=options["log_format"],
        log_level="debug" if options["debug"] else options["logging"],
    )
    return config, password


def check_brokers(brokers: Sequence[Broker], transport_options: Mapping[str, Any]) -> None:
    """Refuse what can be known to fail before anybody is asked."""
    for broker in brokers:
        if broker.tls:
            tls.for_amqp(broker)
        if broker.sentinels and not transport_options.get("master_name"):
            raise UsageError(
                "--broker: sentinel:// needs the name of the master: "
                """--broker-transport-options '{"master_name": "mymaster"}'"""
            )


def parse_use_ssl(text: str | None) -> bool | dict[str, Any]:
    """Celery's `broker_use_ssl`, of JSON."""
    if not text:
        return False
    try:
        found: bool | dict[str, Any] = msgspec.json.decode(text, type=bool | dict[str, Any])
    except msgspec.DecodeError as error:
        raise UsageError(
            f"""--broker-use-ssl: give true or options as {{"ssl_ca_certs": "/ca.pem"}} in JSON: {error}"""
        ) from error
    return found


def parse_queues(text: str | None) -> tuple[str, ...]:
    """Names separated by commas, each once."""
    return tuple(dict.fromkeys(name.strip() for name in (text or "").split(",") if name.strip()))


def parse_expires(text: str) -> float:
    """Seconds, at least one: 0 would be for ever, and nothing of ours may stay for ever."""
    try:
        seconds = durations.seconds(text)
    except ValueError as error:
        raise UsageError(f"--queue-expires: {error}") from error
    if seconds < 1:
        raise UsageError("--queue-expires: give a second at least; what we leave behind must end")
    return seconds


def parse_users(text: str | Sequence[str] | None) -> tuple[User, ...]:
    """Users of `user:password,user:password`, or of a list of them."""
    if not text:
        return ()
    users = []
    for part in text.split(",") if isinstance(text, str) else text:
        name, separator, password = part.partition(":")
        if not (separator and name and password):
            raise UsageError("--basic-auth: give user:password, several separated by commas; neither may be empty")
        users.append(User(name, password))
    return tuple(users)


def parse_roles(text: str | None) -> dict[str, tuple[str, ...]]:
    """Roles of a JSON object: each with the patterns of the names that have it."""
    if not text:
        return {}
    try:
        found = msgspec.json.decode(text, type=dict[str, tuple[str, ...]])
    except msgspec.DecodeError as error:
        raise UsageError(
            f"""--roles: {error}; give JSON such as {{"admin": ["ann"], "operator": ["*@ops.example.com"], """
            """"viewer": ["*"]}"""
        ) from error
    roles.check(found)
    return found


def read_tokens(path: Path | None) -> Path | None:
    """The file of API tokens, looked through: what is wrong with it is better told now than in a log."""
    if path is None:
        return None
    try:
        tokens.parse(path.read_text())
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--token-file: {path} can't be read: {error}") from error
    except ValueError as error:
        raise UsageError(f"--token-file: {path}: {error}") from error
    return path.absolute()


def read_policies(path: Path | None) -> Path | None:
    """The file of policies, looked through as that of tokens is. One that is not there may come later."""
    if path is None or not path.exists():
        return absolute(path)
    try:
        policy.parse(path.read_text())
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--autoscale-file: {path} can't be read: {error}") from error
    except ValueError as error:
        raise UsageError(f"--autoscale-file: {path}: {error}") from error
    return path.absolute()


def absolute(path: Path | None) -> Path | None:
    """A path that is the same wherever the monitor goes."""
    return None if path is None else path.absolute()


def parse_age(text: str) -> float | None:
    """Seconds; None for 0, which is for ever."""
    try:
        return durations.seconds(text) or None
    except ValueError as error:
        raise UsageError(f"--retention-age: {error}") from error


def parse_bytes(text: str) -> int | None:
    """Bytes; None for a percentage and for 0, which is no limit."""
    try:
        return None if sizes.share(text) is not None else sizes.size(text) or None
    except ValueError as error:
        raise UsageError(f"--retention-bytes: {error}, or a part of the volume, as 80%") from error


def parse_share(text: str) -> float | None:
    """The part of a percentage; None when it is none."""
    try:
        return sizes.share(text) or None
    except ValueError as error:
        raise UsageError(f"--retention-bytes: {error}") from error


def parse_rollup_age(text: str) -> float:
    """Seconds, an hour at least: younger ones still get events."""
    try:
        found = durations.seconds(text)
    except ValueError as error:
        raise UsageError(f"--rollup-age: {error}") from error
    if found < 3600:
        raise UsageError(f"--rollup-age: {text!r} is too short; an hour is the least")
    return found


def parse_rules(source: str, text: str | None) -> tuple[Rule, ...]:
    """Redaction rules of a JSON list of objects, or of one object; `source` is where they stand."""
    if not text or not text.strip():
        return ()
    try:
        found = msgspec.json.decode(text, type=tuple[Rule, ...] | Rule)
        rules = (found,) if isinstance(found, Rule) else found
        Redaction(rules)
    except msgspec.DecodeError as error:
        raise UsageError(
            f'{source}: {error}; give a JSON list such as [{{"argument": "password"}}, {{"task": "pay.*"}}]'
        ) from error
    except RuleError as error:
        raise UsageError(f"{source}: {error}") from error
    return rules


def read_rules(path: Path | None) -> tuple[Rule, ...]:
    """Redaction rules of a file."""
    if path is None:
        return ()
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--redact-file: {path} can't be read: {error}") from error
    return parse_rules(f"--redact-file {path}", text)


def parse_prefix(text: str) -> str:
    """`/prefix` of `prefix`, `/prefix/` and the like; empty for none."""
    stripped = text.strip("/")
    if any(c.isspace() or c in "?#%\"'<>" for c in stripped):
        raise UsageError(f"--url-prefix: {text!r} is no path; write it like /flower")
    return f"/{stripped}" if stripped else ""


def parse_metrics(text: str) -> tuple[str, ...]:
    """Names of sets, separated by commas; `all` is all."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    known = f"{', '.join(METRIC_SETS)}, or all"
    if unknown := next((name for name in names if name not in (*METRIC_SETS, "all")), None):
        raise UsageError(f"--metrics: there is no set {unknown!r}; name some of {known}")
    if not names:
        raise UsageError(f"--metrics: name at least one of {known}")
    return METRIC_SETS if "all" in names else tuple(name for name in METRIC_SETS if name in names)


def parse_digest(option: str, text: str | None) -> str | None:
    """The value of an option that is a SHA-256 in hex."""
    if not text:
        return None
    try:
        valid = len(bytes.fromhex(text)) == 32
    except ValueError:
        valid = False
    if not valid:
        raise UsageError(f"{option}: give the SHA-256 of the token as 64 hexadecimal digits")
    return text.lower()


def parse_public_key(text: str | None, namespace: str | None) -> str | None:
    """An Ed25519 public key, as a JWK has it."""
    if not text:
        return None
    try:
        valid = len(base64.b64decode(text + "=", altchars="-_", validate=True)) == 32
    except ValueError:
        valid = False
    if not valid:
        raise UsageError("--fleet-public-key: give the 32 bytes of an Ed25519 public key as 43 characters of base64url")
    if not namespace:
        raise UsageError("--fleet-public-key: give --namespace too; the fleet knows a monitor by NAMESPACE/NAME")
    return text


def parse_transport_options(text: str | None) -> dict[str, Any]:
    """kombu's options, of a JSON object."""
    if not text:
        return {}
    try:
        options = msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise UsageError(f"--broker-transport-options: not a JSON object: {error}") from error
    if refused := _REFUSED & options.keys():
        raise UsageError(
            f"--broker-transport-options: {', '.join(refused)} is refused: with it a connection of the monitor could "
            "give a task that still runs to another worker. Set it in the workers' configuration"
        )
    return options
