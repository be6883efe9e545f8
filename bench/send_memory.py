"""How much memory a worker process takes for 10,000 mails and for 500,000: it must be the same.

BENCH_CONTACTS and BENCH_MAILS change the size: 1,000,000 and 500,000.
"""

import os

from bench import sending  # sets Django up

# isort: split
from bench.measures import Measure, report
from bench.postfix import sink

FEW = 10_000
MANY = int(os.environ.get("BENCH_MAILS", "500_000"))


def main() -> None:
    purpose = sending.make_world()
    few, many = f"memory of a worker process over {FEW:,} mails", f"memory of a worker process over {MANY:,} mails"
    with sink() as port:
        at_first = sending.chain(port, purpose, FEW).megabytes
        rate, at_last, _microseconds = sending.chain(port, purpose, MANY)
    report(
        "send",
        [
            Measure(few, "MB", goal=150, at_most=True, ours=[at_first]),
            Measure(many, "MB", goal=150, at_most=True, ours=[at_last]),
            Measure(many + ", flat", "MB", few, goal=1.1, at_most=True, ours=[at_last], reference=[at_first]),
            Measure(f"the whole chain, {MANY:,} mails", "mails/s", ours=[rate]),
        ],
    )


if __name__ == "__main__":
    main()
