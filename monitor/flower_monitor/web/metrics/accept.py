"""Which of the two formats a scraper asks for, by its `Accept` header. Pure."""

from collections.abc import Iterator

OPENMETRICS = "application/openmetrics-text"

#: Versions of OpenMetrics whose text is that of 1.0.0, as far as it is used here; "" when none is named.
_VERSIONS = ("1.0.0", "0.0.1", "")

#: What the text format is asked for by. `*/*` alone is a browser or curl, which show it as it is.
_TEXT = ("text/plain", "text/*")


def wants_openmetrics(accept: str) -> bool:
    """Whether OpenMetrics is wanted, and no less than the text format."""
    openmetrics = text = 0.0
    for kind, version, quality in _offers(accept):
        if kind == OPENMETRICS and version in _VERSIONS:
            openmetrics = max(openmetrics, quality)
        elif kind in _TEXT:
            text = max(text, quality)
    return openmetrics > 0 and openmetrics >= text


def _offers(accept: str) -> Iterator[tuple[str, str, float]]:
    """Media type, version and quality of each; one whose quality can't be read is not wanted."""
    for part in accept.split(","):
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        named = {name.strip().lower(): value.strip(' "') for name, _, value in map(_split, parameters)}
        try:
            quality = float(named.get("q", "1"))
        except ValueError:
            quality = 0.0
        yield kind.lower(), named.get("version", ""), quality


def _split(parameter: str) -> tuple[str, str, str]:
    return parameter.partition("=")
