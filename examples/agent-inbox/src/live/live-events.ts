import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { concatMap, filter, merge, share, Subject, type Observable } from 'rxjs';
import { Database, type Queries } from '../database/database.ts';
import { Inbox } from '../inbox/inbox.ts';
import type { LiveEvent } from '../views.ts';

/** A change that all processes hear about. It contains IDs only. */
export type Change =
  | {
      readonly type: 'messages';
      readonly phoneNumberId: string;
      readonly customerIds: readonly string[];
      readonly messageIds: readonly string[];
    }
  | Extract<LiveEvent, { type: 'reload' | 'history' }>;

const channel = 'agent_inbox';
/** A notification of PostgreSQL has less than 8,000 bytes. */
const maxBytes = 7_999;
/** For more messages, pages read everything again. */
const maxIds = 20;

/** Tells the pages of all processes about changes, through NOTIFY and LISTEN of PostgreSQL. */
@Injectable()
export class LiveEvents implements OnModuleInit, BeforeApplicationShutdown {
  @Inject(Database) private readonly database!: Database;
  @Inject(Inbox) private readonly inbox!: Inbox;
  private readonly logger = new Logger('LiveEvents');
  private readonly changes = new Subject<Change>();
  private readonly local = new Subject<LiveEvent>();
  /** Each change is read once for all pages of this process, and not at all without pages. */
  private readonly read = this.changes.pipe(
    concatMap((change) => this.load(change)),
    concatMap((events) => events),
    share(),
  );

  async onModuleInit(): Promise<void> {
    await this.database.listen(
      channel,
      (payload) => {
        // Only `publish` writes to the channel.
        this.changes.next(JSON.parse(payload) as Change);
      },
      () => {
        this.emit({ type: 'ready' });
      },
    );
  }

  /** Publishes a change when the transaction is committed. */
  async publish(queries: Queries, change: Change): Promise<void> {
    const isLarge = change.type === 'messages' && Math.max(change.customerIds.length, change.messageIds.length) > maxIds;
    const json = JSON.stringify(change);
    const reload: Change = { type: 'reload', phoneNumberId: change.phoneNumberId };
    // Few IDs can be too many bytes, because Meta doesn't limit their length.
    const payload = isLarge || Buffer.byteLength(json) > maxBytes ? JSON.stringify(reload) : json;
    await queries.query('SELECT pg_notify($1, $2)', [channel, payload]);
  }

  /** Emits an event to the pages of this process. */
  emit(event: LiveEvent): void {
    this.local.next(event);
  }

  /** Returns the events of one number. */
  of(phoneNumberId: string): Observable<LiveEvent> {
    const isOfNumber = (event: LiveEvent): boolean => !('phoneNumberId' in event) || event.phoneNumberId === phoneNumberId;
    return merge(this.read, this.local).pipe(filter(isOfNumber));
  }

  beforeApplicationShutdown(): void {
    this.changes.complete();
    this.local.complete();
  }

  private async load(change: Change): Promise<readonly LiveEvent[]> {
    if (change.type !== 'messages') return [change];
    try {
      return await this.inbox.changed(change);
    } catch (error) {
      this.logger.error('A change could not be read.', error);
      return [{ type: 'reload', phoneNumberId: change.phoneNumberId }];
    }
  }
}
