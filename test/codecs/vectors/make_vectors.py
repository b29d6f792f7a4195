"""Makes vectors.jsonl and half.json: what Python writes for known columns.

    pip install "numpy<2" numcodecs==0.11 lakota==0.7.1
    python make_vectors.py

A line of vectors.jsonl is a column: its dtype, its rows (the raw array in hex where items have a fixed size, else
JSON, with {"bigint": "…"}, {"bytes": hex} and {"float": "…"} for what JSON lacks), how many times those rows are
repeated, and for every pipeline that Python can both write and read: the encoded bytes in base64 and the digest.
half.json has float64 numbers and the bits of the float16 that numpy makes of each.
"""

import base64
import json
import math

import numpy as np
from lakota.schema import Codec
from numcodecs import blosc

blosc.use_threads = False

BYTES = ["blosc", "zstd", "lz4", "gzip", "zlib", "blosc|gzip", "gzip|blosc", "zstd|zstd"]
SHUFFLED = ["shuffle|zstd", "shuffle|blosc", "shuffle|lz4"]
VALUES = ["msgpack2", "json2", "msgpack2|blosc", "json2|zstd"]
TEXT = ["msgpack2", "msgpack2|zstd", "msgpack2|lz4", "msgpack2|blosc", "json2", "json2|gzip", "vlen-utf8", "vlen-utf8|zstd"]
OBJECTS = ["msgpack2|zstd", "msgpack2", "msgpack2|zlib", "json2", "json2|zstd"]

NAT = -(2**63)
TIMES = [0, 1, -1, 1577836800, -62135596800, NAT, 2**40]
FLOATS = [0.0, -0.0, 1.0, -1.5, 0.1, math.pi, math.inf, -math.inf, math.nan, 123456.0, 1 / 3]
INTS = {bits: [0, 1, -1, 2 ** (bits - 1) - 1, -(2 ** (bits - 1)), 100, -100] for bits in (8, 16, 32, 64)}
WORDS = ["", "a", "é", "日本語", "🙂", "tab\tquote\"back\\slash", "\x7f\u2028", "\ufeffbom", "\ue000", "x" * 40]


def fixed():
    """(dtype, array, whether its items mean the same to msgpack and JSON)"""
    for bits, values in INTS.items():
        yield f"int{bits}", np.array(values, f"i{bits // 8}"), True
        yield f"uint{bits}", np.array([0, 1, 2**bits - 1, 2 ** (bits - 1), 77], f"u{bits // 8}"), True
    yield "float64", np.array(FLOATS + [5e-324, 1.7976931348623157e308, 1e16, 1e15, 1e-5, 1e-4, 1e22, 2.0**53]), True
    yield "float64", np.array([0x7FF8000000000001, 0xFFF8000000000000, 0x7FF0000000000001], "u8").view("f8"), False
    yield "float32", np.array(FLOATS, "f4"), True
    yield "float16", np.array(FLOATS[:9] + [6e-8, 65504], "f2"), True
    yield "complex128", np.array([1, 2j, -0.5 + 0.25j]), True
    yield "complex64", np.array([1, 2j, -0.5 + 0.25j], "c8"), True
    yield "bool", np.array([True, False, False, True, True]), True
    for unit in ("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns"):
        yield f"datetime64[{unit}]", np.array(TIMES, "i8").view(f"M8[{unit}]"), True
    for unit in ("D", "s", "ns"):
        yield f"timedelta64[{unit}]", np.array(TIMES, "i8").view(f"m8[{unit}]"), True
    yield "<U5", np.array(["", "a", "é", "日本語", "🙂", "five5", "a\0b"], "U5"), True
    yield "|S5", np.array([b"", b"a", b"\xe9", b"five5", b"a\0b"], "S5"), True


