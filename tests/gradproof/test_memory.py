"""A process with bounded memory fails where another would fill the machine."""

import subprocess
import sys

PROGRAM = "from gradproof.memory import limit_memory; limit_memory({}); bytearray(600 * 2**20); print('had it')"


def run(megabytes):
    command = [sys.executable, "-c", PROGRAM.format(megabytes)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_what_fits_is_given():
    assert run(1500).stdout == "had it\n"


def test_what_does_not_fit_is_a_memory_error():
    assert "MemoryError" in run(300).stderr
