/** Whether faults are tried at every request of an operation instead of some: slow. */
export const TRIES_ALL = process.env.RELIABILITY_POSITIONS === "all";
