"""Writes files/ and expected.jsonl with pandas, pyarrow, polars and DuckDB: python make_files.py

Needs `pip install pandas==3.1.1 pyarrow==26.0.1 polars==2.1.0 duckdb==2.0.1`. The expected cells come from the lists below,
not from a file that was read back.
"""

import json
import math
import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

HERE = Path(__file__).parent
FILES = HERE / "files"
FILES.mkdir(exist_ok=True)
for old in FILES.iterdir():
    old.unlink()

ROWS = 100
rng = random.Random(7)
EPOCH = datetime(1970, 1, 1)


def some(values, missing=0.2):
    return [None if rng.random() < missing else value for value in values]


seconds = [datetime(2025, 12, 28, 20) + timedelta(minutes=97 * i) for i in range(ROWS)]
days = [date(1999, 12, 20) + timedelta(days=i) for i in range(ROWS)]
DATA = {
    "time": ("time", seconds),
    "value": ("float", [round(rng.gauss(20, 400), 3) for _ in range(ROWS)]),
    "gaps": ("float", some([rng.uniform(-1e9, 1e9) for _ in range(ROWS)])),
    "count": ("int", [rng.randrange(-(10**6), 10**6) for _ in range(ROWS)]),
    "big": ("int", [rng.choice([-1, 1]) * (2**60 + rng.randrange(10**9)) for _ in range(ROWS)]),
    "nullable": ("int", some([rng.randrange(-(2**53), 2**53) for _ in range(ROWS)])),
    "empty": ("int", [None] * ROWS),
    "flag": ("bool", [rng.random() < 0.5 for _ in range(ROWS)]),
    "text": ("text", [rng.choice(["Uccle", "Gent, S", 'a "b"', "Liège", "日本", "x;y"]) + str(i) for i in range(ROWS)]),
    "day": ("time", [datetime(d.year, d.month, d.day) for d in days]),
    "seen": ("time", some([s + timedelta(milliseconds=rng.randrange(1000)) for s in seconds])),
    "1960": ("float", [rng.random() for _ in range(ROWS)]),
    "constructor": ("int", list(range(ROWS))),
}


