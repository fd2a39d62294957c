"""Re-measures the geometric dials with MediaPipe, on what `limner evaluate dials --keep FOLDER` wrote.

Runs in an environment of its own (`pip install mediapipe==0.10.21 pillow`); it uses our formulas of
`limner.anatomy.measure.geometry` on MediaPipe's landmarks, and no network of ours.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

import mediapipe as mp

from limner.anatomy.measure import geometry
from limner.evaluation.statistics import spearman

GEOMETRIC = ("yaw", "pitch", "smile", "mouth_open", "brow_raise", "eye_open", "gaze_x", "gaze_y", "face_width")


def main(folder: Path) -> None:
    rows = [json.loads(line) for line in (folder / "dials.jsonl").read_text().splitlines()]
    by_dial: dict[str, tuple[list[float], list[float]]] = {}
    missing = 0
    with mp.solutions.face_mesh.FaceMesh(static_image_mode=True, refine_landmarks=True) as mesh:
        for row in rows:
            if row["dial"] not in GEOMETRIC:
                continue
            found = mesh.process(np.asarray(Image.open(folder / row["file"]).convert("RGB")))
            if not found.multi_face_landmarks:
                missing += 1
                continue
            points = np.array([[p.x, p.y] for p in found.multi_face_landmarks[0].landmark], np.float32)
            settings, values = by_dial.setdefault(row["dial"], ([], []))
            settings.append(row["setting"])
            values.append(geometry(points)[row["dial"]])
    for name, (settings, values) in by_dial.items():
        print(f"{name:<12} spearman {spearman(settings, values):+.3f}   ({len(values)} pictures)")
    print(f"no face found in {missing} pictures")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
