import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { EmulatorView } from '../view.js';
import { Icon } from './icon.js';
import type { Act } from './server.js';
import { exactTime } from './words.js';

interface TopBarProps {
  readonly view: EmulatorView;
  readonly number: string;
  readonly act: Act;
  readonly onNumber: (phoneNumberId: string) => void;
}

/** The number switcher, the emulator's clock and the theme. */
export function TopBar({ view, number, act, onNumber }: TopBarProps): VNode {
  return (
    <header class="bar">
      <h1>
        <span class="mark">
          <Icon name="mark" />
        </span>
        wa-coexist <span class="light">emulator</span>
      </h1>
      <label class="switcher">
        <span class="hidden">Number</span>
        <select
          value={number}
          onChange={(event) => {
            onNumber(event.currentTarget.value);
          }}
        >
          {view.numbers.map(({ phoneNumberId, displayPhoneNumber, name, linked }) => (
            <option key={phoneNumberId} value={phoneNumberId}>
              {name}, {displayPhoneNumber}
              {linked ? '' : ' (app only)'}
            </option>
          ))}
        </select>
      </label>
      <span class="grow" />
      <Clock now={view.clock.now} act={act} />
      <ThemeButton />
    </header>
  );
}

function Clock({ now, act }: { readonly now: string; readonly act: Act }): VNode {
  const [shown, setShown] = useState(now);
  useEffect(() => {
    const offsetMs = Date.parse(now) - Date.now();
    setShown(now);
    const timer = setInterval(() => {
      setShown(new Date(Date.now() + offsetMs).toISOString());
    }, 1_000);
    return () => {
      clearInterval(timer);
    };
  }, [now]);
  return (
    <section class="clock" aria-label="Clock">
      <time dateTime={shown}>
        <Icon name="clock" />
        {new Date(shown).toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' })} {exactTime(shown)}
      </time>
      <span class="group">
        <button
          type="button"
          class="small"
          aria-label="+1 h: advance 1 hour"
          onClick={() => void act({ do: 'clock.advance', minutes: 60 })}
        >
          +1 h
        </button>
        <button type="button" class="small" aria-label="+1 d: advance 1 day" onClick={() => void act({ do: 'clock.advance', days: 1 })}>
          +1 d
        </button>
        <button type="button" class="small" aria-label="+13 d: advance 13 days" onClick={() => void act({ do: 'clock.advance', days: 13 })}>
          +13 d
        </button>
      </span>
    </section>
  );
}

const themeKey = 'wa-coexist-theme';

function ThemeButton(): VNode {
  const [theme, setTheme] = useState(
    () => localStorage.getItem(themeKey) ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'),
  );
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      class="tool"
      aria-label={`Use the ${other} theme`}
      onClick={() => {
        localStorage.setItem(themeKey, other);
        setTheme(other);
      }}
    >
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </button>
  );
}
