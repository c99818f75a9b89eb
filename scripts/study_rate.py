#!/usr/bin/env python3
"""How a long study's rate and memory develop: one line for every hundred images.

    scripts/study_rate.py build/release/faultline MODEL IMAGES RUN [OPTIONS OF faultline study]

Prints images a minute, CPU seconds an image and the largest resident memory so far. Needs no packages.
"""

import json
import os
import subprocess
import sys
import time

EVERY = 100


def cpu_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mib(pid):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise SystemExit("no VmHWM in /proc")


def main():
    if len(sys.argv) < 5:
        raise SystemExit(__doc__.strip())
    program, model, images, run, *options = sys.argv[1:]
    command = [program, "study", model, images, "-o", run, "--json-lines", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    print("| images | images a minute | CPU s an image | memory, MiB |\n| ---: | ---: | ---: | ---: |", flush=True)
    since, cpu, done = time.monotonic(), 0, 0
    for line in process.stdout:
        if json.loads(line)["event"] != "image":
            continue
        done += 1
        if done % EVERY:
            continue
        now, cpu_now = time.monotonic(), cpu_seconds(process.pid)
        print(f"| {done - EVERY + 1} to {done} | {60 * EVERY / (now - since):.1f} | {(cpu_now - cpu) / EVERY:.2f} | "
              f"{resident_mib(process.pid):.0f} |", flush=True)
        since, cpu = now, cpu_now
    if process.wait() != 0:
        raise SystemExit("faultline failed")


if __name__ == "__main__":
    main()
