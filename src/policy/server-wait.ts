/** The default of the policy's `maxServerWaitMs`, for code that must not load the whole policy: one hour. */
export const defaultServerWaitMs = 3_600_000;
