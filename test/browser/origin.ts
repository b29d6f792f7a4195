/** The port of the tests' pages. Set TEST_PORT to test two checkouts at the same time. */
export const TEST_PORT = Number(process.env.TEST_PORT ?? 5180);
export const TEST_ORIGIN = `http://127.0.0.1:${TEST_PORT}`;
