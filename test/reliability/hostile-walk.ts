import { hostileValues } from "./hostile-values.ts";
import type { PublicCall } from "./public-api.ts";
import type { Call } from "./repo-calls.ts";

/** Where calls are made: in Node, or in a page. */
export interface Walker<World> {
  /** Returns what a call is made on. */
  prepare(): Promise<World>;
  /** Returns the code of an error of this library; undefined for any other. */
  codeOf(error: unknown): string | undefined;
  /**
   * Runs after each call. Returns what is wrong besides its outcome: a rejection that is not handled, or a repo that
   * cannot be used.
   */
  settle(succeeded: boolean): Promise<string | undefined>;
}

/** What is no fault of ours: functions of the caller throw what they like, and it is passed on. */
const THROWING = ["a function that throws", "a class"];

/**
 * Makes a call with each hostile value in the place of each argument, and of each option. Returns what is wrong with the
 * outcomes: nothing, of a good library.
 *
 * @param every makes only one of so many of these calls: each argument and option gets some of the values, and each value is
 *   given to some of them. Default: all
 */
export async function problemsOf<World>(
  { parameters }: PublicCall,
  call: Call<World>,
  walker: Walker<World>,
  every = 1,
): Promise<string[]> {
  const problems: string[] = [];
  const attempt = async (what: string, value: string, change: (args: unknown[], value: unknown) => void) => {
    const world = await walker.prepare();
    const args = [...call.args(world)];
    change(args, hostileValues[value]!());
    let problem: string | undefined;
    let succeeded = false;
    try {
      await call.run(world, args);
      succeeded = true;
    } catch (error) {
      const isOwn = THROWING.includes(value) && walker.codeOf(error) === undefined;
      problem = isOwn ? undefined : problemWith(error, walker.codeOf(error), what);
    }
    problem ??= await walker.settle(succeeded);
    if (problem) problems.push(`${what} is ${value}: ${problem}`);
  };
  for (const [i, { name, options }] of parameters.entries()) {
    for (const [turn, value] of Object.keys(hostileValues).entries()) {
      const isDue = (position: number) => (turn + position) % every === 0;
      if (isDue(0))
        await attempt(name, value, (args, given) => {
          args[i] = given;
        });
      for (const [j, option] of options.entries()) {
        if (!isDue(j + 1)) continue;
        await attempt(`${name}.${option}`, value, (args, given) => {
          args[i] = { ...(args[i] as object), [option]: given };
        });
      }
    }
  }
  return problems;
}

function problemWith(error: unknown, code: string | undefined, what: string): string | undefined {
  const message = error instanceof Error ? error.message : String(error);
  if (code === undefined) return `not a LakotaError: ${message}`;
  // An app that starts the worker itself may fail to.
  if (code === "internal" || (code === "crashed" && what !== "options.worker")) return `${code}: ${message}`;
  return /\w{3}/.test(message) && !/^Cannot read prop|is not a function$/.test(message)
    ? undefined
    : `it names nothing: ${message}`;
}
