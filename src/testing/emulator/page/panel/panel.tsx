import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PanelProps } from './panel-props.js';
import { ActivityTab } from './activity-tab.js';
import { ScenariosTab } from './scenarios-tab.js';
import { SetupTab } from './setup-tab.js';
import { TemplatesTab } from './templates-tab.js';
import { TrafficTab } from './traffic-tab.js';

const tabs = ['Activity', 'Setup', 'Templates', 'Traffic', 'Scenarios'] as const;

/** The developer's side: the log, and everything that isn't on a phone. */
export function Panel(props: PanelProps): VNode {
  const [tab, setTab] = useState<(typeof tabs)[number]>('Activity');
  const move = (offset: number): void => {
    const next = tabs[(tabs.indexOf(tab) + offset + tabs.length) % tabs.length] ?? 'Activity';
    setTab(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <section class="panel" aria-label="Developer tools">
      <div class="tablist" role="tablist" aria-label="Developer tools">
        {tabs.map((name) => (
          <button
            type="button"
            key={name}
            role="tab"
            id={`tab-${name}`}
            aria-selected={tab === name}
            aria-controls="tab-panel"
            tabIndex={tab === name ? 0 : -1}
            onClick={() => {
              setTab(name);
            }}
            onKeyDown={(event) => {
              if (event.key === 'ArrowRight') move(1);
              if (event.key === 'ArrowLeft') move(-1);
            }}
          >
            {name}
          </button>
        ))}
      </div>
      <div class="tab-panel" role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`}>
        {tab === 'Activity' && <ActivityTab {...props} />}
        {tab === 'Setup' && <SetupTab {...props} />}
        {tab === 'Templates' && <TemplatesTab {...props} />}
        {tab === 'Traffic' && <TrafficTab {...props} />}
        {tab === 'Scenarios' && <ScenariosTab {...props} />}
      </div>
    </section>
  );
}
