import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { isUtc } from '../state/time.js';
import { axes, scales, tzDate } from './plot-axes.js';

export interface PlotProps {
  /** What it shows, for who does not see it. */
  readonly label: string;
  readonly data: uPlot.AlignedData;
  readonly series: readonly uPlot.Series[];
  readonly height?: number;
  /** Called with what is selected by dragging, in units of x; null when nothing is. */
  readonly onSelect?: (range: readonly [number, number] | null) => void;
}

const HEIGHT = 160;

/** A plot over time; its colours are the page's. */
export function Plot({ label, data, series, height = HEIGHT, onSelect }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(data);
  const select = useRef(onSelect);
  latest.current = data;
  select.current = onSelect;

  useEffect(() => {
    const parent = box.current as HTMLDivElement;
    const abort = new AbortController();
    const options: Omit<uPlot.Options, 'width'> = {
      height,
      series: [{}, ...series],
      axes,
      scales,
      tzDate,
      cursor: { drag: { x: select.current !== undefined, y: false, setScale: false } },
      legend: { live: false },
      hooks: {
        setSelect: [
          (self) => {
            const { left, width } = self.select;
            select.current?.(width > 0 ? [self.posToVal(left, 'x'), self.posToVal(left + width, 'x')] : null);
          },
        ],
      },
    };
    // Loaded apart: most of the page has no plot.
    void Promise.all([import('uplot'), import('uplot/dist/uPlot.min.css')]).then(([{ default: Made }]) => {
      if (abort.signal.aborted) return;
      const made = new Made({ ...options, width: parent.clientWidth }, latest.current, parent);
      plot.current = made;
      const observer = new ResizeObserver(() => made.setSize({ width: parent.clientWidth, height }));
      observer.observe(parent);
      abort.signal.addEventListener('abort', () => {
        observer.disconnect();
        made.destroy();
        plot.current = undefined;
      });
    });
    return () => abort.abort();
    // Another zone has other ticks.
  }, [isUtc.value]);

  useEffect(() => plot.current?.setData(data), [data]);

  return <div class="plot" ref={box} role="img" aria-label={label} style={{ minHeight: `${height}px` }} />;
}
