import type { VNode } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { EmulatorView } from '../view.js';
import { BusinessPhone } from './business-phone.js';
import { CustomerPhone } from './customer-phone.js';
import { keepLooking } from './keep-looking.js';
import { act, onChange, type Act, type Selection } from './server.js';
import { TopBar } from './top-bar.js';
import { WebhookStream } from './webhook-stream.js';

/** The whole page: what is looked at, and the latest view of it. */
export function App(): VNode {
  const [selection, setSelection] = useState<Selection>({});
  const [view, setView] = useState<EmulatorView>();
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    const looks = keepLooking(selection, setView, () => {
      setProblem('The emulator does not answer. Is it still running?');
    });
    looks.again();
    const stop = onChange(looks.again);
    return () => {
      looks.end();
      stop();
    };
  }, [selection]);

  const doIt = useCallback<Act>(async (action) => {
    const refused = await act(action);
    setProblem(refused);
    return refused === undefined;
  }, []);

  if (!view) return <p class="body">{problem ?? 'Asking the emulator …'}</p>;
  const number = view.phone?.phoneNumberId;
  const customer = selection.customer ?? view.phone?.chats[0]?.customerWaId ?? view.customers[0]?.waId;
  const select = (change: Selection): void => {
    setSelection({ ...(number !== undefined && { number }), ...(customer !== undefined && { customer }), ...change });
  };
  // The first view came without a customer; ask again with the one that is shown.
  if (customer !== undefined && selection.customer === undefined) select({});

  return (
    <>
      <a class="skip" href="#chat">
        Skip to the chat
      </a>
      <TopBar
        view={view}
        act={doIt}
        onNumber={(phoneNumberId) => {
          setSelection({ number: phoneNumberId });
        }}
      />
      <div role="alert">{problem !== undefined && <p class="problem">{problem}</p>}</div>
      <main>
        {view.phone ? (
          <>
            <BusinessPhone
              phone={view.phone}
              view={view}
              customer={customer}
              act={doIt}
              onCustomer={(waId) => {
                select({ customer: waId });
              }}
            />
            <CustomerPhone
              phone={view.phone}
              view={view}
              customer={customer}
              act={doIt}
              onCustomer={(waId) => {
                select({ customer: waId });
              }}
            />
          </>
        ) : (
          <p>There is no number yet.</p>
        )}
        <WebhookStream view={view} act={doIt} />
      </main>
    </>
  );
}
