"""Intervals of means."""
import random

RESAMPLES = 2000


def interval(values, sign=""):
    """"mean [low, high]": 95 %, percentiles of means over resampled values."""
    draw = random.Random(42)
    means = sorted(sum(draw.choices(values, k=len(values))) / len(values) for _ in range(RESAMPLES))
    mean, low, high = sum(values) / len(values), means[int(.025 * RESAMPLES)], means[int(.975 * RESAMPLES)]
    return f"{mean:{sign}.3f} [{low:{sign}.3f}, {high:{sign}.3f}]"
