import { fleet, fleetState, isFleetWhole } from '../state/fleet.js';
import { RequestError } from '../state/requests.js';
import { ProblemNotice } from '../ui/problem-notice.js';
import { BulkActions } from './bulk-actions.js';
import { DemoButton } from './demo-button.js';
import { demoDevices, isDemoRunning } from './demo-fleet.js';
import { EmptyFleet } from './empty-fleet.js';
import { FilterBar } from './filter-bar.js';
import { loadingText } from './fleet-count.js';
import { FleetMap } from './fleet-map.js';
import { FleetTable } from './fleet-table.js';
import { RegisterForm } from './register-form.js';

/** Where the devices are, and how; or why there is nothing to see. */
export function FleetView() {
  const state = fleetState.value;
  if (fleet.value.length === 0) {
    if (state instanceof RequestError) return <ProblemNotice error={state} />;
    if (!isFleetWhole.value) return <p class="hint">{loadingText}</p>;
    return <EmptyFleet />;
  }
  return (
    <div class="fleet">
      <FleetMap />
      <section aria-label="Devices" class="devices">
        <FilterBar />
        <details>
          <summary>Register a device</summary>
          <RegisterForm />
        </details>
        {(isDemoRunning.value || demoDevices.value.length > 0) && <DemoButton />}
        {state instanceof RequestError && <ProblemNotice error={state} />}
        <BulkActions />
        <FleetTable />
      </section>
    </div>
  );
}
