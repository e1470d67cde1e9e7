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
  /** Figures of the whole list, where an action can ask for them. */
  readonly summary?: Readonly<Record<string, unknown>>;
}

/** Which part of a listing to read. */
export interface PageParameters {
  /** Items a page. @defaultValue Meta's (25) */
  readonly limit?: number | undefined;
  /** Cursor after which to begin. @defaultValue from the start */
  readonly after?: string | undefined;
}

/**
 * A listing that fetches its pages as they are needed.
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
  /** Reads one page: the first one, or the one after the parameter `after`. */
  page(): ApiPromise<ListPage<Item>>;
  /** The pages themselves, with their cursors. A page may be empty and still have a next. */
  pages(): AsyncIterable<ListPage<Item>>;
}

/**
 * Makes a listing of a function that fetches the page after a cursor. The cursor comes from `paging.cursors` or from the address in `paging.next`. It fails with an `InvalidResponseError` if a cursor repeats or a page
 * has no items, or if a next page has no cursor.
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
      // Without a cursor the rest of the list would be lost silently.
      if (typeof next !== 'string') throw brokenListing('a page has a next page, but no cursor', response.status);
      if (next === after) return;
      if (seen.has(next)) throw brokenListing('a cursor repeats, so that the pages would never end', response.status);
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
