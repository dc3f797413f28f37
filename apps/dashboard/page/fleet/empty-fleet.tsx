import { token } from '../state/session.js';
import { CodeBlock } from '../ui/code-block.js';
import { DemoButton } from './demo-button.js';
import { RegisterForm } from './register-form.js';

/** The first thing that a new installation shows: three ways to a first device. */
export function EmptyFleet() {
  const header = token.value === undefined ? '' : ' -H "authorization: Bearer $TOKEN"';
  const curl = `curl -X POST ${location.origin}/api/v1/drones/register${header} -H "content-type: application/json" -d '{"deviceSerialNumber":"DRN-0042","deviceName":"Harbour 1","deviceCategory":"DRONE"}'`;
  return (
    <section class="empty" aria-label="No devices yet">
      <h2>No devices yet</h2>
      <p>Register the first one here, from a terminal, or look around with a fleet that is made up.</p>
      <RegisterForm />
      <h3>From a terminal</h3>
      <CodeBlock text={curl} />
      <h3>Just looking</h3>
      <DemoButton />
    </section>
  );
}
