"""What a test of the report ends with when a claim does not hold."""

import sys


def check(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")
