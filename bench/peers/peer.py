"""What every script here has: its options, and the figures that bench/compare reads."""
import argparse
import json
import resource
import time


def parser(description, bf16=None):
    """--repeats, --threads and, with a help text `bf16`, --bf16."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--repeats", type=int, default=3)
    made.add_argument("--threads", type=int, default=0)
    if bf16:
        made.add_argument("--bf16", action="store_true", help=bf16)
    return made


def parse(made):
    """The options, with PyTorch's threads set."""
    import torch

    options = made.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    return options


def measure(action, repeats, warmups=1):
    """Runs `action` and prints the seconds of each counted run and the peak memory of the process."""
    seconds = []
    for i in range(-warmups, repeats):
        start = time.perf_counter()
        action()
        if i >= 0:
            seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": seconds, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}))
