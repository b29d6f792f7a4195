/** Work that the test ends. */
export interface ControlledWork {
  /** Adds the name of the work to the log when it starts. */
  run(): Promise<void>;
  end(): void;
}

/** @param log receives `name` when the work starts */
export function controlledWork(log: string[], name: string): ControlledWork {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    end,
    run: () => {
      log.push(name);
      return ended;
    },
  };
}

/** Lets everything run that can proceed. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
