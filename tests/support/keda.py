"""What KEDA's `metrics-api` scaler makes of an answer: the rules of its `metrics_api_scaler.go` (KEDA 2.20)."""

import json
from typing import Any

import gjson
import httpx
from kubernetes.utils import parse_quantity
from prometheus_client.parser import text_string_to_metric_families


class Withheld(Exception):
    """The scaler has an error: the HorizontalPodAutoscaler gets no metric, and changes nothing."""


def json_value(answer: httpx.Response, location: str) -> float:
    """The value of `format: json`: a number, or a text that is a Kubernetes quantity, at a path of GJSON."""
    try:
        found: Any = gjson.get(json.loads(_body(answer)), location)
    except gjson.GJSONError as error:
        raise Withheld(str(error)) from error
    if isinstance(found, str):
        return float(parse_quantity(found))
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise Withheld(f"valueLocation must point to value of type number or a Quantity, got {found!r}")
    return float(found)


def prometheus_value(answer: httpx.Response, name: str, **labels: str) -> float:
    """The value of `format: prometheus`: the first series of a family that has some labels."""
    for family in text_string_to_metric_families(_body(answer)):
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                return float(sample.value)
    raise Withheld(f"{name}{labels} not found")


def active(value: float, activation: float = 0.0) -> bool:
    """Whether there is to be a pod at all."""
    return value > activation


def _body(answer: httpx.Response) -> str:
    if answer.status_code != 200:
        raise Withheld(f"the API returned {answer.status_code}")
    return answer.text
