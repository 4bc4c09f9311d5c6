"""Plain values out of a pickle without running it.

A pickle is a program. What is needed of one is what JSON could hold too, so its instructions are read (`pickletools`,
which runs none) and those that make values are followed; what stands for an object of a class is the name of the
class, as a text. Nothing is imported or called, whoever wrote it.
"""

import pickletools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

NODES = 500_000
"""Most values of one answer. A pickle of some hundred bytes can stand for more than fits into memory."""

DEPTH = 50
"""Deepest nesting."""


class NotPlain(ValueError):
    """It can't be read; the text says why."""


def loads(data: bytes) -> Any:
    """The value, as JSON could hold it: tuples and sets are lists, keys and bytes texts, and of objects those of
    `collections` that are mappings are such, others `<module.Class>`.

    Raises:
        NotPlain: It is broken, uses what no plain value needs, or stands for too much.
    """
    stack: list[Any] = []
    memo: dict[int, Any] = {}
    try:
        for opcode, argument, _ in pickletools.genops(data):
            _follow(opcode.name, argument, stack, memo)
        return _Copy().of(stack.pop())
    except NotPlain:
        raise
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        # What an instruction comes upon that is out of place.
        raise NotPlain(f"it is broken: {type(error).__name__}: {error}") from error


_MARK = object()

_NEW: Mapping[str, Callable[[], Any]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_DICT": dict,
    "EMPTY_LIST": list,
    "EMPTY_TUPLE": tuple,
    "EMPTY_SET": set,
    "MARK": lambda: _MARK,
}

_GIVEN = frozenset(
    f"{size}{kind}{width}"
    for size in ("", "SHORT_")
    for kind in (
        "BININT",
        "BINFLOAT",
        "BINUNICODE",
        "BINBYTES",
        "BINSTRING",
        "BYTEARRAY",
        "LONG",
        "INT",
        "FLOAT",
        "UNICODE",
        "STRING",
    )
    for width in ("", "1", "2", "4", "8")
)
"""Instructions whose argument is the value."""

_NOTHING = frozenset({"PROTO", "FRAME", "STOP"})

_MAPPINGS = frozenset(f"<collections.{name}>" for name in ("Counter", "OrderedDict", "defaultdict"))

_SETS = frozenset(f"<{module}.{name}>" for module in ("builtins", "__builtin__") for name in ("set", "frozenset"))

_FOLLOWED_BY = {"REDUCE": 1, "NEWOBJ": 1, "NEWOBJ_EX": 2}
"""How many arguments stand behind what an object is made with."""


def _follow(name: str, argument: Any, stack: list[Any], memo: dict[int, Any]) -> None:
    """One instruction."""
    if name in _GIVEN:
        stack.append(argument)
    elif name in _NEW:
        stack.append(_NEW[name]())
    elif name in ("MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT"):
        memo[len(memo) if argument is None else argument] = stack[-1]
    elif name in ("GET", "BINGET", "LONG_BINGET"):
        stack.append(memo[argument])
    elif name in _GATHERING:
        _GATHERING[name](stack)
    elif name in ("GLOBAL", "STACK_GLOBAL", "BUILD", *_FOLLOWED_BY):
        _name_object(name, argument, stack)
    elif name not in _NOTHING:
        raise NotPlain(f"it uses {name}, which no plain value needs")


def _name_object(name: str, argument: Any, stack: list[Any]) -> None:
    """What would import or call something leaves the name of it."""
    if name == "GLOBAL":
        stack.append(f"<{str(argument).replace(' ', '.')}>")
    elif name == "STACK_GLOBAL":
        module, attribute = _several(stack, 2)
        stack.append(f"<{module}.{attribute}>")
    elif name == "BUILD":
        stack.pop()  # its state
    else:
        called, *arguments = _several(stack, _FOLLOWED_BY[name] + 1)
        stack.append(_stand_in(called, arguments[0]))


def _stand_in(called: str, arguments: Sequence[Any]) -> Any:
    """What stands for an object that is made by calling something."""
    first = arguments[0] if arguments else None
    if called in _MAPPINGS:
        return dict(first) if isinstance(first, dict) else {}
    if called in _SETS and isinstance(first, list):
        return list(first)
    return called


def _several(stack: list[Any], count: int) -> list[Any]:
    taken = stack[-count:]
    if len(taken) < count:
        raise NotPlain("it is broken: something is missing")
    del stack[-count:]
    return taken


def _marked(stack: list[Any]) -> list[Any]:
    """What was put on the stack since the last mark."""
    start = len(stack) - 1
    while stack[start] is not _MARK:
        start -= 1
        if start < 0:
            raise NotPlain("it is broken: a mark is missing")
    taken = stack[start + 1 :]
    del stack[start:]
    return taken


def _pairs(values: list[Any]) -> dict[Any, Any]:
    return dict(zip(values[::2], values[1::2], strict=True))


def _add(stack: list[Any], values: list[Any]) -> None:
    """Put values into what is on top; an object of a class, which is a text here, stays one."""
    target = stack[-1]
    if isinstance(target, list):
        target.extend(values)
    elif isinstance(target, set):
        target.update(values)
    elif isinstance(target, dict):
        target.update(_pairs(values))


_GATHERING: Mapping[str, Callable[[list[Any]], None]] = {
    "TUPLE": lambda stack: stack.append(tuple(_marked(stack))),
    "TUPLE1": lambda stack: stack.append(tuple(_several(stack, 1))),
    "TUPLE2": lambda stack: stack.append(tuple(_several(stack, 2))),
    "TUPLE3": lambda stack: stack.append(tuple(_several(stack, 3))),
    "LIST": lambda stack: stack.append(_marked(stack)),
    "DICT": lambda stack: stack.append(_pairs(_marked(stack))),
    "FROZENSET": lambda stack: stack.append(frozenset(_marked(stack))),
    "APPEND": lambda stack: _add_last(stack, 1),
    "SETITEM": lambda stack: _add_last(stack, 2),
    "APPENDS": lambda stack: _add_marked(stack),
    "SETITEMS": lambda stack: _add_marked(stack),
    "ADDITEMS": lambda stack: _add_marked(stack),
}


def _add_last(stack: list[Any], count: int) -> None:
    values = _several(stack, count)
    _add(stack, values)


def _add_marked(stack: list[Any]) -> None:
    values = _marked(stack)
    _add(stack, values)


class _Copy:
    """Copies a value: parts of one that are shared, or hold themselves, become parts of their own, up to a limit."""

    def __init__(self) -> None:
        self._left = NODES

    def of(self, value: Any, depth: int = 0) -> Any:
        """The copy."""
        self._left -= 1
        if self._left < 0 or depth > DEPTH:
            raise NotPlain("it stands for too much")
        match value:
            case dict():
                return {self._key(key): self.of(one, depth + 1) for key, one in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self.of(one, depth + 1) for one in value]
            case bytes() | bytearray():
                return value.decode(errors="replace")
            case bool() | int() | float() | str() | None:
                return value
            case _:
                raise NotPlain("it is broken: a mark is left over")

    @staticmethod
    def _key(key: Any) -> str:
        return key if isinstance(key, str) else str(key)
