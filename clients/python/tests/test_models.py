from __future__ import annotations

import json

import pytest
from conftest import REPO

from dronecast import Gap, IncidentReport, SystemBroadcast
from dronecast.filter import parse_filter
from dronecast.models import event_adapter
from dronecast.place import Place

FIXTURES = sorted((REPO / "packages/events/fixtures").glob("*.json"))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_fixtures_are_understood(path) -> None:  # type: ignore[no-untyped-def]
    frame = json.loads(path.read_text())
    if frame["type"] == "relay":
        if frame["event"] == "relay.gap":
            assert Gap.model_validate(frame).data.cursor
        return
    event = event_adapter.validate_python(frame)
    assert event.id == frame["id"] and event.event == frame["event"] and event.actor == frame["actor"]
    del frame["actor"]
    assert event_adapter.validate_python(frame).actor is None
    if not isinstance(event, SystemBroadcast):
        assert event.serial_number == frame["serialNumber"]


def test_report_is_written_as_the_api_reads_it() -> None:
    report = IncidentReport(image_url="https://x/1.jpg", object_bbox=(1, 2, 3, 4), class_id=0)
    assert report.model_dump(mode="json", by_alias=True, exclude_none=True) == {
        "imageUrl": "https://x/1.jpg",
        "objectBBox": [1, 2, 3, 4],
        "classId": 0,
    }


@pytest.mark.parametrize("sn", ["a  b", "a:", "all", "", "*a", "a" * 65, "-a"])
def test_names_that_are_none(sn: str) -> None:
    with pytest.raises(ValueError, match="sn"):
        parse_filter([sn], None)


def test_filters() -> None:
    assert parse_filter(["A", "b*"], ["stream"]).query() == {"sn": "A,b*", "events": "stream"}
    assert parse_filter(None, None).covers("A", ["created"])
    assert parse_filter("a*", None).covers("abc", ["created"])
    assert not parse_filter("a*", None).covers("b", ["created"])
    with pytest.raises(ValueError, match="events"):
        parse_filter(None, ["nothing"])  # type: ignore[list-item]


def test_place_of_no_history() -> None:
    endless = f"e.{'9' * 5000}-0"
    place = Place(endless)
    assert not place.advance(endless)
    assert place.advance("e.5-0")


def test_place() -> None:
    place = Place("e.5-0")
    assert not place.advance("e.5-0")
    assert not place.advance("e.4-9")
    assert place.advance("e.5-1")
    assert place.advance("f.1-0")
    assert place.cursor == "f.1-0"
