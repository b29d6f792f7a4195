"""Python Lakota behind a pipe: reads one request per line from standard input, and writes one response per line.

A request is {"op": NAME, ...its arguments}, a response {"value": ...} or {"error": {"type", "message"}}. Values of frames are
written as in test/golden/GOLDEN.md; complex numbers are pairs of floats, and bytes are Latin-1 text.
Every request opens its repository again, so that nothing is served from earlier reads.
"""
import json
import os
import sys
from datetime import datetime, timezone

import numpy
from lakota import POD, Repo, Schema
from lakota.utils import settings

OPS = {}
PODS = {}


def op(function):
    OPS[function.__name__] = function
    return function


# Values


def to_object(item):
    kind, value = item["t"], item.get("v")
    if kind == "list":
        return [to_object(item) for item in value]
    if kind == "dict":
        return {to_object(key): to_object(item) for key, item in value}
    casts = {"none": lambda _: None, "int": int, "float": float, "bytes": bytes.fromhex}
    return casts.get(kind, lambda same: same)(value)


def from_object(value):
    if value is None:
        return {"t": "none"}
    if isinstance(value, bool):
        return {"t": "bool", "v": value}
    if isinstance(value, int):
        return {"t": "int", "v": str(value)}
    if isinstance(value, float):
        # JSON and JavaScript have a single type of number.
        whole = value.is_integer() and not (value == 0 and str(value)[0] == "-")
        return {"t": "int", "v": str(int(value))} if whole else {"t": "float", "v": from_float(value)}
    if isinstance(value, bytes):
        return {"t": "bytes", "v": value.hex()}
    if isinstance(value, (list, tuple)):
        return {"t": "list", "v": [from_object(item) for item in value]}
    if isinstance(value, dict):
        return {"t": "dict", "v": [[from_object(key), from_object(item)] for key, item in value.items()]}
    return {"t": "str", "v": str(value)}


def from_float(value):
    value = float(value)
    if numpy.isnan(value):
        return "NaN"
    if numpy.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return repr(value)


def to_array(dt, items):
    """Returns the items of a request as an array of the column's type."""
    if dt.kind == "O":
        array = numpy.empty(len(items), dtype="O")
        for i, item in enumerate(items):
            array[i] = to_object(item)
        return array
    if dt.kind in "mM":
        return numpy.array([int(item) for item in items], dtype="i8").view(dt)
    if dt.kind in "iu":
        return numpy.array([int(item) for item in items], dtype=dt)
    if dt.kind == "f":
        return numpy.array([float(item) for item in items], dtype=dt)
    if dt.kind == "c":
        return numpy.array([complex(float(re), float(im)) for re, im in items], dtype=dt)
    if dt.kind == "S":
        return numpy.array([item.encode("latin-1") for item in items], dtype=dt)
    return numpy.array(items, dtype=dt)


def from_array(array):
    kind = array.dtype.kind
    if kind in "mM":
        return [str(item) for item in array.view("i8").tolist()]
    if kind in "iu":
        return [str(item) for item in array.tolist()]
    if kind == "f":
        return [from_float(item) for item in array]
    if kind == "c":
        return [[from_float(item.real), from_float(item.imag)] for item in array]
    if kind == "b":
        return array.tolist()
    if kind == "S":
        return [item.decode("latin-1") for item in array.tolist()]
    if kind == "O":
        return [from_object(item) for item in array.tolist()]
    return [str(item) for item in array.tolist()]


def to_frame(schema, columns):
    return {name: to_array(schema[name].codec.dt, items) for name, items in columns.items()}


def from_frame(frame):
    columns = {
        # The type from the schema: arrays of text have the width of the longest item.
        name: {"dt": str(frame.schema[name].codec.dt), "values": from_array(numpy.asarray(frame[name]))}
        for name in frame
    }
    return {"length": len(frame), "columns": columns}


def to_key(schema, values):
    if values is None:
        return None
    return tuple(to_array(column.codec.dt, [value])[0] for column, value in zip(schema.idx.values(), values))


# Repositories


def open_repo(uri):
    if uri not in PODS:
        PODS[uri] = POD.from_uri(uri)
    return Repo(pod=PODS[uri])


def open_collection(uri, collection):
    found = open_repo(uri).collection(collection)
    if found is None:
        raise KeyError(f"no collection {collection} in {uri}")
    return found


def ids(revisions):
    return [revision.child for revision in revisions or []]


@op
def create(uri, collection, columns, kv=False):
    schema = Schema.kv(**columns) if kv else Schema(**columns)
    open_repo(uri).create_collection(schema, collection)


@op
def collections(uri):
    return open_repo(uri).ls()


@op
def schema(uri, collection):
    return open_collection(uri, collection).schema.dumps()


@op
def series(uri, collection):
    return open_collection(uri, collection).ls()


