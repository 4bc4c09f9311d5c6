"""What the API server says, as our exceptions."""

from flower_operator.exceptions import Invalid, KubeError
from flower_operator.kube_errors import from_status


def test_an_object_that_can_not_be_merged_is_nothing_that_passes() -> None:
    words = "failed to create typed patch object (/a; v1, Kind=Service): .spec.x: duplicate entries for key [=1]"
    error = from_status({"code": 500, "reason": "InternalError", "message": words})
    assert isinstance(error, Invalid)
    assert error.status == 500
    assert not error.transient


def test_another_500_passes() -> None:
    error = from_status({"code": 500, "reason": "InternalError", "message": "etcdserver: leader changed"})
    assert type(error) is KubeError
    assert error.transient
