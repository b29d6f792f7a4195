/* The SIMD instructions of WebAssembly that the glue uses, in clang's portable vectors. */
#ifndef NUMCODECS_WASM_NATIVE_SIMD128_H
#define NUMCODECS_WASM_NATIVE_SIMD128_H

#include <stdint.h>
#include <string.h>

typedef int32_t v128_t __attribute__((vector_size(16), aligned(16)));
typedef uint8_t native_u8x16 __attribute__((vector_size(16), aligned(16)));
typedef uint64_t native_u64x2 __attribute__((vector_size(16), aligned(16)));

static inline v128_t wasm_v128_load(const void *from) {
  v128_t v;
  memcpy(&v, from, sizeof v);
  return v;
}

static inline void wasm_v128_store(void *to, v128_t v) { memcpy(to, &v, sizeof v); }

#define wasm_v128_store64_lane(to, v, lane) memcpy((to), (const uint8_t *)&(v) + 8 * (lane), 8)
#define wasm_i8x16_shuffle(a, b, ...) \
  ((v128_t)__builtin_shufflevector((native_u8x16)(a), (native_u8x16)(b), __VA_ARGS__))
#define wasm_i64x2_const_splat(x) ((v128_t)(native_u64x2){(uint64_t)(x), (uint64_t)(x)})

static inline v128_t wasm_v128_and(v128_t a, v128_t b) { return a & b; }
static inline v128_t wasm_v128_xor(v128_t a, v128_t b) { return a ^ b; }
static inline v128_t wasm_u64x2_shr(v128_t v, int bits) { return (v128_t)((native_u64x2)v >> bits); }
static inline v128_t wasm_i64x2_shl(v128_t v, int bits) { return (v128_t)((native_u64x2)v << bits); }

#endif
