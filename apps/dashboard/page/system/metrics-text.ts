/** Sums of the samples of each name in Prometheus's text format, and the counts of each histogram's buckets by bound. */
export interface Metrics {
  readonly values: ReadonlyMap<string, number>;
  readonly buckets: ReadonlyMap<string, readonly (readonly [bound: number, count: number])[]>;
}

const LINE = /^([a-z_]+)(?:\{([^}]*)\})? (\S+)/;

export function parseMetrics(text: string): Metrics {
  const values = new Map<string, number>();
  const buckets = new Map<string, [number, number][]>();
  for (const line of text.split('\n')) {
    const [, name = '', labels = '', value = ''] = LINE.exec(line) ?? [];
    if (name === '') continue;
    const bound = /\ble="([^"]+)"/.exec(labels)?.[1];
    if (bound === undefined) values.set(name, (values.get(name) ?? 0) + Number(value));
    else {
      const list = buckets.get(name) ?? [];
      list.push([bound === '+Inf' ? Infinity : Number(bound), Number(value)]);
      buckets.set(name, list);
    }
  }
  return { values, buckets };
}

/** The bound below which so large a part of a histogram is; undefined while it is empty. */
export function quantileOf({ buckets }: Metrics, name: string, part: number): number | undefined {
  const counts = buckets.get(`${name}_bucket`) ?? [];
  const total = counts.at(-1)?.[1] ?? 0;
  return total === 0 ? undefined : counts.find(([, count]) => count >= part * total)?.[0];
}
