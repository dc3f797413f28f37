"""A detector that needs no model: it "sees" one of the drone's classes every second. `python detector.py --help`"""

from __future__ import annotations

import argparse
import logging
import random

from dronecast import IncidentReport
from dronecast.detector import DetectorSupervisor, Session


def detect(session: Session) -> None:
    print(f"{session.serial_number}: looking for {session.drone.detection_classes} in {session.drone.stream_url!r}", flush=True)
    while not session.stopping.wait(1):
        if session.drone.is_using_ai_detection and session.drone.detection_classes:
            seen = random.choice(session.drone.detection_classes)
            image = f"https://images.example.com/{session.serial_number}/{random.getrandbits(32)}.jpg"
            session.report(IncidentReport(image_url=image, object_bbox=(10, 10, 64, 128), class_id=seen, confidence=0.9))
    print(f"{session.serial_number}: stopped", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:3000")
    parser.add_argument("--sn", help="the drone to follow; default: all")
    parser.add_argument("--token")
    parser.add_argument("--folder", default="dronecast-incidents", help="where incidents wait for the API")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    DetectorSupervisor(options.url, detect, sn=options.sn, token=options.token, folder=options.folder).run_blocking()
