/** Where the tests' pages are served. Another port lets two checkouts be tested at the same time. */
export const TEST_PORT = Number(process.env.TEST_PORT ?? 5180);
export const TEST_ORIGIN = `http://127.0.0.1:${TEST_PORT}`;