@op
def log(uri, collection):
    return [{"id": revision.child, "head": revision.is_leaf} for revision in open_collection(uri, collection).changelog.log()]


def write_one(opened, series, frame, start=None, stop=None, closed="b"):
    schema = opened.schema
    options = {} if schema.kind == "kv" else {"closed": closed}
    start, stop = to_key(schema, start), to_key(schema, stop)
    return opened.series(series).write(to_frame(schema, frame), start=start, stop=stop, **options)


@op
def write(uri, collection, **arguments):
    return ids(write_one(open_collection(uri, collection), **arguments))


@op
def write_lists(uri, collection, series, frame):
    """Writes plain lists, which numpy may convert to arrays with more dimensions."""
    opened = open_collection(uri, collection)
    lists = {name: array.tolist() for name, array in to_frame(opened.schema, frame).items()}
    return ids(opened.series(series).write(lists))


@op
def write_nanoseconds(uri, collection, series, frame):
    """Writes times in nanoseconds, as in pandas. They are stored in the column's unit."""
    opened = open_collection(uri, collection)
    arrays = to_frame(opened.schema, frame)
    fine = {name: array.astype("M8[ns]") if array.dtype.kind == "M" else array for name, array in arrays.items()}
    return ids(opened.series(series).write(fine))


@op
def batch(uri, collection, writes):
    opened = open_collection(uri, collection)
    with opened.multi() as revisions:
        for item in writes:
            write_one(opened, **item)
    return ids(revisions.revs)


@op
def update(uri, collection, series, frame):
    opened = open_collection(uri, collection)
    return ids(opened.series(series).update(to_frame(opened.schema, frame)))


@op
def delete(uri, collection, series, start, stop, closed="b"):
    opened = open_collection(uri, collection)
    schema = opened.schema
    return ids(opened.series(series).delete(to_key(schema, start), to_key(schema, stop), closed=closed))


@op
def delete_keys(uri, collection, series, keys):
    return ids(open_collection(uri, collection).series(series).delete(*keys))


@op
def drop(uri, collection, labels):
    return ids(open_collection(uri, collection).delete(*labels))


@op
def rename_series(uri, collection, label, to):
    return ids(open_collection(uri, collection).rename(label, to))


def range_of(schema, start=None, stop=None, closed="LEFT", before=None, select=None):
    return {
        "start": to_key(schema, start),
        "stop": to_key(schema, stop),
        "closed": closed.upper(),
        "before": before,
        "select": select,
    }


@op
def read(uri, collection, series, limit=None, offset=None, **options):
    opened = open_collection(uri, collection)
    frame = opened.series(series).frame(limit=limit, offset=offset, **range_of(opened.schema, **options))
    return from_frame(frame)


@op
def tail(uri, collection, series, rows, **options):
    opened = open_collection(uri, collection)
    return from_frame(opened.series(series).tail(rows, **range_of(opened.schema, **options)))


@op
def pages(uri, collection, series, rows, **options):
    opened = open_collection(uri, collection)
    return [from_frame(page) for page in opened.series(series).paginate(rows, **range_of(opened.schema, **options))]


@op
def merge(uri, collection):
    return ids(open_collection(uri, collection).merge())


@op
def merge_registry(uri):
    return ids(open_repo(uri).merge())


@op
def defrag(uri, collection):
    return ids(open_collection(uri, collection).defrag())


@op
def trim(uri, collection, before=None):
    """before: epoch milliseconds"""
    time = None if before is None else datetime.fromtimestamp(before / 1000, tz=timezone.utc)
    return open_collection(uri, collection).trim(time)


@op
def gc(uri, grace):
    """grace: seconds"""
    previous = settings.timeout
    settings.timeout = grace
    try:
        return list(open_repo(uri).gc())
    finally:
        settings.timeout = previous


@op
def pull(uri, other, labels=(), shallow=False):
    open_repo(uri).pull(open_repo(other), *labels, shallow=shallow)


@op
def push(uri, other, labels=(), shallow=False):
    open_repo(uri).push(open_repo(other), *labels, shallow=shallow)


@op
def rename(uri, collection, to):
    open_repo(uri).rename(collection, to)


@op
def clone(uri, collection, to):
    opened = open_collection(uri, collection)
    opened.clone(open_repo(uri).create_collection(opened.schema, to))


@op
def remove(uri, collection):
    open_repo(uri).delete(collection)


def main():
    for line in sys.stdin:
        request = json.loads(line)
        try:
            response = {"value": OPS[request.pop("op")](**request)}
        except Exception as error:
            response = {"error": {"type": type(error).__name__, "message": str(error)}}
        print(json.dumps(response), file=RESPONSES, flush=True)


# Other output goes to standard error, so that it does not mix with the responses.
RESPONSES = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
main()
