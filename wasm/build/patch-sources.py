"""Edits the unpacked sources for WebAssembly. Each edit must apply exactly as often as it says, else the build stops.

usage: patch-sources.py SOURCES

1. zstd reads and writes its bit streams in registers of `size_t`, which is 32 bits on wasm32 although the machine
   has 64-bit registers. The edits give it 64-bit bit containers, and with them its fast Huffman loops. The format
   is not concerned.
2. lz4 hashes 4 bytes instead of 5 and keeps pointers instead of offsets where size_t has 32 bits: its output would
   be another one, and larger, than on the machines where everybody else compresses.
3. blosclz adds up match lengths without looking at the space that is left: several megabytes of 0xff overflow the
   counter. The edit stops at the size of the output.
"""

import pathlib
import re
import sys

sources = pathlib.Path(sys.argv[1])

# file -> [(regular expression, replacement, number of places)]
EDITS = {
    "zstd/lib/common/mem.h": [
        # Helpers of the size_t family keep following size_t ...
        (r"if \(MEM_32bits\(\)\)", "if (sizeof(size_t) == 4)", 5),
        # ... all the rest is told that the machine has 64 bits.
        (r"(MEM_32bits\(void\) \{ return) sizeof\(size_t\)==4;", r"\1 0;", 1),
        (r"(MEM_64bits\(void\) \{ return) sizeof\(size_t\)==8;", r"\1 1;", 1),
    ],
    "zstd/lib/common/bits.h": [
        (r"ZSTD_NbCommonBytes\(size_t val\)", "ZSTD_NbCommonBytes(U64 val)", 1),
    ],
    "zstd/lib/common/bitstream.h": [
        (r"size_t( +)bitContainer", r"U64\1bitContainer", 5),
        (r"MEM_readLEST", "MEM_readLE64", 3),
        (r"MEM_writeLEST", "MEM_writeLE64", 2),
        (r"\(size_t\)\(\(\(const BYTE", "(U64)(((const BYTE", 6),
        (r"size_t value, unsigned nbBits", "U64 value, unsigned nbBits", 4),
        (r"FORCE_INLINE_ATTR size_t BIT_getLowerBits", "FORCE_INLINE_ATTR U64 BIT_getLowerBits", 1),
    ],
    "zstd/lib/common/huf.h": [
        (r"typedef size_t HUF_CElt", "typedef U64 HUF_CElt", 1),
        (r"\(HUF_CTABLE_SIZE_ST\(maxSymbolValue\) \* sizeof\(size_t\)\)",
         "(HUF_CTABLE_SIZE_ST(maxSymbolValue) * sizeof(U64))", 1),
    ],
    "zstd/lib/decompress/huf_decompress.c": [
        (r"static size_t HUF_initFastDStream", "static U64 HUF_initFastDStream", 1),
        (r"size_t const value = MEM_readLEST\(ip\)", "U64 const value = MEM_readLE64(ip)", 1),
        (r"bit->bitContainer = MEM_readLEST", "bit->bitContainer = MEM_readLE64", 1),
        (r"bit->limitPtr = bit->start \+ sizeof\(size_t\)", "bit->limitPtr = bit->start + sizeof(U64)", 1),
    ],
    "zstd/lib/compress/zstd_compress_internal.h": [
        (r"size_t const diff = MEM_readST\(pMatch\) \^ MEM_readST\(pIn\)",
         "U64 const diff = MEM_read64(pMatch) ^ MEM_read64(pIn)", 2),
        (r"pIn\+=sizeof\(size_t\); pMatch\+=sizeof\(size_t\)", "pIn+=sizeof(U64); pMatch+=sizeof(U64)", 2),
        (r"pInLimit - \(sizeof\(size_t\)-1\)", "pInLimit - (sizeof(U64)-1)", 1),
    ],
    "zstd/lib/compress/huf_compress.c": [
        (r"#define HUF_BITS_IN_CONTAINER \(sizeof\(size_t\) \* 8\)", "#define HUF_BITS_IN_CONTAINER (sizeof(U64) * 8)", 1),
        (r"    size_t bitContainer\[2\]", "    U64 bitContainer[2]", 1),
        (r"size_t const bitContainer = bitC", "U64 const bitContainer = bitC", 1),
        (r"MEM_writeLEST\(bitC", "MEM_writeLE64(bitC", 1),
        (r"static size_t HUF_getValue", "static U64 HUF_getValue", 2),
        (r"elt & ~\(size_t\)0xFF", "elt & ~(U64)0xFF", 1),
        (r"HUF_setValue\(HUF_CElt\* elt, size_t value\)", "HUF_setValue(HUF_CElt* elt, U64 value)", 1),
        (r"ZSTD_ALIGNOF\(size_t\)", "ZSTD_ALIGNOF(U64)", 1),
    ],
    "lz4/lib/lz4.c": [
        (r"typedef size_t reg_t;", "typedef U64 reg_t;", 1),
        (r"sizeof\(void\*\)==4", "0", 5),
    ],
    "c-blosc/blosc/blosclz.c": [
        (r"          len \+= code;\n        \} while \(code == 255\);",
         "          len += code;\n          if (len > maxout) return 0;\n        } while (code == 255);", 1),
    ],
}

failures = []
for name, edits in EDITS.items():
    path = sources / name
    text = path.read_text()
    for pattern, replacement, expected in edits:
        text, count = re.subn(pattern, replacement, text)
        if count != expected:
            failures.append(f"{name}: {pattern!r} applied {count} times, not {expected}")
    path.write_text(text)

if failures:
    sys.exit("The sources are not those that the patch was written for:\n" + "\n".join(failures))
