"""Compositions: seconds, likeness of the face, and whether light obeys, on the six sitters of the samples."""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

import numpy as np
from media import faithful

WAYS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("carved", {}), ("carved", {"stone": "marble"}), ("carved", {"stone": "basalt", "veins": 0.8}),
    ("cast", {}), ("cast", {"manner": "benin"}), ("cast", {"metal": "gold"}),
    ("dissolve", {}), ("dissolve", {"into": "butterflies"}), ("architecture", {}),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2)
    options = parser.parse_args()
    import limner
    from limner.anatomy.features import features_of
    from limner.core.errors import PictureError
    from limner.media.compositions.scene import Scene
    from limner.media.compositions.shipped import compositions
    from limner.media.hands import Hands
    from limner.studio.samples import SITTERS

    known = {**compositions()}
    with limner.open() as studio:
        people = []
        for words, seed in SITTERS:
            picture = studio.paint(words, seed=seed, medium="none")[0].picture
            people.append((picture, features_of(studio.finder.in_portrait(picture))))
        for id, turned in WAYS:
            kind = known[id]
            walls, used, edges, found, obeys = [], [], [], 0, []
            for picture, features in people:
                for _ in range(options.runs):
                    began, before = time.perf_counter(), time.process_time()
                    scene = Scene.of(picture, features)
                    made = kind.picture(scene, kind.parameters.of(turned), 7, Hands())
                    walls.append(time.perf_counter() - began)
                    used.append(time.process_time() - before)
                painted = np.rint(made * 255).astype(np.uint8)
                edges.append(faithful(picture, painted, features)["face edges"])
                try:
                    studio.finder.find(painted)
                    found += 1
                except PictureError:
                    pass
                if id in ("carved", "cast"):
                    left, right = (
                        kind.picture(scene, kind.parameters.of({**turned, "light_x": x, "light_y": 0.2}), 7, Hands())
                        for x in (-0.9, 0.9)
                    )
                    inside = scene.face > 0.9
                    change = (right - left).mean(2)[inside]
                    obeys.append(np.corrcoef(change, scene.relief.normals[..., 0][inside])[0, 1])
            row = {
                "composition": id, **turned, "seconds": round(min(walls), 2), "processor": round(min(used), 2),
                "face edges": round(float(np.mean(edges)), 2), "least": round(float(np.min(edges)), 2),
                "faces found": f"{found} of {len(people)}",
            }  # fmt: skip
            print(json.dumps(row | ({"light": round(float(np.mean(obeys)), 2)} if obeys else {})), flush=True)


if __name__ == "__main__":
    main()
