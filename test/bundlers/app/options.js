/** What connect() needs with this bundler. */
export const connectOptions = {};
