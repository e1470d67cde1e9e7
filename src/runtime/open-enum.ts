/**
 * A string from Meta with known values. Meta can add values at any time, so the compiler accepts every string, and
 * editors suggest the known ones.
 */
// The intersection prevents the compiler from reducing the union to `string`.
export type OpenEnum<Known extends string> = Known | (string & {});
