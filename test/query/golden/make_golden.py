"""Makes expressions.jsonl: what Python Lakota makes of expressions.

    pip install "numpy<2" numcodecs==0.11 lakota==0.7.1
    python make_golden.py

The first line is the frame (times in seconds since 1970). Each further line is a case: "eval", an expression of rows and
its values; "mask", a condition and the numbers of the rows that pass; "reduce", expressions by name, and the columns of the
answer. Values that JSON lacks are text ("nan", "inf"). Times are told in seconds, whatever unit numpy gives them.
"""

import json
import math
import warnings

import numpy as np
from lakota.frame import Frame
from lakota.schema import Schema

warnings.simplefilter("ignore")

ROWS = 60
rng = np.random.default_rng(1)
COLUMNS = {
    # Hours apart, over the night in which Brussels leaves summer time.
    "timestamp": 1792600000 + 7777 * np.arange(ROWS),
    "station": np.array(["Uccle", "Ghent", "Liège", "Oostende"])[rng.integers(0, 4, ROWS)],
    "value": np.round(rng.normal(10, 5, ROWS), 3),
    "n": rng.integers(-20, 20, ROWS),
}
SCHEMA = Schema(timestamp="timestamp*", station="str", value="float", n="int")

EVAL = [
    "(+ self.n 1)",
    "(+ self.n self.n 1)",
    "(- self.value self.n)",
    "(* self.n self.n)",
    "(/ self.n 7)",
    "(% self.n 7)",
    "(% self.n -7)",
    "(% self.value 3)",
    "(floor_divide self.n 7)",
    "(floor_divide self.value -0.3)",
    "(power self.value 2)",
    "(abs self.n)",
    "(negative self.value)",
    "(sqrt (abs self.value))",
    "(exp (/ self.n 10))",
    "(log (abs self.value))",
    "(float64 self.n)",
    "(= self.n 3)",
    "(!= self.n 3)",
    "(< self.n self.value)",
    "(isnan (/ self.value 0))",
    '(floor self.timestamp "Y")',
    '(floor self.timestamp "M")',
    '(floor self.timestamp "D")',
    '(floor self.timestamp "h")',
    '(floor self.timestamp "m")',
    '(floor self.timestamp "s")',
    '(as-tz self.timestamp "Europe/Brussels")',
    '(as-tz self.timestamp "America/New_York")',
    '(as-tz self.timestamp "Asia/Kolkata")',
    '(floor (as-tz self.timestamp "Europe/Brussels") "D")',
    "(+ self.timestamp 3600)",
    '(+ self.timestamp (timedelta64 90 "m"))',
    '(- self.timestamp (datetime64 "2026-10-25T00:00:00"))',
]

MASK = [
    "(< self.value 10)",
    "(<= self.n 0)",
    "(> self.n (/ 7 2))",
    "(>= self.value self.n)",
    '(= self.station "Liège")',
    '(!= self.station "Ghent")',
    '(< self.station "Liège")',
    '(isin self.station (list "Ghent" "Uccle"))',
    "(isin self.n (list 1 2 3 -4))",
    "(and (> self.n 2) (< self.value 12.5))",
    "(and (> self.n 2) (< self.value 12.5) (!= self.n 5))",
    "(or (> self.n 15) (< self.n -15))",
    "(logical_not (> self.n 2))",
    "(logical_and (> self.n 2) (< self.n 9))",
    '(< self.timestamp (datetime64 "2026-10-25"))',
    '(>= self.timestamp (datetime64 "2026-10-25T01:00:00"))',
    "(and (> self.n 2) # a comment\n true)",
]

REDUCE = [
    {"top": "(max self.value)"},
    {"low": "(min self.n)", "rows": "(count self.n)", "len": "(len self.value)"},
    {"mean": "(mean self.value)", "average": "(mean self.n)", "sum": "(sum self.n)", "total": "(sum self.value)"},
    {"q": "(quantile self.value 0.9)", "median": "(quantile self.value)", "lower": '(quantile self.value 0.33 "lower")'},
    {"higher": '(quantile self.value 0.33 "higher")', "midpoint": '(quantile self.value 0.33 "midpoint")'},
    {"x": '(as (max self.value) "top")'},
    {"spread": "(- (max self.value) (min self.value))"},
    {"weighted": "(/ (sum (* self.value self.n)) (sum self.n))"},
    {"station": "station", "mean": "(mean self.value)", "first": "(first self.n)", "last": "(last self.n)"},
    {"station": "station", "top": "(max self.value)", "low": "(min self.value)", "rows": "(count self.value)"},
    {"day": '(floor self.timestamp "D")', "sum": "(sum self.n)", "average": "(average self.value)"},
    {"day": '(floor self.timestamp "D")', "station": "station", "rows": "(len self.value)"},
    {"station": "station", "day": '(floor self.timestamp "D")', "first": "(first self.value)"},
    {"day": '(floor (as-tz self.timestamp "Europe/Brussels") "D")', "rows": "(len self.value)"},
    {"positive": "(> self.n 0)", "rows": "(len self.value)", "first": "(first self.station)"},
    {"n": "(% self.n 3)", "sum": "(sum self.value)"},
    {"timestamp": "timestamp", "double": "(* self.value 2)"},
    {"station": "station", "hour": '(floor self.timestamp "h")'},
]


def plain(array):
    if array.dtype.kind == "M":
        array = array.astype("M8[s]").astype("i8")
    if array.dtype.kind == "m":
        array = array.astype("m8[s]").astype("i8")
    return [str(x) if isinstance(x, float) and not math.isfinite(x) else x for x in array.tolist()]


frame = Frame(SCHEMA, COLUMNS)


def reduced(columns):
    answer = frame.reduce(**columns)
    return {name: plain(np.asarray(answer[name])) for name in answer}


def lines():
    yield {name: plain(COLUMNS[name]) for name in COLUMNS}
    for text in EVAL:
        yield ["eval", text, plain(np.asarray(frame.eval(text)))]
    for text in MASK:
        yield ["mask", text, np.flatnonzero(frame.eval(text)).tolist()]
    for columns in REDUCE:
        yield ["reduce", columns, reduced(columns)]


with open("expressions.jsonl", "w") as file:
    for line in lines():
        print(json.dumps(line, ensure_ascii=False), file=file)
