"""What is kept, where and for how long, and what is not."""

from typing import Literal

import msgspec

from .part import Part, SecretKey


class RulesKey(SecretKey, frozen=True, rename="camel"):
    key: str = "rules.json"


class Storage(Part, frozen=True, rename="camel"):
    size: str = "10Gi"
    storage_class_name: str | None = None
    existing_claim: str | None = None
    retention_policy: Literal["Retain", "Delete"] = "Retain"


class Retention(Part, frozen=True, rename="camel"):
    age: str = "720h"
    tasks: int = 1_000_000
    bytes: str | None = None
    rollups: str | None = None


class Rule(msgspec.Struct, frozen=True, omit_defaults=True):
    """A rule of redaction, by the monitor's names."""

    task: str | None = None
    argument: str | None = None
    pattern: str | None = None


class MaxLength(Part, frozen=True, rename="camel"):
    """Characters kept of each text; None is the monitor's own default."""

    args: int | None = None
    kwargs: int | None = None
    result: int | None = None
    exception: int | None = None
    traceback: int | None = None


class Redaction(Part, frozen=True, rename="camel"):
    rules: list[Rule] = []
    rules_secret_ref: RulesKey | None = None
    max_length: MaxLength | None = None
