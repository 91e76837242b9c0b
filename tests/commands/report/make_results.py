"""Results of a small subject, from the program itself, and the same results with more trials."""

import json
import os
import pathlib
import shutil
import subprocess


def make_results(program, zoo, folder):
    """A simulated subject, a ridge and an MLP, high-level images of 12 trials with a vote, and scores. Returns the folder."""
    def run(*arguments):
        subprocess.run([program, *map(str, arguments), "--quiet"], check=True, stdout=subprocess.DEVNULL)

    subject, decoders, results = folder / "subject", folder / "decoders", folder / "results"
    run("simulate", "--out", subject, "--vertices", 120, "--train", 60, "--test", 12)
    run("encode", subject, "--model", zoo / "stable-diffusion/vae")
    run("train", subject, "--decoder", "ridge", "--codec", "vae", "--out", decoders / "ridge")
    run("train", subject, "--decoder", "mlp", "--codec", "vae", "--epochs", 3, "--width", 32, "--blocks", 1,
        "--channels", "32,32", "--out", decoders / "mlp")
    run("reconstruct", subject, "--decoder", decoders / "ridge", "--decoder", decoders / "mlp", "--zoo", zoo,
        "--trials", "test", "--steps", 2, "--out", results)
    run("evaluate", results)
    return results


def series(name, values, labels=()):
    return {"name": name, "x": list(range(len(values))), "y": values, "low": [v - 0.1 for v in values],
            "high": [v + 0.1 for v in values], "labels": list(labels)}


def add_finding(results):
    """A finding with every kind of chart: one of them of bars that lie, one taller than a page, one with a logarithmic axis."""
    def chart(name, kind, log, *lines):
        return {"id": name, "title": f"Chart {name}", "kind": kind, "x_label": "x", "y_label": "y", "log_y": log, "series": list(lines)}

    names = [f"an ROI with a long name {i}" for i in range(14)]
    charts = [chart("lines", "lines", True, series("a", [1.0, 0.5, 0.3]), series("b", [2.0, 1.5, 1.3])),
              chart("points", "points", False, series("a", [1.0, -0.5, 0.3])),
              chart("bars", "bars", False, series("a", [1.0, -0.5, 0.3]), series("b", [2.0, 1.5, 1.3])),
              chart("lying", "bars", False, series("a", [0.1 * i for i in range(14)], names)),
              chart("tall", "bars", False, *(series(name, [0.1 * i for i in range(40)], [f"region {i}" for i in range(40)]) for name in "abc"))]
    finding = {"id": "f", "title": "A <finding> & more", "lead": "What was done.", "charts": charts, "notes": ["A note."],
               "tables": [{"title": "A table", "columns": ["a", "b"], "rows": [["1", "2"]]}]}
    (results / "experiment").mkdir(exist_ok=True)
    (results / "experiment/finding.json").write_text(json.dumps(finding))


def multiply(results, trials, out):
    """The same results under more trial numbers: rows and scores are repeated, pictures linked under names of their own."""
    shutil.copytree(results, out, ignore=shutil.ignore_patterns("candidates", "targets", "embeddings", "*.png"))
    (out / "candidates").mkdir()
    rows = [json.loads(line) for line in (results / "trials.jsonl").read_text().splitlines()]
    by_trial = {}
    for row in rows:
        by_trial.setdefault(row["trial"], []).append(row)
    sources, lines = list(by_trial.values()), []
    for trial in range(trials):
        for row in sources[trial % len(sources)]:
            copy = dict(row, trial=trial)
            for key in ("target", "low", "high"):
                name = f"candidates/{trial}_{pathlib.Path(row[key]).parent.name}_{pathlib.Path(row[key]).name}"
                if not (out / name).exists():
                    os.link(results / row[key], out / name)
                copy[key] = name
            lines.append(json.dumps(copy))
    (out / "trials.jsonl").write_text("\n".join(lines) + "\n")
    head, *scores = (results / "evaluation.csv").read_text().splitlines()
    scores = [line.partition(",")[2] for line in scores]
    (out / "evaluation.csv").write_text("\n".join([head, *(f"{trial},{scores[trial % len(scores)]}" for trial in range(trials))]) + "\n")
    count(out / "evaluation.json", lambda evaluation: evaluation, trials)
    count(out / "manifest.json", lambda manifest: manifest["results"], len(lines))


def count(file, where, images):
    record = json.loads(file.read_text())
    where(record)["images"] = images
    file.write_text(json.dumps(record))
