import { InvalidResponseError } from '../errors/connection-errors.js';
import { ApiPromise } from './api-promise.js';
import { parameterError } from './parameters.js';
import { parseUrl } from '../runtime/parse-url.js';

/** One page of a listing. */
export interface ListPage<Item> {
  readonly data: readonly Item[];
  readonly paging?: {
    readonly cursors?: { readonly before?: string; readonly after?: string };
    readonly next?: string;
    readonly previous?: string;
  };
  /** Totals of the whole list, if the action can request them. */
  readonly summary?: Readonly<Record<string, unknown>>;
}

/** The part of a list to read. */
export interface PageParameters {
  /**
   * Number of items per page.
   * @defaultValue Meta's (25)
   */
  readonly limit?: number | undefined;
  /**
   * Cursor of the last page that you read.
   * @defaultValue the start of the list
   */
  readonly after?: string | undefined;
}

/**
 * A list that fetches its pages on demand.
 *
 * @example
 * ```ts
 * import { createClient, listPhoneNumbers } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * for await (const number of listPhoneNumbers(client)) console.log(number.display_phone_number);
 * const { data, paging } = await listPhoneNumbers(client, { limit: 10 }).page();
 * ```
 */
export interface Listing<Item> extends AsyncIterable<Item> {
  /** Requests one page: the first page, or the page after the parameter `after`. */
  page(): ApiPromise<ListPage<Item>>;
  /** Returns the pages with their cursors. A page may be empty and still have a next page. */
  pages(): AsyncIterable<ListPage<Item>>;
}

/**
 * Creates a listing from a function that fetches the page after a cursor. It reads the cursor from `paging.cursors` or
 * from the URL in `paging.next`.
 *
 * The listing fails with an `InvalidResponseError` if a cursor repeats, if a page has no list of items, or if a next
 * page has no cursor.
 *
 * @param fetchPage - Fetches the page after a cursor.
 * @param first - Cursor of the first page, or `undefined` for the start.
 */
export function listing<Item>(
  fetchPage: (after: string | undefined) => ApiPromise<ListPage<Item>>,
  first: string | undefined,
): Listing<Item> {
  const fetchChecked = (after: string | undefined): ApiPromise<ListPage<Item>> => {
    try {
      return fetchPage(after);
    } catch (error) {
      throw parameterError('The listing', error);
    }
  };
  async function* pages(): AsyncGenerator<ListPage<Item>, void, undefined> {
    const seen = new Set<string | undefined>([first]);
    for (let after = first; ;) {
      const { data: page, response } = await fetchChecked(after).withResponse();
      checkPage(page, response.status);
      yield page;
      const { paging } = page;
      if (typeof paging?.next !== 'string') return;
      const next = paging.cursors?.after ?? parseUrl(paging.next, 'https://graph.facebook.com')?.searchParams.get('after');
      // Without a cursor, the rest of the list would be lost silently.
      if (typeof next !== 'string') throw brokenListing('a page has a next page, but no cursor', response.status);
      if (next === after) return;
      if (seen.has(next)) throw brokenListing('a cursor repeats, so the list would never end', response.status);
      seen.add(next);
      after = next;
    }
  }
  return {
    page: () =>
      new ApiPromise(
        fetchChecked(first)
          .withResponse()
          .then((result) => {
            checkPage(result.data, result.response.status);
            return result;
          }),
      ),
    pages,
    async *[Symbol.asyncIterator]() {
      for await (const page of pages()) yield* page.data;
    },
  };
}

function checkPage(page: ListPage<unknown> | null, httpStatus: number): void {
  if (!Array.isArray(page?.data)) throw brokenListing('a page has no list of items', httpStatus);
}

function brokenListing(problem: string, httpStatus: number): InvalidResponseError {
  return new InvalidResponseError(`The listing ended early: ${problem}.`, httpStatus, '');
}
