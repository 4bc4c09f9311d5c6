"""What of a body is compared."""

from compat import views


def test_a_shape_has_types_in_place_of_values() -> None:
    body = {"b": [1, 2.5, "x"], "a": {"c": None, "d": True}}

    assert views.shape(body) == {"a": {"c": "null", "d": "bool"}, "b": ["number", "str"]}


def test_typed_leaves_all_but_the_named_values_as_they_are() -> None:
    assert views.typed("at")({"at": 1.5, "in": [{"at": "x", "name": "y"}]}) == {
        "at": "number",
        "in": [{"at": "str", "name": "y"}],
    }


def test_without_takes_keys_away_at_any_depth_and_tells_which_were_missing() -> None:
    body = {"w1": {"status": True, "conf": {}}, "w2": {"status": False}}

    assert views.without(body, ("*.status",)) == ({"w1": {"conf": {}}, "w2": {}}, [])
    assert views.without({"w1": {"conf": {}}}, ("*.status", "x"))[1] == ["*.status", "x"]
    assert views.without("text", ("a",)) == ("text", ["a"])


def test_families_are_types_helps_and_names_of_labels_of_flowers_own() -> None:
    text = "\n".join(
        (
            "# HELP flower_events_total Number of events",
            "# TYPE flower_events_total counter",
            "# HELP flower_events_created Any",
            'flower_events_total{task="a, b=\\"c\\"",type="x"} 1',
            'flower_events_total{task="d",type="y"} 2',
            "# TYPE flower_monitor_streams gauge",
            "flower_monitor_streams 0",
            "# TYPE python_info gauge",
        )
    )

    assert views.families(text) == [
        "# HELP flower_events_total Number of events",
        "# TYPE flower_events_total counter",
        "flower_events_total{task,type}",
    ]


def test_samples_keep_their_values() -> None:
    assert views.samples("flower_worker_online")("# HELP flower_worker_online x\nflower_worker_online 1.0") == [
        "flower_worker_online 1.0"
    ]
