/**
 * Answers of the real node:fs 20 as root on a tmpfs, for the questions whose answer depends on the user, the filesystem or
 * the release of Node that the tests run on.
 */
export const recordedAnswers: Readonly<Record<string, unknown>> = {
  // Node takes a negative time for "now" and reads the wall clock; here it is a time before 1970.
  'utimes negative': -5000,
};
