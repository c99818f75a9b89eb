#!/usr/bin/env python3
"""Makes a run of many images from a small one's, by repeating them: to see how large reports get and how fast they open.

    scripts/copies_of_a_run.py RUN OUTPUT IMAGES

Its numbers are no study's: every image is there many times. Twins are those of RUN.
"""
import shutil
import sqlite3
import sys
from pathlib import Path


def main() -> None:
    if len(sys.argv) != 4 or not sys.argv[3].isdigit():
        sys.exit(__doc__)
    run, output, images = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    output.mkdir()
    file = output / "run.sqlite"
    shutil.copyfile(run / "run.sqlite", file)
    database = sqlite3.connect(file)
    database.executescript("PRAGMA journal_mode = off; PRAGMA synchronous = off")
    count, last = database.execute("SELECT count(*), max(image) FROM image").fetchone()
    conditions_of_model = "condition IN (SELECT condition FROM condition WHERE network = 0)"
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    for copy in range(1, -(-images // count)):
        for table in tables:
            columns = [column for _, column, *_ in database.execute(f'PRAGMA table_info("{table}")')]
            if "image" not in columns or table == "twin_image":
                continue
            copied = {"image": f"image + {copy * (last + 1)}"}
            if table == "image":
                copied |= {"id": f"id || '-{copy}'", "file": f"'{copy}-' || file"}
            where = f" AND {conditions_of_model}" if "condition" in columns else ""
            values = ", ".join(copied.get(column, f'"{column}"') for column in columns)
            database.execute(f'INSERT INTO "{table}" SELECT {values} FROM "{table}" WHERE image <= {last}{where}')
        database.commit()
        print(f"{(copy + 1) * count} images", end="\r", file=sys.stderr)
    print(f"{output}: {database.execute('SELECT count(*) FROM image').fetchone()[0]} images", file=sys.stderr)


main()
