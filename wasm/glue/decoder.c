/* The decoder module: one block of a blosc chunk, one zstd frame, or one raw lz4 block a call.
 *
 * There is no allocator. The caller lays out its buffers in the memory from scratch_start() on and grows the
 * memory as it needs. Nothing of the input is trusted: every length is checked here or in the libraries. */

#include <emscripten.h>
#include <stdint.h>
#include <string.h>

#include "blosclz.h"
#include "lz4.h"
#include "unshuffle.h"
#define ZSTD_STATIC_LINKING_ONLY
#include "decompress/zstd_decompress_internal.h"
#include "zstd.h"

/* Results below zero. The names are known to src/decoder.ts. */
enum { CORRUPT = -1, UNSUPPORTED = -2 };

/* Blosc's numbers. */
enum format { FORMAT_BLOSCLZ = 0, FORMAT_LZ4 = 1, FORMAT_ZSTD = 4 };
enum filter { FILTER_NONE = 0, FILTER_BYTE = 1, FILTER_BIT = 2 };

/* zstd's only state, kept from call to call. */
static ZSTD_DCtx zstd_context_space;
static ZSTD_DCtx *zstd_context;

/* zstd refers to these for contexts of other kinds; they are never called with success. */
void *malloc(size_t size) {
  (void)size;
  return NULL;
}
void *calloc(size_t count, size_t size) {
  (void)count, (void)size;
  return NULL;
}
void free(void *pointer) { (void)pointer; }

extern uint8_t __heap_base;

EMSCRIPTEN_KEEPALIVE uint8_t *scratch_start(void) { return &__heap_base; }

/* Returns the decoded size, at most dst_size. */
EMSCRIPTEN_KEEPALIVE int32_t zstd_decode(const uint8_t *src, size_t src_size, uint8_t *dst, size_t dst_size) {
  if (!zstd_context) zstd_context = ZSTD_initStaticDCtx(&zstd_context_space, sizeof zstd_context_space);
  const size_t size = ZSTD_decompressDCtx(zstd_context, dst, dst_size, src, src_size);
  return ZSTD_isError(size) ? CORRUPT : (int32_t)size;
}

/* The content size that the frame's header tells, as a double; -1 if it tells none, -2 if this is no zstd frame. */
EMSCRIPTEN_KEEPALIVE double zstd_content_size(const uint8_t *src, size_t src_size) {
  const unsigned long long size = ZSTD_getFrameContentSize(src, src_size);
  if (size == ZSTD_CONTENTSIZE_UNKNOWN) return -1;
  if (size == ZSTD_CONTENTSIZE_ERROR) return -2;
  return (double)size;
}

/* The most that all frames of src together can decode to, as a double; -2 if they are no zstd frames. */
EMSCRIPTEN_KEEPALIVE double zstd_decoded_bound(const uint8_t *src, size_t src_size) {
  const unsigned long long bound = ZSTD_decompressBound(src, src_size);
  return bound == ZSTD_CONTENTSIZE_ERROR ? -2 : (double)bound;
}

/* Returns the decoded size, at most dst_size. */
EMSCRIPTEN_KEEPALIVE int32_t lz4_decode(const uint8_t *src, size_t src_size, uint8_t *dst, size_t dst_size) {
  const int size = LZ4_decompress_safe((const char *)src, (char *)dst, (int)src_size, (int)dst_size);
  return size < 0 ? CORRUPT : size;
}

/* One stream of a block: stored if it is as long as what it stands for. */
static int32_t decode_stream(const uint8_t *src, size_t src_size, uint8_t *dst, size_t dst_size, enum format format) {
  if (src_size == dst_size) {
    memcpy(dst, src, dst_size);
    return (int32_t)dst_size;
  }
  switch (format) {
    case FORMAT_BLOSCLZ: return blosclz_decompress(src, (int)src_size, dst, (int)dst_size);
    case FORMAT_LZ4: return lz4_decode(src, src_size, dst, dst_size);
    case FORMAT_ZSTD: return zstd_decode(src, src_size, dst, dst_size);
    default: return UNSUPPORTED;
  }
}

/* Decodes one block of a blosc chunk.
 *
 * src          its streams, each an int32 length and that many bytes; together src_size bytes
 * out          takes block_size bytes
 * shuffled     as much again, for the shuffled bytes; not used where there is no filter
 * Returns 0, or a number below zero. */
EMSCRIPTEN_KEEPALIVE int32_t blosc_decode_block(const uint8_t *src, size_t src_size, uint8_t *out, uint8_t *shuffled,
                                                size_t block_size, size_t stream_count, enum format format,
                                                enum filter filter, size_t type_size) {
  uint8_t *const target = filter == FILTER_NONE ? out : shuffled;
  const size_t stream_size = block_size / stream_count;
  if (stream_size * stream_count != block_size) return CORRUPT;

  size_t at = 0;
  for (size_t i = 0; i < stream_count; i++) {
    uint32_t length;
    if (src_size - at < sizeof length) return CORRUPT;
    memcpy(&length, src + at, sizeof length);
    at += sizeof length;
    if (length > src_size - at) return CORRUPT;
    const int32_t decoded = decode_stream(src + at, length, target + i * stream_size, stream_size, format);
    if (decoded == UNSUPPORTED) return UNSUPPORTED;
    if (decoded < 0 || (size_t)decoded != stream_size) return CORRUPT;
    at += length;
  }

  if (filter == FILTER_BYTE) byte_unshuffle(shuffled, out, block_size, type_size);
  if (filter == FILTER_BIT) bit_unshuffle(shuffled, out, block_size, type_size);
  return 0;
}
