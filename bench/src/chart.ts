import * as echarts from 'echarts';
import type { Results } from './results.js';
import { createSamples } from './samples.js';

const WIDTH = 880;
const HEIGHT = 380;
const PANELS = [
  { scenario: 'all', title: 'CPU µs per delivery: 500 sockets on all events', left: 56 },
  { scenario: 'own', title: 'CPU µs per delivery: 2,000 sockets by drone', left: 496 },
] as const;
const PANEL_WIDTH = 360;
const COLOURS = ['#0b6e99', '#9aa5ab', '#d98e04', '#b3423a'];

/** What the relays cost, as SVG; by the rate and by the number of sockets that nothing matches. */
export function drawChart(results: Results): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  const panels = PANELS.map((panel) => ({
    ...panel,
    samples: createSamples(results[panel.scenario]?.samples ?? []),
  }));
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    color: COLOURS,
    legend: { bottom: 4, data: [...new Set(panels.flatMap(({ samples }) => samples.contenders))] },
    title: panels.map(({ title, left }) => ({
      text: title,
      left: left - 20,
      top: 8,
      textStyle: { fontSize: 13 },
    })),
    grid: panels.map(({ left }) => ({ left, width: PANEL_WIDTH - 20, top: 48, bottom: 72 })),
    xAxis: panels.map(({ samples }, gridIndex) => ({ type: 'category', gridIndex, data: samples.variants })),
    yAxis: panels.map((_, gridIndex) => ({ type: 'value', gridIndex, min: 0 })),
    series: panels.flatMap(({ samples }, index) =>
      samples.contenders.map((contender) => ({
        type: 'line',
        name: contender,
        xAxisIndex: index,
        yAxisIndex: index,
        symbolSize: 7,
        data: samples.variants.map(
          (variant) => samples.spread({ variant, contender }, 'cpuPerDelivery')?.median ?? null,
        ),
      })),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
