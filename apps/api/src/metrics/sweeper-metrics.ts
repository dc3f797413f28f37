import { Gauge, type Registry } from '@dronecast/runtime';

/** What the sweeper could not publish. */
export function measureSweeper(sweeper: { setAside(): number }, registry: Registry): void {
  new Gauge({
    name: 'dronecast_outboxes_set_aside',
    help: 'Drones whose events cannot be published although the bus and the database are there; the log names them',
    registers: [registry],
    collect() {
      this.set(sweeper.setAside());
    },
  });
}
