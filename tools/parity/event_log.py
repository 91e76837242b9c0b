"""Golden and check of our TensorBoard event files.

  event_log.py golden         writes tests/data/training/tensorboard.tfevents with TensorBoard's own writer
  event_log.py read FOLDER    reads a decoder folder's event file with TensorBoard and compares it with log.csv
"""
import csv
import pathlib
import sys

import tensorboard
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

assert tensorboard.__version__ == "2.21.0", tensorboard.__version__

ROOT = pathlib.Path(__file__).resolve().parents[2]


def scalar(wall_time, step, tag, value):
    summary = summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag=tag, simple_value=value)])
    return event_pb2.Event(wall_time=wall_time, step=step, summary=summary)


def golden():
    events = [
        event_pb2.Event(wall_time=1700000000.25, file_version="brain.Event:2"),
        scalar(1700000001.5, 1, "train/loss", 0.75),
        scalar(1700000002.5, 43800, "val/loss", 0.6582),
        scalar(1700000003.5, 5000000000, "train/lr", 2e-8),
    ]
    with open(ROOT / "tests/data/training/tensorboard.tfevents", "wb") as file:
        writer = RecordWriter(file)
        for event in events:
            writer.write(event.SerializeToString())


def read(folder):
    accumulator = event_accumulator.EventAccumulator(str(folder), size_guidance={event_accumulator.SCALARS: 0})
    accumulator.Reload()
    curves = {tag: [(e.step, e.value) for e in accumulator.Scalars(tag)] for tag in accumulator.Tags()["scalars"]}
    expected = {}
    for row in csv.DictReader(open(folder / "log.csv")):
        for tag, value in row.items():
            if tag != "step" and value != "":
                expected.setdefault(tag, []).append((int(row["step"]), float(value)))
    assert curves.keys() == expected.keys(), (curves.keys(), expected.keys())
    for tag, points in expected.items():
        assert len(points) == len(curves[tag]), (tag, len(points), len(curves[tag]))
        for (step, value), (read_step, read_value) in zip(points, curves[tag]):
            assert step == read_step and abs(value - read_value) <= 1e-6 * max(1, abs(value)), (tag, step)
        print(f"{tag}: {len(points)} values agree, steps {points[0][0]} .. {points[-1][0]}")


if sys.argv[1:2] == ["golden"]:
    golden()
elif sys.argv[1:2] == ["read"] and len(sys.argv) == 3:
    read(pathlib.Path(sys.argv[2]))
else:
    sys.exit(__doc__)
