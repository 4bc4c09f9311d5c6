"""Is everything there, and of the right shape, that the monitor is told besides its broker and its credentials?"""

import re
import warnings
from collections.abc import Iterator, Mapping

import flower_operator
from flower_operator.controller.findings import Aspect, Finding, State
from flower_operator.resources import image, references, users
from flower_operator.resources.references import Reference
from flower_operator.spec import Monitor

Secrets = Mapping[str, Mapping[str, str]]
"""`data` by name of the Secret."""


def check_configuration(monitor: Monitor, secrets: Secrets) -> Finding:
    """Say what is missing or can't be read, the first of it; a monitor that runs is left running meanwhile."""
    wrong = next(_wrong(monitor, secrets), None)
    return wrong or Finding(Aspect.CONFIG, State.HOLDS, "Valid", "Everything that the spec names is there.")


def _wrong(monitor: Monitor, secrets: Secrets) -> Iterator[Finding]:
    if (found := _version(monitor)) is not None:
        yield found
    for reference in references.references(monitor):
        found = _missing(monitor, reference, secrets.get(reference.secret))
        if found is not None:
            yield found
    if (found := _users(monitor, secrets)) is not None:
        yield found
    yield from _patterns(monitor)


def _refused(reason: str, message: str) -> Finding:
    return Finding(Aspect.CONFIG, State.REFUSED, reason, message)


def _version(monitor: Monitor) -> Finding | None:
    version = monitor.spec.version
    if version is None or not image.too_new(version):
        return None
    return _refused(
        "VersionTooNew",
        f"spec.version is {version}, and this operator is {flower_operator.__version__}: it knows no newer monitors "
        "than itself. Upgrade the operator first, or lower spec.version.",
    )


def _missing(monitor: Monitor, reference: Reference, secret: Mapping[str, str] | None) -> Finding | None:
    if secret is None:
        return _refused(
            "SecretNotFound",
            f"There is no Secret {reference.secret} in namespace {monitor.namespace}. Create it with "
            f"{' and '.join(reference.keys)}, or correct {reference.field}.name.",
        )
    lacking = [key for key in reference.keys if not secret.get(key)]
    if not lacking:
        return None
    keys = ", ".join(sorted(secret)[:10]) or "none"
    return _refused(
        "SecretKeyNotFound",
        f"Secret {reference.secret} ({reference.field}) lacks or has empty: {', '.join(lacking)} (its keys: {keys}). "
        "Add it, or name another.",
    )


def _users(monitor: Monitor, secrets: Secrets) -> Finding | None:
    try:
        users.of(monitor, secrets)
    except users.UsersError as error:
        reference = monitor.spec.access.users_secret_ref
        return _refused(
            "InvalidUsers",
            f"Key {reference and reference.key} of Secret {reference and reference.name} (spec.access.usersSecretRef) "
            f"{error}. Write each user as htpasswd -nB USER prints it.",
        )
    return None


def _patterns(monitor: Monitor) -> Iterator[Finding]:
    """Python's own judgement of what the monitor would refuse to start with."""
    rules = monitor.spec.redaction.rules if monitor.spec.redaction else []
    for place, rule in enumerate(rules):
        if (why := _no_pattern(rule.pattern or "x")) is not None:
            yield _refused(
                "InvalidRedaction",
                f"spec.redaction.rules[{place}].pattern is no regular expression: {why}. Correct it.",
            )


def _no_pattern(text: str) -> str | None:
    try:
        with warnings.catch_warnings(action="ignore", category=FutureWarning):  # `[[` may mean more one day
            re.compile(text)
    except re.error as error:
        return str(error)
    return None
