#!/usr/bin/env python3
"""Every attack of the catalogue on labelled pictures: a table for docs/catalogue.md, and whether its claims hold.

  scripts/attack_table.py FAULTLINE MODEL FOLDER OUT [--per-class 20] [--others 3] [--only NAME]

FOLDER has one folder of pictures a class, their sorted names in the order of the network's classes. The attacks of
the two claims take the first `--per-class` pictures of each class, in the order of names; the others, some of which
take thousands of passes, the first `--others`. An attack whose results are in OUT is not run again.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess

LINF = ["--norm", "linf", "--eps", "2/255"]
L2 = ["--norm", "l2", "--eps", "0.5"]

# Name of the row, attack and its options.
ROWS = [
    ("fgsm", ["fgsm", *LINF]),
    ("rfgsm", ["rfgsm", *LINF]),
    ("bim", ["bim", *LINF]),
    ("pgd", ["pgd", *LINF]),
    ("pgd, 40 steps, 5 restarts", ["pgd", *LINF, "--set", "steps=40", "--set", "restarts=5", "--set", "early_stop=on"]),
    ("mi-fgsm", ["mi-fgsm", *LINF]),
    ("ni-fgsm", ["ni-fgsm", "--eps", "2/255"]),
    ("di-fgsm", ["di-fgsm", *LINF]),
    ("ti-fgsm", ["ti-fgsm", *LINF]),
    ("vmi-fgsm", ["vmi-fgsm", "--eps", "2/255"]),
    ("apgd-ce", ["apgd-ce", *LINF]),
    ("apgd-dlr", ["apgd-dlr", *LINF]),
    ("apgd-t", ["apgd-t", *LINF]),
    ("square", ["square", *LINF, "--set", "queries=1000"]),
    ("layer, away", ["layer", *LINF]),
    ("autoattack", ["autoattack", *LINF]),
    ("pgd-l2", ["pgd-l2", "--eps", "0.5"]),
    ("apgd-ce, L2", ["apgd-ce", *L2]),
    ("square, L2", ["square", *L2, "--set", "queries=1000"]),
    ("deepfool, L2", ["deepfool"]),
    # Spends fewer rounds and steps than the defaults: within 2 % of their lengths on ten pictures, for half the passes.
    ("cw-l2, 5 rounds of 100 steps", ["cw-l2", "--set", "step_size=0.001", "--set", "binary_steps=5", "--set", "steps=100",
                                      "--set", "initial_weight=0.1", "--set", "abort_early=off"]),
    ("fab, L2", ["fab", "--norm", "l2"]),
    ("fab, L2, 30 steps", ["fab", "--norm", "l2", "--set", "steps=30"]),
    ("fab-t, L2", ["fab-t", "--norm", "l2", "--set", "steps=30"]),
    ("ddn", ["ddn"]),
    ("fmn, L2", ["fmn"]),
    ("deepfool, Linf", ["deepfool", "--norm", "linf"]),
    ("fmn, Linf", ["fmn", "--norm", "linf"]),
    ("ead", ["ead"]),
    ("fmn, L1", ["fmn", "--norm", "l1"]),
    ("fmn, L0", ["fmn", "--norm", "l0"]),
    # The defaults let e grow from 1 value to about a hundred only.
    ("fmn, L0, gamma 0.2, step 10", ["fmn", "--norm", "l0", "--set", "gamma=0.2", "--set", "step_size=10"]),
]

# Ever weaker ones.
CHAIN = ["autoattack", "pgd, 40 steps, 5 restarts", "pgd", "fgsm"]
# Two that find the smallest perturbation by other ways, and one that is content with a small one.
SMALLEST = ["cw-l2, 5 rounds of 100 steps", "fab, L2, 30 steps", "deepfool, L2"]


def pictures(folder, per_class):
    chosen = []
    for of_class in sorted(p for p in folder.iterdir() if p.is_dir()):
        chosen += sorted(str(p) for p in of_class.iterdir())[:per_class]
    return chosen


def run(arguments, row, files):
    name, attack = row
    folder = arguments.out / name.replace(", ", "-").replace(" ", "-")
    seconds_file = folder / "seconds.txt"
    if not seconds_file.exists():
        command = [arguments.faultline, "attack", arguments.model, *files, "--truth", "folders", "-o", folder, "-q",
                   "--attack", *attack]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            raise SystemExit(f"{name}: faultline failed")
        seconds_file.write_text(str(usage.ru_utime + usage.ru_stime))
    document = json.loads((folder / "attack.json").read_text())
    if len(document["images"]) != len(files):
        raise SystemExit(f"{folder}: results of {len(document['images'])} pictures, not of {len(files)}; remove it")
    return document["images"], float(seconds_file.read_text())


def sizes(images, norm):
    """Of the pictures that were right and no longer are."""
    found = [i["perturbation"] for i in images if i["adversarial"]["success"] and not i["clean"]["success"]]
    return [size[norm] for size in found]


def median(values):
    return statistics.median(values) if values else float("nan")


def cell(values, digits, factor=1):
    return f"{factor * statistics.median(values):.{digits}f}" if values else "-"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faultline")
    parser.add_argument("model")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--per-class", type=int, default=20)
    parser.add_argument("--others", type=int, default=3)
    parser.add_argument("--only", help="one row, by its name")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    many, few = (pictures(arguments.folder, n) for n in (arguments.per_class, arguments.others))
    print("| attack | pictures | right before | right under it | median Linf x 255 | median L2 | median L1 | median L0 | passes a picture, forward + backward | processor seconds a picture |")
    print("| --- " * 10 + "|", flush=True)
    results = {}
    for row in ROWS:
        name = row[0]
        if arguments.only not in (None, name):
            continue
        images, seconds = run(arguments, row, many if name in CHAIN + SMALLEST else few)
        results[name] = images
        n = len(images)
        right = sum(not i["clean"]["success"] for i in images)
        robust = sum(not i["adversarial"]["success"] for i in images)
        forward = statistics.mean(i["forward_passes"] for i in images)
        backward = statistics.mean(i["backward_passes"] for i in images)
        print(f"| {name} | {n} | {100 * right / n:.1f} % | {100 * robust / n:.1f} % | {cell(sizes(images, 'linf'), 2, 255)} | "
              f"{cell(sizes(images, 'l2'), 3)} | {cell(sizes(images, 'l1'), 1)} | {cell(sizes(images, 'l0'), 0)} | {forward:.0f} + {backward:.0f} | {seconds / n:.2f} |", flush=True)
    if arguments.only is None:
        claims(results)


def claims(results):
    def robust(name):
        return sum(not i["adversarial"]["success"] for i in results[name])

    counts = [robust(name) for name in CHAIN]
    print("\nRobust pictures, " + " <= ".join(f"{name}: {count}" for name, count in zip(CHAIN, counts)), end=": ")
    print("holds" if counts == sorted(counts) else "DOES NOT HOLD")
    cw, fab, deepfool = (median(sizes(results[name], "l2")) for name in SMALLEST)
    print(f"Median L2: cw-l2 {cw:.4f}, fab {fab:.4f}, within 5 %: {'holds' if abs(cw - fab) <= 0.05 * min(cw, fab) else 'DOES NOT HOLD'}; "
          f"both below deepfool's {deepfool:.4f}: {'holds' if max(cw, fab) < deepfool else 'DOES NOT HOLD'}")


if __name__ == "__main__":
    main()
