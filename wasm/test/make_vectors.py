"""Makes vectors.jsonl, one JSON value a line: what native code writes for known inputs.

    apt-get install libblosc1 libzstd1 liblz4-1        # Debian 12: the versions that our modules are built from
    pip install "numpy<2" numcodecs==0.15.2
    python make_vectors.py > vectors.jsonl

Each case has the sha1 of what those libraries write with one thread; where Python numcodecs (which carries newer
ones) writes other bytes, also the sha1 of those; and the bytes that numcodecs writes, if they are few. The inputs
are not stored: inputs.ts makes them again.
"""

import ctypes
import hashlib
import json

import numcodecs
import numpy as np
from numcodecs import LZ4, Zstd, blosc

blosc.use_threads = False
libblosc, libzstd, liblz4 = (ctypes.CDLL(f"lib{name}.so.1") for name in ("blosc", "zstd", "lz4"))
libzstd.ZSTD_compressBound.argtypes = [ctypes.c_size_t]
libzstd.ZSTD_compressBound.restype = libzstd.ZSTD_compress.restype = ctypes.c_size_t
libzstd.ZSTD_compress.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
libblosc.blosc_compress_ctx.argtypes = [
    ctypes.c_int, ctypes.c_int, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p,
    ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int,
]
SMALL = 400


def xorshift(seed: int, count: int) -> np.ndarray:
    """Marsaglia's 32-bit generator: the one in inputs.ts."""
    out = np.empty(count, np.uint32)
    x = seed
    for i in range(count):
        x ^= (x << 13) & 0xFFFFFFFF
        x ^= x >> 17
        x ^= (x << 5) & 0xFFFFFFFF
        out[i] = x
    return out


def walk(count: int) -> np.ndarray:
    """A random walk in whole steps, as float64."""
    return np.cumsum((xorshift(7, count) % 201).astype(np.int64) - 100).astype(np.float64) / 100


def text(count: int) -> np.ndarray:
    words = [b"chunk ", b"commit ", b"series ", b"label ", b"time ", b"store ", b"codec ", b"head\n"]
    joined = b"".join(words[r % 8] + str(r % 1000).encode() + b" " for r in xorshift(3, count))
    return np.frombuffer(joined, np.uint8)


inputs = {
    "empty": np.empty(0, np.int64),
    "three": np.arange(3, dtype=np.int64),
    "arange-1000-i4": np.arange(1000, dtype=np.int32),
    "timestamps-100k": 1577836800 + 60 * np.arange(100_000, dtype=np.int64),
    "walk-90001": walk(90_001),
    "noise-50k": xorshift(1, 50_000),
    "noise-i2-70001": (xorshift(2, 70_001) % 300).astype(np.uint16),
    "zeros-300k-u1": np.zeros(300_000, np.uint8),
    "steps-c16": np.repeat(np.arange(2000, dtype=np.float64), 10),
    "text": text(30_000),
}
# A type that is two float64 wide, without complex arithmetic.
ITEM_SIZES = {"steps-c16": 16}


def configs(raw: bytes, typesize: int):
    small = len(raw) < 100
    for cname in ["blosclz", "lz4", "lz4hc", "zstd"]:
        for shuffle in [0, 1, 2]:
            for clevel in [5] if small else [1, 5, 9] if shuffle == 2 else [3, 7]:
                for blocksize in [0] if small or clevel != 5 else [0, 4096, 100_000]:
                    yield {"codec": "blosc", "cname": cname, "clevel": clevel, "shuffle": shuffle,
                           "typesize": typesize, "blocksize": blocksize}
    for level in [-5, 1, 3, 9, 19]:
        yield {"codec": "zstd", "level": level}
    for acceleration in [1, 10] if raw else []:
        yield {"codec": "lz4", "acceleration": acceleration}


def by_libraries(raw: bytes, c: dict) -> bytes:
    capacity = 2 * len(raw) + 1000
    out = ctypes.create_string_buffer(capacity)
    if c["codec"] == "blosc":
        size = libblosc.blosc_compress_ctx(c["clevel"], c["shuffle"], c["typesize"], len(raw), raw, out,
                                           len(raw) + 16, c["cname"].encode(), c["blocksize"], 1)
        assert size > 0
        return out.raw[:size]
    if c["codec"] == "zstd":
        size = libzstd.ZSTD_compress(out, libzstd.ZSTD_compressBound(len(raw)), raw, len(raw), c["level"])
        assert size <= capacity
        return out.raw[:size]
    size = liblz4.LZ4_compress_fast(raw, out, len(raw), liblz4.LZ4_compressBound(len(raw)), c["acceleration"])
    assert size > 0
    return len(raw).to_bytes(4, "little") + out.raw[:size]


def by_numcodecs(raw: bytes, c: dict) -> bytes:
    if c["codec"] == "blosc":
        items = np.frombuffer(raw, f"V{c['typesize']}")
        return bytes(blosc.compress(items, c["cname"].encode(), c["clevel"], c["shuffle"], c["blocksize"]))
    codec = Zstd(c["level"]) if c["codec"] == "zstd" else LZ4(c["acceleration"])
    made = bytes(codec.encode(raw))
    return made


def sha1(content: bytes) -> str:
    return hashlib.sha1(content).hexdigest()


def main():
    cases = []
    for name, array in inputs.items():
        raw = array.tobytes()
        for config in configs(raw, ITEM_SIZES.get(name, array.itemsize)):
            ours, theirs = by_libraries(raw, config), by_numcodecs(raw, config)
            case = {"input": name, **config, "sha1": sha1(ours)}
            if theirs != ours:
                case["numcodecs_sha1"] = sha1(theirs)
            if len(theirs) <= SMALL:
                case["numcodecs_hex"] = theirs.hex()
            cases.append(case)
    digests = {name: sha1(array.tobytes()) for name, array in inputs.items()}
    versions = {"numcodecs": numcodecs.__version__, "libblosc1": "1.21.3", "libzstd1": "1.5.4", "liblz4-1": "1.9.4"}
    for line in [{"versions": versions, "inputs": digests}, *cases]:
        print(json.dumps(line))


if __name__ == "__main__":
    main()
