import { Controller, Inject, Param, Sse, UseGuards, type MessageEvent } from '@nestjs/common';
import { interval, map, merge, of, type Observable } from 'rxjs';
import type { LiveEvent } from '../views.ts';
import { ConnectedNumber } from '../web/connected-number.ts';
import { LiveEvents } from './live-events.ts';

/** Proxies close silent connections, often after a minute. */
const pingMs = 20_000;

/** The live stream of the pages, as server-sent events. */
@Controller('api/numbers')
@UseGuards(ConnectedNumber)
export class LiveController {
  @Inject(LiveEvents) private readonly live!: LiveEvents;

  /** The first event is `ready`. Pages read everything then, so they miss nothing after a lost connection. */
  @Sse(':number/events')
  events(@Param('number') number: string): Observable<MessageEvent> {
    const pings = interval(pingMs).pipe(map((): LiveEvent => ({ type: 'ping' })));
    return merge(this.live.of(number), of<LiveEvent>({ type: 'ready' }), pings).pipe(map((data) => ({ data })));
  }
}
