"""What `from flower_monitor import …` offers."""

import ast
import inspect
import subprocess
import sys

import pytest

import flower_monitor
from tests.support.patience import PATIENCE

NAMES = sorted(flower_monitor._LIBRARY)


@pytest.mark.parametrize("name", NAMES)
def test_each_name_is_there_with_a_docstring(name: str) -> None:
    assert inspect.getdoc(getattr(flower_monitor, name))


def test_dir_lists_them() -> None:
    assert set(NAMES) <= set(dir(flower_monitor))


def test_what_a_type_checker_sees_is_what_is_imported() -> None:
    tree = ast.parse(inspect.getsource(flower_monitor))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level == 0]
    seen = {alias.name: str(node.module).removeprefix("flower_monitor.") for node in imports for alias in node.names}
    seen.pop("import_module")

    assert seen == flower_monitor._LIBRARY


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = flower_monitor.nothing  # type: ignore[attr-defined]  # that is the point


def test_the_package_itself_loads_nothing() -> None:
    code = "import sys; before = set(sys.modules); import flower_monitor; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE)

    assert done.stdout.split() == ["flower_monitor"]


def test_searching_and_listing_load_no_client_of_a_broker() -> None:
    code = "from flower_monitor import iter_tasks, satisfies_search_terms, humanize; import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE)

    assert not {"celery", "kombu", "redis", "amqp"} & {name.partition(".")[0] for name in done.stdout.split()}
