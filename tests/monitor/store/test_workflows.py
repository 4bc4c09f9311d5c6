"""Workflows as events tell of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flower_monitor.fold import row as r
from flower_monitor.store.sql import statement
from tests.monitor.fold.made import UUID, event
from tests.monitor.store.made import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "s")
    yield made
    made.close()


@pytest.mark.parametrize(
    "root", [UUID, "order-4711", "fifteen letters", "sixteen letters!", "ü", UUID.upper()[:30] + "ABCDEF"]
)
def test_children_and_workflow_are_found_by_any_root(store: Store, root: str) -> None:
    """Also by ids that are no uuids, which SQL does not order where it orders uuids."""
    store.fold(
        event("received", uuid=root, root_id=root), event("received", uuid="child", root_id=root, parent_id=root)
    )
    store.commit()

    with store.reader.together():
        found = store.reader.workflow(root, 10)
    known = store.reader.task(root)

    assert found is not None
    assert [item.uuid for item in found.items] == [root, "child"]
    assert known is not None
    assert known.children == ("child",)
    assert r.text(r.root(root)) == root


def test_a_workflow_is_read_from_the_index_of_roots(store: Store) -> None:
    """Its order is that of the index: nothing is sorted, and no more rows are read than are asked for."""
    asked = "explain query plan " + statement("workflow_members")

    steps = [str(row[3]) for row in store.reader._connection.execute(asked, {"root": b"x", "limit": 3})]

    assert "SEARCH task USING INDEX task_root (root=?)" in steps
    assert not any("TEMP B-TREE" in step or "SCAN" in step for step in steps)
