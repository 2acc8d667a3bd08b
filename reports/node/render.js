// SPDX-License-Identifier: Apache-2.0
// Standard input: a JSON array of figures. Standard output: a JSON array of as many SVG documents.
'use strict';
const echarts = require('./echarts.min.js');
require('./figure-option.js');

// Advance widths of DejaVu Sans for U+0020..U+007E in 1/1000 em, so that labels are laid out as they will be drawn.
const widths = [318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337,
  838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685,
  390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592,
  525, 636, 337, 636, 838];
const boldFactor = 1.12;

function measureText(text, font) {
  const size = Number(/([\d.]+)px/.exec(font ?? '')?.[1] ?? 12);
  let units = 0;
  for (const character of text) units += widths[character.codePointAt(0) - 32] ?? (character < '\u2e80' ? 640 : 1000);
  return { width: units / 1000 * size * (/bold/.test(font ?? '') ? boldFactor : 1) };
}
echarts.setPlatformAPI({ measureText });

// 11 CSS pixels are 8.25 points at the figure's printed size.
const theme = { name: 'light', font: 'DejaVu Sans, sans-serif', fontSize: 11, lineWidth: 1.6, markerSize: 6, ink: '#1c1f23', axis: '#7d858e', grid: '#e4e6e8', surface: '#ffffff',
  textWidth: text => measureText(text, '11px').width };

function svgOf(figure) {
  const size = { width: figure.width_points * 96 / 72, height: figure.height_points * 96 / 72 };
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...size });
  chart.setOption(figureOption(figure, theme, false));
  const svg = chart.renderToSVGString();
  chart.dispose();
  // Identifiers count the charts of the process; a figure's file must not depend on what was drawn before it.
  return svg.replace(/\bzr\d+-/g, 'f-').replace(/ ecmeta_\w+="[^"]*"/g, '')
    // A printed figure answers to no mouse.
    .replace(/<style[^>]*>.*?<\/style>\n?/s, '').replace(/ class="[^"]*"| pointer-events="[^"]*"/g, '')
    // librsvg places every text on its alphabetic baseline.
    .replace(/ dominant-baseline="central"/g, ' dy="0.35em"')
    .replace(/<svg width="[^"]*" height="[^"]*"/, `<svg width="${figure.width_points}pt" height="${figure.height_points}pt"`);
}

let input = '';
process.stdin.setEncoding('utf8').on('data', text => { input += text; }).on('end', () => {
  process.stdout.write(JSON.stringify(JSON.parse(input).map(svgOf)));
});
