"""Writes pairs of pictures as a results folder of `reconstruct --low-only`."""
import json


def write_results(folder, pairs):
    """`pairs` gives at least one (target, reconstruction) as Pillow images, all reconstructions of one size."""
    (folder / "targets").mkdir(parents=True, exist_ok=True)
    (folder / "candidates/model").mkdir(parents=True, exist_ok=True)
    lines = []
    for trial, (target, made) in enumerate(pairs):
        row = {"trial": trial, "picture": f"{trial}", "model": "model", "trained_on": False, "target": f"targets/target_{trial}.png",
               "low": f"candidates/model/low_{trial}.png", "high": "", "caption": "", "raw_caption": "", "seed": None, "low_high": None,
               "low_target": None, "high_target": None, "consensus": None, "encoder": None, "voted": False}
        target.save(folder / row["target"])
        made.save(folder / row["low"])
        lines.append(json.dumps(row))
    (folder / "trials.jsonl").write_text("\n".join(lines) + "\n")
    record = {"format": "fmri2img results", "version": 4, "subject": "none", "partition": "test", "trials": "test", "models": ["model"],
              "height": made.height, "width": made.width, "mean_picture": "", "mean_picture_of": 0, "vote": "", "high_height": 0, "high_width": 0}
    (folder / "results.json").write_text(json.dumps(record))
    manifest = {"program": "fmri2img", "version": "0.1.0", "command": "reconstruct", "command_line": [], "settings": {}, "inputs": {},
                "models": {}, "started": "2026-01-01T00:00:00Z", "finished": "2026-01-01T00:00:00Z", "results": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
