/* Undoing blosc's two filters, in one pass each, with 128-bit SIMD.
 *
 * A byte-shuffled block holds first byte 0 of all elements, then byte 1 of all, and so on: one "lane" a byte.
 * A bit-shuffled block holds first bit 0 of all elements, then bit 1: one "row" a bit, eight rows a lane.
 * Bytes after the last whole element are stored as they are. */

#include "unshuffle.h"

#include <string.h>
#include <wasm_simd128.h>

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

/* Elements are put together 16 at a time: one vector of each lane. */
enum { ELEMENTS_A_VECTOR = 16, MAX_TYPE_SIZE = 255 };

INLINE v128_t zip_low(v128_t a, v128_t b) {
  return wasm_i8x16_shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

INLINE v128_t zip_high(v128_t a, v128_t b) {
  return wasm_i8x16_shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/* Interleaves the bytes of `count` vectors (a power of two): byte 0 of each, then byte 1 of each, ... */
INLINE void interleave(v128_t *v, const int count) {
  UNROLL for (int round = 1; round < count; round *= 2) {
    v128_t zipped[ELEMENTS_A_VECTOR];
    UNROLL for (int i = 0; i < count / 2; i++) {
      zipped[2 * i] = zip_low(v[i], v[i + count / 2]);
      zipped[2 * i + 1] = zip_high(v[i], v[i + count / 2]);
    }
    UNROLL for (int i = 0; i < count; i++) v[i] = zipped[i];
  }
}

/* Stores the parts of `width` bytes of one vector, `stride` bytes apart. */
INLINE void store_parts(uint8_t *out, size_t stride, v128_t v, const int width) {
  if (width == 16) {
    wasm_v128_store(out, v);
  } else if (width == 8) {
    wasm_v128_store64_lane(out, v, 0);
    wasm_v128_store64_lane(out + stride, v, 1);
  } else if (width == 4) {
    uint32_t parts[4];
    wasm_v128_store(parts, v);
    UNROLL for (int i = 0; i < 4; i++) memcpy(out + i * stride, &parts[i], 4);
  } else if (width == 2) {
    uint16_t parts[8];
    wasm_v128_store(parts, v);
    UNROLL for (int i = 0; i < 8; i++) memcpy(out + i * stride, &parts[i], 2);
  } else {
    uint8_t parts[16];
    wasm_v128_store(parts, v);
    UNROLL for (int i = 0; i < 16; i++) out[i * stride] = parts[i];
  }
}

/* Puts `width` adjoining lanes of 16 elements in their place; the elements are type_size bytes long. */
INLINE void join_lanes(const uint8_t *lanes, size_t lane_stride, uint8_t *out, size_t type_size, const int width) {
  v128_t v[ELEMENTS_A_VECTOR];
  UNROLL for (int i = 0; i < width; i++) v[i] = wasm_v128_load(lanes + i * lane_stride);
  interleave(v, width);
  const int parts = 16 / width;
  UNROLL for (int i = 0; i < width; i++) {
    if (type_size == (size_t)width) wasm_v128_store(out + 16 * i, v[i]);
    else store_parts(out + i * parts * type_size, type_size, v[i], width);
  }
}

/* Puts 16 elements together from their lanes, at most 16 lanes at a time. */
INLINE void join_elements(const uint8_t *lanes, size_t lane_stride, uint8_t *out, size_t type_size) {
  switch (type_size) { /* known at compile time where it matters */
    case 1: join_lanes(lanes, lane_stride, out, 1, 1); return;
    case 2: join_lanes(lanes, lane_stride, out, 2, 2); return;
    case 4: join_lanes(lanes, lane_stride, out, 4, 4); return;
    case 8: join_lanes(lanes, lane_stride, out, 8, 8); return;
    case 16: join_lanes(lanes, lane_stride, out, 16, 16); return;
  }
  size_t lane = 0;
  for (; lane + 16 <= type_size; lane += 16)
    join_lanes(lanes + lane * lane_stride, lane_stride, out + lane, type_size, 16);
  if (type_size & 8) {
    join_lanes(lanes + lane * lane_stride, lane_stride, out + lane, type_size, 8);
    lane += 8;
  }
  if (type_size & 4) {
    join_lanes(lanes + lane * lane_stride, lane_stride, out + lane, type_size, 4);
    lane += 4;
  }
  if (type_size & 2) {
    join_lanes(lanes + lane * lane_stride, lane_stride, out + lane, type_size, 2);
    lane += 2;
  }
  if (type_size & 1) join_lanes(lanes + lane * lane_stride, lane_stride, out + lane, type_size, 1);
}

INLINE void byte_unshuffle_elements(const uint8_t *in, uint8_t *out, size_t count, size_t type_size) {
  size_t element = 0;
  for (; element + ELEMENTS_A_VECTOR <= count; element += ELEMENTS_A_VECTOR)
    join_elements(in + element, count, out + element * type_size, type_size);
  for (; element < count; element++)
    for (size_t lane = 0; lane < type_size; lane++) out[element * type_size + lane] = in[lane * count + element];
}

void byte_unshuffle(const uint8_t *in, uint8_t *out, size_t size, size_t type_size) {
  const size_t count = size / type_size;
  switch (type_size) {
    case 2: byte_unshuffle_elements(in, out, count, 2); break;
    case 4: byte_unshuffle_elements(in, out, count, 4); break;
    case 8: byte_unshuffle_elements(in, out, count, 8); break;
    case 16: byte_unshuffle_elements(in, out, count, 16); break;
    default: byte_unshuffle_elements(in, out, count, type_size);
  }
  const size_t done = count * type_size;
  memcpy(out + done, in + done, size - done);
}

/* Transposes the 8 × 8 bits of each half: byte i is row i, its lowest bit first. (Hacker's Delight, 7-3.) */
INLINE v128_t transpose_bits(v128_t x) {
  v128_t t;
  t = wasm_v128_and(wasm_v128_xor(x, wasm_u64x2_shr(x, 7)), wasm_i64x2_const_splat(0x00AA00AA00AA00AALL));
  x = wasm_v128_xor(x, wasm_v128_xor(t, wasm_i64x2_shl(t, 7)));
  t = wasm_v128_and(wasm_v128_xor(x, wasm_u64x2_shr(x, 14)), wasm_i64x2_const_splat(0x0000CCCC0000CCCCLL));
  x = wasm_v128_xor(x, wasm_v128_xor(t, wasm_i64x2_shl(t, 14)));
  t = wasm_v128_and(wasm_v128_xor(x, wasm_u64x2_shr(x, 28)), wasm_i64x2_const_splat(0x00000000F0F0F0F0LL));
  return wasm_v128_xor(x, wasm_v128_xor(t, wasm_i64x2_shl(t, 28)));
}

/* 16 bytes of each of the eight rows of one lane -> that lane's bytes of 128 elements. */
INLINE void rows_to_lane(const uint8_t *rows, size_t row_size, uint8_t *lane) {
  v128_t v[8];
  UNROLL for (int i = 0; i < 8; i++) v[i] = wasm_v128_load(rows + i * row_size);
  interleave(v, 8);
  UNROLL for (int i = 0; i < 8; i++) wasm_v128_store(lane + 16 * i, transpose_bits(v[i]));
}

/* The last few bytes of the rows, one at a time: eight elements each. */
static void bit_unshuffle_tail(const uint8_t *in, uint8_t *out, size_t row_size, size_t from, size_t type_size) {
  for (size_t column = from; column < row_size; column++) {
    for (size_t lane = 0; lane < type_size; lane++) {
      uint8_t bytes[16] = {0};
      for (size_t i = 0; i < 8; i++) bytes[i] = in[(8 * lane + i) * row_size + column];
      wasm_v128_store(bytes, transpose_bits(wasm_v128_load(bytes)));
      for (size_t i = 0; i < 8; i++) out[(8 * column + i) * type_size + lane] = bytes[i];
    }
  }
}

/* The rows of a block often lie a multiple of 4096 bytes apart, so that they share few sets of the first-level
 * cache. Therefore a whole cache line of each row is turned into lanes at a time. */
enum { WIDE_TILE = 64, NARROW_TILE = 16, WIDE_TYPE_SIZE = 16 };
static _Alignas(16) uint8_t tile_lanes[MAX_TYPE_SIZE * NARROW_TILE * 8];
_Static_assert(sizeof tile_lanes >= WIDE_TYPE_SIZE * WIDE_TILE * 8, "a wide tile fits");

/* Returns the first column that is not done. */
INLINE size_t bit_unshuffle_tiles(const uint8_t *in, uint8_t *out, size_t row_size, size_t from, size_t type_size,
                                  const size_t tile) {
  const size_t elements = tile * 8;
  size_t column = from;
  for (; column + tile <= row_size; column += tile) {
    for (size_t lane = 0; lane < type_size; lane++)
      for (size_t i = 0; i < tile; i += 16)
        rows_to_lane(in + 8 * lane * row_size + column + i, row_size, tile_lanes + lane * elements + 8 * i);
    for (size_t i = 0; i < elements; i += ELEMENTS_A_VECTOR)
      join_elements(tile_lanes + i, elements, out + (8 * column + i) * type_size, type_size);
  }
  return column;
}

INLINE void bit_unshuffle_rows(const uint8_t *in, uint8_t *out, size_t row_size, size_t type_size) {
  size_t column = 0;
  if (type_size <= WIDE_TYPE_SIZE) column = bit_unshuffle_tiles(in, out, row_size, column, type_size, WIDE_TILE);
  column = bit_unshuffle_tiles(in, out, row_size, column, type_size, NARROW_TILE);
  bit_unshuffle_tail(in, out, row_size, column, type_size);
}

void bit_unshuffle(const uint8_t *in, uint8_t *out, size_t size, size_t type_size) {
  const size_t count = size / type_size;
  size_t done = 0;
  if (count % 8 == 0) { /* blosc leaves a block of any other length as it is */
    const size_t row_size = count / 8;
    switch (type_size) {
      case 1: bit_unshuffle_rows(in, out, row_size, 1); break;
      case 2: bit_unshuffle_rows(in, out, row_size, 2); break;
      case 4: bit_unshuffle_rows(in, out, row_size, 4); break;
      case 8: bit_unshuffle_rows(in, out, row_size, 8); break;
      case 16: bit_unshuffle_rows(in, out, row_size, 16); break;
      default: bit_unshuffle_rows(in, out, row_size, type_size);
    }
    done = count * type_size;
  }
  memcpy(out + done, in + done, size - done);
}
