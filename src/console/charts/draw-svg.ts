import { setImmediate as turn } from 'node:timers/promises';
import type { EChartsOption } from 'echarts';

export interface Size {
  width: number;
  height: number;
}

/** What the library draws of an option, as it comes: with style attributes, a style element and its own ids. */
export async function drawSvg(option: EChartsOption, { width, height }: Size): Promise<string> {
  // Loaded when somebody looks first: it takes some 20 MB, which a service that nobody looks at need not spend.
  const { init } = await import('echarts/dist/echarts.esm.min.mjs');
  // A picture takes some milliseconds: live calls are answered between two of them.
  await turn();
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ ...option, animation: false });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
