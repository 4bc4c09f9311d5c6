"""What a parameter takes, in words, for the answer to one that is wrong. Pure."""

from msgspec import inspect


def words(kind: inspect.Type) -> str:
    """A parameter's type in words, such as `a whole number from 1 to 1000`."""
    match kind:
        case inspect.Metadata():
            return words(kind.type)
        case inspect.UnionType():
            return words(next(one for one in kind.types if not isinstance(one, inspect.NoneType)))
        case inspect.ListType(max_length=int()):
            return f"at most {kind.max_length} times {words(kind.item_type)}"
        case inspect.ListType() | inspect.CollectionType():
            return words(kind.item_type)
        case inspect.LiteralType():
            return f"one of {', '.join(map(str, kind.values))}"
        case inspect.IntType():
            return f"a whole number{_range(kind)}"
        case inspect.FloatType():
            return f"a number{_range(kind)}"
        case inspect.StrType(max_length=int()):
            return f"a text of at most {kind.max_length} characters"
        case _:
            return "a text"


def _range(kind: inspect.IntType | inspect.FloatType) -> str:
    if kind.ge is None or kind.le is None:
        return ""
    return f" from {kind.ge:g} to {kind.le:g}"
