"""Objects as the CRD's schema allows them, drawn by Hypothesis. Of its CEL rules only those of names are followed."""

import re
from typing import Any

from hypothesis import strategies as st

FORMS = {
    # Rules of CEL say what these are, not the schema.
    "Kubernetes": st.sampled_from(["64Mi", "10Gi", "1e9", "2Ti"]),
}


def drawn(schema: Any, name: str = "") -> st.SearchStrategy[Any]:
    """A strategy for what a schema allows; `name` is that of the field."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema.get("x-kubernetes-int-or-string"):
        return st.sampled_from(["100m", "1Gi", 2])
    match schema["type"]:
        case "object":
            return _object(schema)
        case "array":
            size = {"min_size": schema.get("minItems", 0), "max_size": min(schema["maxItems"], 3)}
            keys = schema.get("x-kubernetes-list-map-keys")
            unique = (lambda item: tuple(str(item[key]) for key in keys)) if keys else None
            return st.lists(drawn(schema["items"]), unique_by=unique, **size)
        case "string":
            return FORMS["Kubernetes"] if name == "size" and "pattern" not in schema else _string(schema)
        case "boolean":
            return st.booleans()
        case "number":
            return st.floats(schema["minimum"], schema["maximum"], exclude_min="exclusiveMinimum" in schema)
        case _:
            return st.integers(schema.get("minimum", -(2**31)), schema.get("maximum", 2**31 - 1))


def _object(schema: Any) -> st.SearchStrategy[Any]:
    if "additionalProperties" in schema:
        values = drawn(schema["additionalProperties"])
        return st.dictionaries(st.from_regex(r"\A[a-z]{1,20}\Z"), values, max_size=3)
    required = schema.get("required", [])
    fields = {name: drawn(inner, name) for name, inner in schema.get("properties", {}).items()}
    needed = {name: fields[name] for name in required}
    return st.fixed_dictionaries(needed, optional={name: fields[name] for name in fields.keys() - needed.keys()})


def _string(schema: Any) -> st.SearchStrategy[str]:
    least, most = schema.get("minLength", 0), schema["maxLength"]
    if found := _pattern(schema):
        # `$` would let a line break through, which the API server's expressions do not.
        pattern = found.removesuffix("$") + r"\Z"
        return st.from_regex(pattern).filter(lambda text: least <= len(text) <= most)
    return st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=least, max_size=min(most, 30))


def _pattern(schema: Any) -> str | None:
    """The expression that a text must fit as a whole: the schema's, else that of a rule about names."""
    rules = [rule["rule"] for rule in schema.get("x-kubernetes-validations", [])]
    found = (re.match(r"self\.matches\('(\^[^']*\$)'\)", rule) for rule in rules)
    return schema.get("pattern") or next((match[1] for match in found if match), None)