def cell(kind, value):
    if value is None:
        return None
    if kind == "time":
        return str((value - EPOCH) // timedelta(microseconds=1))
    if kind == "int":
        return str(value)
    if kind == "float" and not math.isfinite(value):
        return str(value)
    return value


manifest = []
tables = [DATA]


def wrote(name, writer, columns, options=None, data=DATA):
    """Notes what a file holds."""
    if all(one is not data for one in tables):
        tables.append(data)
    table = next(i for i, one in enumerate(tables) if one is data)
    manifest.append({"file": name, "writer": writer, "options": options or {}, "table": table, "columns": list(columns)})


def path(name):
    return str(FILES / name)


# ---- CSV
NAMES = list(DATA)
CSV_NAMES = [name for name in NAMES if name != "seen"]


def frame(names, integers="Int64"):
    columns = {}
    for name in names:
        kind, values = DATA[name]
        if kind == "int":
            columns[name] = pd.array(values, dtype=integers)
        elif kind == "time":
            columns[name] = pd.Series(values, dtype="datetime64[us]")
        else:
            columns[name] = values
    return pd.DataFrame(columns)


PANDAS = f"pandas {pd.__version__}"
frame(NAMES).to_csv(path("pandas.csv"), index=False)
wrote("pandas.csv", f"{PANDAS} to_csv()", NAMES)
frame(CSV_NAMES).set_index("time").to_csv(path("pandas-index.csv.gz"), compression={"method": "gzip", "mtime": 1})
wrote("pandas-index.csv.gz", f"{PANDAS} to_csv() with an index, gzip", CSV_NAMES)
frame(CSV_NAMES).to_csv(path("pandas-european.csv"), index=False, sep=";", decimal=",", date_format="%d.%m.%Y %H:%M")
wrote("pandas-european.csv", f'{PANDAS} to_csv(sep=";", decimal=",", date_format="%d.%m.%Y %H:%M")', CSV_NAMES)
frame(CSV_NAMES).to_csv(path("pandas-us.csv"), index=False, date_format="%m/%d/%Y %I:%M %p")
wrote("pandas-us.csv", f'{PANDAS} to_csv(date_format="%m/%d/%Y %I:%M %p")', CSV_NAMES)
frame(CSV_NAMES).to_csv(path("pandas-names.tsv"), index=False, sep="\t", date_format="%b %d %Y %H:%M", encoding="utf-8-sig", lineterminator="\r\n")
wrote("pandas-names.tsv", f'{PANDAS} to_csv(sep="\\t", date_format="%b %d %Y %H:%M", encoding="utf-8-sig")', CSV_NAMES)
frame(CSV_NAMES).to_csv(path("pandas-slashes.csv"), index=False, na_rep="NA", date_format="%Y/%m/%d %H:%M:%S", encoding="utf-16")
wrote("pandas-slashes.csv", f'{PANDAS} to_csv(na_rep="NA", date_format="%Y/%m/%d %H:%M:%S", encoding="utf-16")', CSV_NAMES, {"encoding": "utf-16le"})

KINDS = {"int": pa.int64(), "float": pa.float64(), "bool": pa.bool_(), "text": pa.string(), "time": pa.timestamp("ms")}
table = pa.table({name: pa.array(DATA[name][1], KINDS[DATA[name][0]]) for name in NAMES})
PYARROW = f"pyarrow {pa.__version__}"
pa.csv.write_csv(table, path("pyarrow.csv"))
wrote("pyarrow.csv", f"{PYARROW} csv.write_csv()", NAMES)
pa.csv.write_csv(table, path("pyarrow-bare.csv"), pa.csv.WriteOptions(include_header=False, delimiter="|", quoting_style="needed"))
wrote("pyarrow-bare.csv", f'{PYARROW} csv.write_csv(include_header=False, delimiter="|")', NAMES, {"header": False, "names": NAMES})

POLARS = f"polars {pl.__version__}"
polars = pl.DataFrame({name: pl.Series(name, DATA[name][1], {"int": pl.Int64, "float": pl.Float64, "bool": pl.Boolean, "text": pl.String, "time": pl.Datetime("us")}[DATA[name][0]]) for name in NAMES})
polars.write_csv(path("polars.csv"))
wrote("polars.csv", f"{POLARS} write_csv()", NAMES)
polars.select(CSV_NAMES).write_csv(path("polars-british.csv"), separator=";", datetime_format="%d/%m/%Y %H:%M:%S", null_value="null", include_bom=True)
wrote("polars-british.csv", f'{POLARS} write_csv(separator=";", datetime_format="%d/%m/%Y %H:%M:%S", null_value="null")', CSV_NAMES)

db = duckdb.connect()
db.register("t", table)
# DuckDB keeps milliseconds in a type of their own.
db.execute("CREATE TABLE t2 AS SELECT * REPLACE (time::TIMESTAMP AS time, day::DATE AS day, seen::TIMESTAMP AS seen) FROM t")
DUCKDB = f"DuckDB {duckdb.__version__}"
quoted = ", ".join(f'"{name}"' for name in CSV_NAMES)


def duck(name, query, options, columns=NAMES, **more):
    db.execute(f"COPY ({query}) TO '{path(name)}' ({options})")
    wrote(name, f"{DUCKDB} COPY ({options})", columns, **more)


duck("duckdb.csv", "FROM t2", "HEADER")
duck("duckdb-german.csv", f"SELECT {quoted} FROM t2", "HEADER, DELIM ';', TIMESTAMPFORMAT '%d.%m.%Y %H:%M:%S', DATEFORMAT '%d.%m.%Y', FORCE_QUOTE *", CSV_NAMES)
duck("duckdb-nulls.csv", f"SELECT {quoted} FROM t2", "HEADER, DELIM '\t', NULLSTR 'NULL', TIMESTAMPFORMAT '%-d-%b-%Y %H:%M'", CSV_NAMES)

# Months and days alone, as statistics offices write them.
months = [datetime(1991 + i // 12, 1 + i % 12, 1) for i in range(36)]
few = {"month": ("time", months), "sales": ("float", [round(rng.uniform(0, 9), 2) for _ in months])}
for name, fmt in [("year-month", "%Y %b"), ("month-year", "%B %Y"), ("numbered", "%m/%Y"), ("long", "%B %d, %Y"), ("short", "%d-%b-%y"), ("us-days", "%m/%d/%Y")]:
    values = months if name != "us-days" else [m.replace(day=15) for m in months]
    pd.DataFrame({"month": [m.strftime(fmt) for m in values], "sales": few["sales"][1]}).to_csv(path(f"pandas-{name}.csv"), index=False)
    wrote(f"pandas-{name}.csv", f'{PANDAS} to_csv(), months as "{fmt}"', ["month", "sales"], data={"month": ("time", values), "sales": few["sales"]})

# ---- Parquet
for codec in ["snappy", "zstd", "gzip", "brotli", "lz4", "none"]:
    name = f"pyarrow-{codec}.parquet"
    pq.write_table(table, path(name), compression=codec, row_group_size=64)
    wrote(name, f'{PYARROW} parquet.write_table(compression="{codec}", row_group_size=64)', NAMES)
for name, options in {
    "v1": {"version": "1.0", "data_page_version": "1.0", "use_dictionary": False},
    "v2": {"data_page_version": "2.0", "compression": "zstd"},
    "no-statistics": {"write_statistics": False, "row_group_size": 40},
    "split": {"use_dictionary": False, "use_byte_stream_split": ["value", "gaps", "1960"]},
    "delta": {"use_dictionary": False, "column_encoding": {"count": "DELTA_BINARY_PACKED", "big": "DELTA_BINARY_PACKED", "text": "DELTA_BYTE_ARRAY"}},
}.items():
    file = f"pyarrow-{name}.parquet"
    pq.write_table(table, path(file), **options)
    wrote(file, f"{PYARROW} parquet.write_table({options})", NAMES)
odd = {
    "time": DATA["time"],
    "none": ("float", [None] * ROWS),
    "small": ("int", [i % 100 for i in range(ROWS)]),
    "category": ("text", [rng.choice(["a", "b"]) for _ in range(ROWS)]),
    "decimal": ("float", [float(Decimal(i) / 100) for i in range(ROWS)]),
}
pq.write_table(
    pa.table({
        "time": table["time"],
        "none": pa.nulls(ROWS),
        "small": pa.array(odd["small"][1], pa.int8()),
        "category": pa.array(odd["category"][1]).dictionary_encode(),
        "decimal": pa.array([Decimal(i) / 100 for i in range(ROWS)], pa.decimal128(20, 12)),
    }),
    path("pyarrow-odd.parquet"),
)
wrote("pyarrow-odd.parquet", f"{PYARROW} parquet.write_table() of nulls, int8, dictionaries, decimals", list(odd), data=odd)

frame(NAMES).to_parquet(path("pandas.parquet"), index=False)
wrote("pandas.parquet", f"{PANDAS} to_parquet()", NAMES)
frame(NAMES).set_index("time").to_parquet(path("pandas-index.parquet"), compression="zstd")
wrote("pandas-index.parquet", f'{PANDAS} to_parquet(compression="zstd") with an index', NAMES, {"index": ["time"]})
for codec in ["zstd", "lz4", "snappy", "uncompressed"]:
    name = f"polars-{codec}.parquet"
    polars.write_parquet(path(name), compression=codec, statistics=codec != "lz4", row_group_size=70)
    wrote(name, f'{POLARS} write_parquet(compression="{codec}", statistics={codec != "lz4"})', NAMES)
duck("duckdb.parquet", "FROM t2", "FORMAT parquet")
duck("duckdb-v2.parquet", "FROM t2", "FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2")
summed = {"time": DATA["time"], "total": ("float", [float(c) for c in DATA["count"][1]])}
duck("duckdb-sums.parquet", 'SELECT time, sum("count") AS total FROM t2 GROUP BY time ORDER BY time', "FORMAT parquet", list(summed), data=summed)

with open(HERE / "expected.jsonl", "w", encoding="utf-8") as file:
    cells = [
        {name: {"kind": kind, "cells": [cell(kind, value) for value in values]} for name, (kind, values) in data.items()}
        for data in tables
    ]
    for line in [cells, *manifest]:
        file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
print(f"{len(manifest)} files")
