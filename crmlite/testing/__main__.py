"""`python -m crmlite.testing NAME`: whether a pack that is installed is in order."""

import argparse
import sys

from crmlite.testing.packs import trial


def main(name: str) -> int:
    """Say what is wrong with a pack; answers how many things are."""
    with trial(name) as pack:
        faults = pack.faults()
    for fault in faults:
        print(f"- {fault}")
    print(f"{name}: {len(faults)} to mend" if faults else f"{name} is in order.")
    return len(faults)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m crmlite.testing", description="Look whether an installed pack is in order."
    )
    parser.add_argument("name", help="the name of the pack, such as retail")
    sys.exit(1 if main(parser.parse_args().name) else 0)
