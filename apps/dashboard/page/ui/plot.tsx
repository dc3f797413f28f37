import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

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

const styleOf = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name);

/** A plot over time; its colours are the page's. */
export function Plot({ label, data, series, height = HEIGHT, onSelect }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const select = useRef(onSelect);
  select.current = onSelect;

  useEffect(() => {
    const parent = box.current as HTMLDivElement;
    const [ink, grid] = [styleOf('--muted'), styleOf('--line')];
    const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid } };
    const made = new uPlot(
      {
        width: parent.clientWidth,
        height,
        series: [{}, ...series],
        axes: [axis, { ...axis, size: 56 }],
        cursor: { drag: { x: select.current !== undefined, y: false, setScale: false } },
        legend: { live: false },
        hooks: {
          setSelect: [
            (self) => {
              const { left, width } = self.select;
              select.current?.(
                width > 0 ? [self.posToVal(left, 'x'), self.posToVal(left + width, 'x')] : null,
              );
            },
          ],
        },
      },
      data,
      parent,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: parent.clientWidth, height }));
    observer.observe(parent);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, []);

  useEffect(() => plot.current?.setData(data), [data]);

  return <div class="plot" ref={box} role="img" aria-label={label} />;
}
