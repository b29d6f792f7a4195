"""One operation with Python Lakota, as step.ts does it. Prints what it took as JSON. Arguments: a step as JSON."""
import json
import resource
import sys
import time
from statistics import median

import numpy
from lakota import POD, Repo, Schema
from lakota.pod import FilePOD

STEP = json.loads(sys.argv[1])
ROWS = 100
COUNT = {"requests": 0, "read": 0, "written": 0}


def counting(name, size=lambda result, data: {}):
    """Makes a method of the store count its calls, and the bytes that it reads or writes."""
    method = getattr(FilePOD, name)

    def counted(self, path=".", *args, **kwargs):
        COUNT["requests"] += 1
        result = method(self, path, *args, **kwargs)
        for key, value in size(result, args[0] if args else None).items():
            COUNT[key] += value
        return result

    setattr(FilePOD, name, counted)


counting("ls")
counting("isfile")
counting("read", lambda result, data: {"read": len(result)})
counting("write", lambda result, data: {"written": len(data) if result is not None else 0})


def label_of(i):
    return f"sensor-{i:06}"


def other(i):
    return label_of((i * 7_919 + 13) % STEP["series"])


def rows_of(i, start=0, rows=ROWS):
    row = numpy.arange(start, start + rows)
    return {
        "t": (1_000_000_000 + 10 * row).astype("M8[s]"),
        "v": 100 * numpy.sin(7 * i + row),
    }


def open_collection():
    return Repo(pod=POD.from_uri(STEP["folder"])).collection("c")


def tail(collection, label):
    frame = collection.series(label).tail(10)
    return [frame[name] for name in frame]


def measure(work):
    COUNT.update(requests=0, read=0, written=0)
    started, before = time.perf_counter(), time.process_time()
    work()
    cpu = time.process_time() - before
    return {**COUNT, "roundTrips": None, "cpu": 1000 * cpu, "time": 1000 * (time.perf_counter() - started)}


def middle(costs):
    return {key: None if key == "roundTrips" else median(cost[key] for cost in costs) for key in costs[0]}


def fill():
    collection = Repo(pod=POD.from_uri(STEP["folder"])).create_collection(Schema(t="timestamp*", v="float"), "c")

    def work():
        with collection.multi():
            for i in range(STEP["series"]):
                collection.series(label_of(i)).write(rows_of(i))

    return measure(work)


def write():
    collection = open_collection()
    return middle([measure(lambda: collection.series(other(i)).write(rows_of(i, ROWS + 10 * i, 10))) for i in range(8)])


def refresh():
    mine, writer = open_collection(), open_collection()
    tail(mine, label_of(1))

    def work():
        mine.refresh()
        tail(mine, label_of(1))

    costs = []
    for i in range(8):
        writer.series(other(i)).write(rows_of(i, ROWS + 500 + 10 * i, 10))
        costs.append(measure(work))
    return {**middle(costs), "written": 0}


OPERATIONS = {
    "nothing": lambda: measure(lambda: None),
    "fill": fill,
    "tail": lambda: middle([measure(lambda: tail(open_collection(), other(i))) for i in range(8)]),
    "write": write,
    "refresh": refresh,
    "ls": lambda: middle([measure(lambda: open_collection().ls()) for _ in range(8)]),
}

cost = OPERATIONS[STEP["operation"]]()
print(json.dumps({**cost, "memory": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))
