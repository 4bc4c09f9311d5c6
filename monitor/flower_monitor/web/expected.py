"""What a parameter takes, in words, for the answer to one that is wrong. Pure."""

from msgspec import inspect


def words(kind: inspect.Type) -> str:
    """A parameter's type in words, such as `a whole number from 1 to 1000`."""
    match kind:
        case inspect.Metadata():
            return words(kind.type)
        case inspect.UnionType():
            return " or ".join(words(one) for one in kind.types if not isinstance(one, inspect.NoneType))
        case inspect.ListType() | inspect.CollectionType():
            return _list(kind)
        case inspect.DictType():
            return "an object"
        case inspect.BoolType():
            return "true or false"
        case inspect.LiteralType():
            return f"one of {', '.join(map(str, kind.values))}"
        case inspect.IntType():
            return f"a whole number{_range(kind)}"
        case inspect.FloatType():
            return f"a number{_range(kind)}"
        case inspect.StrType(min_length=int(), max_length=int()):
            return f"a text of {kind.min_length} to {kind.max_length} characters"
        case inspect.StrType(max_length=int()):
            return f"a text of at most {kind.max_length} characters"
        case _:
            return "a text"


def _list(kind: inspect.CollectionType) -> str:
    """A list; in a query that is a parameter that is repeated."""
    most = "" if kind.max_length is None else f" of at most {kind.max_length}"
    each = "" if isinstance(kind.item_type, inspect.AnyType) else f", each {words(kind.item_type)}"
    return f"a list{most}{each}"


def _range(kind: inspect.IntType | inspect.FloatType) -> str:
    if kind.ge is None or kind.le is None:
        return ""
    return f" from {kind.ge:.15g} to {kind.le:.15g}"
