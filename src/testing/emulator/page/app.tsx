import type { VNode } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { EmulatorAction, EmulatorView } from '../view.js';
import { BusinessPhone } from './business/business-phone.js';
import { Icon } from './icon.js';
import { keepLooking } from './keep-looking.js';
import { Onboarding } from './onboarding/onboarding.js';
import { Panel } from './panel/panel.js';
import { CustomerPhone } from './phone/customer-phone.js';
import { fetchView, onChange, runAction, type Act, type Selection } from './server.js';
import { TopBar } from './top-bar.js';

const maxHistory = 200;
const fallbackCustomer = '15550100987';

/** The whole page: the selected number and customer, and the latest view of them. */
export function App(): VNode {
  const [selection, setSelection] = useState<Selection>({});
  const [shown, setShown] = useState<{ readonly view: EmulatorView; readonly version: number }>();
  const [problem, setProblem] = useState<string>();
  const [history, setHistory] = useState<readonly EmulatorAction[]>([]);
  const [isConnecting, setConnecting] = useState(false);

  useEffect(() => {
    const looks = keepLooking(
      () => fetchView(selection),
      (view) => {
        setShown((before) => ({ view, version: (before?.version ?? 0) + 1 }));
        // The first view chooses the number and the customer. Later views never change the selection.
        if (selection.customer === undefined) setSelection(completed(selection, view));
      },
      () => {
        setProblem('The emulator does not respond. Check that it is still running.');
      },
    );
    looks.again();
    const stop = onChange(looks.again);
    return () => {
      looks.end();
      stop();
    };
  }, [selection]);

  const act = useCallback<Act>(async (action) => {
    const result = await runAction(action);
    setProblem(result.outcome === 'failed' ? result.problem : undefined);
    if (result.outcome === 'done' && !action.do.startsWith('scenario.')) setHistory((before) => [...before, action].slice(-maxHistory));
    return result.outcome === 'done';
  }, []);
  const connect = useCallback(() => {
    setConnecting(true);
  }, []);
  useEffect(() => {
    const wanted = new URLSearchParams(location.search).get('connect');
    if (wanted === null) return;
    setSelection({ number: wanted });
    setConnecting(true);
  }, []);

  if (!shown) return <p class="loading">{problem ?? 'Loading…'}</p>;
  const { view, version } = shown;
  const { phone } = view;
  if (!phone) return <p class="loading">The emulator has no number.</p>;
  const number = selection.number ?? phone.phoneNumberId;
  const customer = selection.customer ?? fallbackCustomer;
  const chooseCustomer = (waId: string): void => {
    setSelection({ number, customer: waId });
  };
  return (
    <>
      <a class="skip" href="#main">
        Skip to the phones
      </a>
      <TopBar
        view={view}
        number={number}
        act={act}
        onNumber={(phoneNumberId) => {
          setSelection({ number: phoneNumberId });
        }}
      />
      <div class="toast" role="alert">
        {problem !== undefined && (
          <p>
            <Icon name="error" />
            {problem}
            <button
              type="button"
              class="tool"
              aria-label="Close the message"
              onClick={() => {
                setProblem(undefined);
              }}
            >
              <Icon name="close" />
            </button>
          </p>
        )}
      </div>
      <main id="main" tabIndex={-1}>
        <BusinessPhone phone={phone} view={view} customer={customer} act={act} onCustomer={chooseCustomer} onConnect={connect} />
        <CustomerPhone phone={phone} view={view} customer={customer} act={act} onCustomer={chooseCustomer} />
        <Panel view={view} number={number} customer={customer} act={act} history={history} version={version} />
      </main>
      {isConnecting && (
        <Onboarding
          phone={phone}
          view={view}
          onClose={() => {
            setConnecting(false);
          }}
        />
      )}
    </>
  );
}

/** The selection with the number that is shown, and its latest chat. */
function completed({ number }: Selection, view: EmulatorView): Selection {
  const shown = number ?? view.phone?.phoneNumberId;
  const customer = view.phone?.chats[0]?.customerWaId ?? view.customers[0]?.waId ?? fallbackCustomer;
  return { ...(shown !== undefined && { number: shown }), customer };
}
