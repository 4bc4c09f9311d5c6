r"""Values of the text that Celery's events have of arguments: Python's, but for texts. Pure.

Celery (`celery.utils.saferepr`, all versions) writes a text as it is between `'`, and nothing but a `'` in it with a
backslash. So its `'C:\new'` is `C:`, a backslash and `new`, where Python's own `repr` would mean a line feed, and lines
stand in it as they are. Texts between `"`, as clients in other languages write them, have escapes.
"""

import ast
import re
from typing import Any

_TEXT = re.compile(r"""'(?:\\'|[^'])*'|"(?:\\.|[^"\\])*\"""", re.DOTALL)

#: What Celery writes as it is and Python does not.
_RAW = re.compile(r"[\\\n\r\0]")


def value(text: str) -> Any:
    """What a text says.

    A text that ends with a backslash looks as if it went on. Then either all of it can be read in one way only, or it
    can't be read: in a wrong way what follows would have to be Python between the texts.

    Raises:
        ValueError: It holds more than literals, or is none at all.
    """
    try:
        return ast.literal_eval(_TEXT.sub(_escaped, text) if _RAW.search(text) else text)
    except (SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ValueError(f"no literal: {error}") from error


def _escaped(found: re.Match[str]) -> str:
    whole = found[0]
    return repr(whole[1:-1].replace("\\'", "'")) if whole[0] == "'" else whole