def objects():
    yield [None, True, False, 0, 1, -1, 127, 128, -32, -33, 255, 256, 65535, 65536, 2**31, 2**32, -(2**31) - 1]
    yield [2**53 - 1, 2**53, 2**53 + 1, 2**63, 2**64 - 1, -(2**53) - 1, -(2**63)]
    yield [0.5, 1.5, -2.25, 1e300, 1e-7, 12345678901234567.0, math.inf, -math.inf, 0.30000000000000004]
    yield ["text", "é", "🙂", "NaN", "Infinity", "12345678901234567890", "\0lakota:5", "a\\", '"', "x" * 300]
    yield [{"b": 1, "a": [1, 2, {"c": None}], "é": {"z": "y"}, "\ue000": 1, "🙂": 2}, {}, [], [[]], {"": ""}]
    yield [{"path": "c5/df", "schema": {"kind": None, "columns": {"t": {"dt": "datetime64[s]", "idx": True}}}}]
    yield [b"\x00\xff", b""]
    yield [[1, 4], [2, 3]]


def plain(value):
    """A value as JSON that tells everything."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, float):
        return {"float": repr(value).replace("inf", "Infinity")}
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53 - 1:
        return {"bigint": str(value)}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {"map": [[key, plain(item)] for key, item in value.items()]}
    return value


def encodings(dt, array, pipelines):
    for pipeline in pipelines:
        codec = Codec(dt, *pipeline.split("|"))
        try:
            encoded, digest = codec.encode(array, with_digest=True)
            decoded = codec.decode(encoded)
        except (TypeError, ValueError, OverflowError, AttributeError):
            continue  # no such pipeline in Python
        if len(decoded) != len(array):
            continue
        yield pipeline, [base64.b64encode(encoded).decode(), digest]


def line(dt, array, pipelines, rows, repeat):
    named = dict(encodings(dt, array, pipelines))
    return json.dumps({"dt": dt, "rows": rows, "repeat": repeat, "encodings": named}, separators=(",", ":"))


def columns():
    for dt, array, as_values in fixed():
        pipelines = BYTES + (SHUFFLED if array.itemsize % 4 == 0 else []) + (VALUES if as_values else [])
        yield line(dt, array, pipelines, array.tobytes().hex(), 1)
        yield line(dt, np.tile(array, 24), BYTES[:3], array.tobytes().hex(), 24)
    for words in (WORDS, ["one"], [""]):
        yield line("<U0", np.array(words), TEXT, words, 1)
    yield line("<U0", np.array(WORDS * 24), TEXT[:2], WORDS, 24)
    for items in objects():
        nested = isinstance(items[0], list) and len({len(item) for item in items}) == 1
        array = np.array(items, "O") if nested else np.empty(len(items), "O")  # nested: of shape [2, 2]
        array[:] = items
        yield line("object", array, OBJECTS, plain(items), 1)
    yield line("object", np.array(WORDS, "O"), ["vlen-utf8"], WORDS, 1)


def halves():
    exact = np.arange(0, 0x7C00, 97, dtype="u2").view("f2").astype("f8")
    steps = np.diff(np.arange(0, 0x7C00, dtype="u2").view("f2").astype("f8"))[::97]
    ties = exact[: len(steps)] + steps / 2
    near = [np.nextafter(ties, 0), ties, np.nextafter(ties, np.inf), ties * (1 + 2**-40)]
    edges = [65504, 65519.99, 65520, 1e9, math.inf, 2**-24, 2**-25, 2**-25 * 1.0001, 2**-26, 5e-324, 0.0, 2**-14, 0.1]
    values = np.concatenate([exact, *near, edges])
    values = np.concatenate([values, -values, [math.nan]])
    with np.errstate(over="ignore"):
        bits = values.astype("f2").view("u2")
    return {name: base64.b64encode(a.tobytes()).decode() for name, a in (("float64", values), ("float16", bits))}


with open("vectors.jsonl", "w") as file:
    file.writelines(text + "\n" for text in columns())
with open("half.json", "w") as file:
    file.write(json.dumps(halves(), indent=2) + "\n")
