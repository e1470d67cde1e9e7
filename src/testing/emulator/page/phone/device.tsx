import type { ComponentChildren, VNode } from 'preact';
import { exactTime } from '../words.js';

interface DeviceProps {
  readonly title: string;
  readonly titleId: string;
  readonly controls?: ComponentChildren;
  readonly now: string;
  readonly kind: 'business' | 'customer';
  readonly children: ComponentChildren;
}

/** The frame of a phone, with a caption above. */
export function Device({ title, titleId, controls, now, kind, children }: DeviceProps): VNode {
  return (
    <section class={`device ${kind}`} aria-labelledby={titleId}>
      <div class="caption">
        <h2 id={titleId}>{title}</h2>
        {controls}
      </div>
      <div class="frame">
        <div class="screen">
          <div class="status" aria-hidden="true">
            <span>{exactTime(now).slice(0, 5)}</span>
            <span class="notch" />
            <svg viewBox="0 0 44 12">
              <path d="M0 9h3v3H0zM5 6h3v6H5zM10 3h3v9h-3zM15 0h3v12h-3z" />
              <rect x="24" y="1" width="17" height="10" rx="3" />
              <rect class="charge" x="26" y="3" width="11" height="6" rx="1.500" />
            </svg>
          </div>
          {children}
        </div>
      </div>
    </section>
  );
}
