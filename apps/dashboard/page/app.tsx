import type { ComponentType } from 'preact';
import { Console } from './console/console.js';
import { Drawer } from './device/drawer.js';
import { FleetView } from './fleet/fleet-view.js';
import { IncidentsView } from './incidents/incidents-view.js';
import { openView, param } from './state/place.js';
import { isSignedOut, signOut, subject } from './state/session.js';
import { decide, leave, waiting } from './state/unsaved.js';
import { SystemView } from './system/system-view.js';
import { Banners } from './ui/banners.js';
import { Confirm } from './ui/confirm.js';
import { ConnectionChip } from './ui/connection-chip.js';
import { LimitNotice } from './ui/limit-notice.js';
import { TokenPage } from './ui/token-page.js';
import { UtcSwitch } from './ui/utc-switch.js';

const VIEWS: Readonly<Record<string, { name: string; View: ComponentType }>> = {
  fleet: { name: 'Fleet', View: FleetView },
  incidents: { name: 'Incidents', View: IncidentsView },
  system: { name: 'System', View: SystemView },
  console: { name: 'Console', View: Console },
};

function Tabs({ current }: { current: string }) {
  return (
    <nav aria-label="Views">
      {Object.entries(VIEWS).map(([key, { name }]) => (
        <a
          key={key}
          href={`?view=${key}`}
          aria-current={key === current ? 'page' : undefined}
          onClick={(event) => {
            event.preventDefault();
            openView(key);
          }}
        >
          {name}
        </a>
      ))}
    </nav>
  );
}

export function App() {
  if (isSignedOut.value) return <TokenPage />;
  const key = param('view') in VIEWS ? param('view') : 'fleet';
  const { View } = VIEWS[key] as { View: ComponentType };
  const serialNumber = param('sn');
  return (
    <>
      <header>
        <h1>Dronecast</h1>
        <Tabs current={key} />
        <a class="docs" href="/docs/">
          API docs
        </a>
        <UtcSwitch />
        <ConnectionChip />
        {subject.value !== undefined && (
          <button type="button" class="quiet" onClick={() => leave(() => signOut())} title={subject.value}>
            Sign out
          </button>
        )}
      </header>
      <Banners />
      <LimitNotice />
      <main>
        <View />
      </main>
      {serialNumber && <Drawer key={serialNumber} serialNumber={serialNumber} />}
      {waiting.value && (
        <Confirm
          question="Discard your unsaved changes?"
          cancel="Keep editing"
          action="Discard changes"
          onAnswer={decide}
        />
      )}
    </>
  );
}
