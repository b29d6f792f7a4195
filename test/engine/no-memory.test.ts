import { afterEach, expect, it, vi } from "vitest";
import { openRepo, Schema } from "../../src/engine.ts";

afterEach(() => vi.unstubAllGlobals());

/** Lets arrays of more than `max` bytes fail, as engines do where memory is short. */
function limitArrays(max: number): void {
  for (const name of ["Float64Array", "BigInt64Array", "Uint8Array"] as const) {
    const limited = new Proxy(globalThis[name], {
      construct(target, args) {
        if (typeof args[0] === "number" && args[0] * target.BYTES_PER_ELEMENT > max)
          throw new RangeError("Array buffer allocation failed");
        return Reflect.construct(target, args, target);
      },
    });
    vi.stubGlobal(name, limited);
  }
}

it("a read whose result does not fit into memory says to read less", async () => {
  const repo = await openRepo("memory://");
  const collection = await repo.createCollection(new Schema({ t: "int*", v: "float" }), "c");
  const series = collection.series("s");
  const rows = 200_000;
  await series.write({
    t: BigInt64Array.from({ length: rows }, (_, row) => BigInt(row)),
    v: Float64Array.from({ length: rows }, (_, row) => Math.sin(row)),
  });
  limitArrays(100_000);
  const noMemory = {
    name: "LakotaError",
    code: "quota",
    message: expect.stringMatching(/memory.*pages\(\)/),
  };
  await expect(series.read()).rejects.toMatchObject(noMemory);
  await expect(series.tail(rows)).rejects.toMatchObject(noMemory);
  await expect(series.downsample({ points: 100 })).rejects.toMatchObject(noMemory);
  await expect(series.pages().next()).rejects.toMatchObject(noMemory);
});
