// SPDX-License-Identifier: Apache-2.0
// From a figure (the JSON of Reports.Figures.FigureJson) to an option object of Apache ECharts 6. One translation for the
// static files and for the page: a classic script that defines one function, so that node and a browser can both load it.
'use strict';
globalThis.figureOption = (() => {
  // Okabe and Ito, "Color Universal Design" (2008): distinguishable with every common form of colour blindness. The last two are Paul Tol's wine and olive ("Colour Schemes", 2021, muted).
  const palettes = {
    light: ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#7A7A7A', '#882255', '#999933'],
    dark: ['#56B4E9', '#E69F00', '#22B88C', '#CC79A7', '#F0E442', '#E8743B', '#9AA3AD', '#B98AD8', '#C9B458'],
  };
  const square = 'path://M0,0H10V10H0Z';
  const symbols = ['circle', square, 'triangle', 'diamond', 'path://M0,0L10,0L5,9Z',
    'path://M3,0H7V3H10V7H7V10H3V7H0V3H3Z', 'path://M5,0L10,4L8,10L2,10L0,4Z'];
  const dashes = ['solid', [6, 3], [2, 2], [8, 3, 2, 3]];
  const manyPoints = 5000;
  // Below four pixels ECharts draws marks one by one as rectangles; larger ones of a series become one path, which takes minutes to fill where tens of thousands overlap.
  const largeSymbol = 3.5;

  const escapeHtml = text => String(text).replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
  const thousands = digits => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

  // Full numbers for hover texts: integers in full, others with four significant digits.
  function numberText(value) {
    if (value === null || value === undefined) return '–';
    if (Number.isInteger(value) && Math.abs(value) < 1e15) return thousands(String(value));
    const size = Math.abs(value);
    if (size < 1e-3 || size >= 1e9) return value.toExponential(3);
    const [whole, fraction] = value.toFixed(Math.max(0, 3 - Math.floor(Math.log10(size)))).split('.');
    return thousands(whole) + (fraction ? '.' + fraction : '');
  }

  // Short numbers for axes, with one prefix for all of an axis: 1.2 k, 12 k.
  function tickFormat(largest) {
    const [divisor, prefix] = largest >= 1e9 ? [1e9, ' G'] : largest >= 1e6 ? [1e6, ' M'] : largest >= 1e4 ? [1e3, ' k'] : [1, ''];
    return value => value === 0 ? '0' : Math.abs(value) < 1e-3 ? value.toExponential() : thousands(String(Number((value / divisor).toPrecision(6)))) + prefix;
  }

  // ECharts labels only whole decades of a logarithmic axis; shorter ranges need steps between them.
  function logTicks(low, high) {
    let ticks = [];
    for (const steps of [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 4, 5, 6, 8]]) {
      ticks = [];
      for (let decade = Math.floor(Math.log10(low)); decade <= Math.log10(high); decade++) {
        for (const step of steps) ticks.push(Number((step * 10 ** decade).toPrecision(3)));
      }
      ticks = ticks.filter(tick => tick >= low && tick <= high);
      if (ticks.length >= 3) break;
    }
    return ticks;
  }

  // Least and largest value along an axis; a figure whose points come and go says them itself.
  function extent(figure, which) {
    if (figure[which].extent) return figure[which].extent;
    const index = which === 'x' ? 0 : 1;
    const values = figure.series.flatMap(s => s.intervals ? s.intervals.map(i => i[2]) : (s.points ?? []).flatMap((p, i) =>
      index === 1 && s.errors ? [p[1], ...s.errors[i]] : [p[index]])).filter(v => v !== null);
    const bars = figure.series.filter(s => s.values);
    for (let i = 0; i < (bars[0]?.values.length ?? 0); i++) {
      values.push(bars.reduce((sum, s) => s.stack ? sum + s.values[i] : Math.max(sum, s.values[i]), 0));
    }
    return [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)];
  }

  // The distance of the names that fit below the axis; regular steps, where ECharts would drop names here and there. Names that are broken into lines stand all.
  function labelStep(figure, axis, theme) {
    const longest = axis.categories.reduce((length, name) => Math.max(length, name.length), 1);
    const room = figure.width_points * 96 / 72 * 0.78;
    return Math.max(1, Math.ceil(axis.categories.length * (longest * 0.64 + 0.7) * theme.fontSize / room));
  }

  function axisOption(figure, which, theme) {
    const axis = figure[which];
    const lying = figure.y.scale === 'category';
    const common = {
      name: axis.title, nameLocation: 'middle', nameGap: which === 'x' ? theme.fontSize * 2 : theme.fontSize * 3,
      nameTextStyle: { color: theme.ink, fontSize: theme.fontSize, fontFamily: theme.font },
      axisLabel: { color: theme.ink, fontSize: theme.fontSize, fontFamily: theme.font, hideOverlap: true },
      axisLine: { show: true, lineStyle: { color: theme.axis } },
      axisTick: { show: true, lineStyle: { color: theme.axis } },
      splitLine: { show: true, lineStyle: { color: theme.grid } },
    };
    if (axis.scale === 'category') {
      return { ...common, type: 'category', data: axis.categories, inverse: which === 'y', splitLine: { show: false },
        axisTick: { show: false }, axisLabel: { ...common.axisLabel, interval: which === 'y' || axis.categories.some(name => name.includes('\n')) ? 0 : labelStep(figure, axis, theme) - 1, hideOverlap: false } };
    }
    const option = { ...common, type: axis.scale === 'log' ? 'log' : 'value', min: axis.minimum ?? null, max: axis.maximum ?? null };
    if (axis.whole) option.minInterval = 1;
    const [low, high] = extent(figure, which);
    option.axisLabel.formatter = tickFormat(axis.maximum ?? high);
    option.splitLine.show = which === (lying ? 'x' : 'y') || axis.scale === 'log';
    if (axis.scale === 'log') {
      const margin = Math.max(1.12, (high / low) ** 0.04);
      const [min, max] = [axis.minimum ?? low / margin, axis.maximum ?? high * margin];
      if (min < max) {
        const customValues = logTicks(min, max);
        Object.assign(option, { min, max });
        option.axisTick = { ...option.axisTick, customValues };
        Object.assign(option.axisLabel, { customValues, hideOverlap: false });
        option.splitLine.show = false;
      }
    } else {
      option.scale = !figure.series.some(s => s.kind === 'bar' || s.kind === 'interval');
    }
    return option;
  }

  function intervalBar(params, api, row) {
    const start = api.coord([api.value(1), row]);
    const end = api.coord([api.value(2), row]);
    const height = api.size([0, 1])[1] * 0.62;
    const { x, y, width, height: inside } = params.coordSys;
    const left = Math.max(start[0], x);
    const right = Math.min(Math.max(end[0], start[0] + 0.5), x + width);
    if (right <= left || start[1] < y || start[1] > y + inside) return null;
    return { type: 'rect', shape: { x: left, y: start[1] - height / 2, width: right - left, height }, style: { fill: api.visual('color') } };
  }

  // A still picture cannot show what is narrower than a fraction of a pixel; thousands of such bars become a few.
  function mergeIntervals(figure, intervals) {
    const resolution = extent(figure, 'x')[1] / figure.width_points / 4;
    const merged = [];
    const last = new Map();
    for (const [row, start, end] of intervals.toSorted((a, b) => a[1] - b[1])) {
      const before = last.get(row);
      if (before && start - before[2] <= resolution && end - before[1] <= 20 * resolution) {
        before[2] = Math.max(before[2], end);
      } else {
        last.set(row, [row, start, end]);
        merged.push(last.get(row));
      }
    }
    return merged;
  }

  // Of thousands of points a still picture keeps one in each square of a fraction of a mark: the others would lie under it.
  function thinPoints(figure, points) {
    if (points.length <= 2000) return points;
    const [bendX, bendY] = ['x', 'y'].map(which => {
      const [low, high] = extent(figure, which);
      const bend = figure[which].scale === 'log' ? Math.log : value => value;
      return value => (bend(value) - bend(low)) / (bend(high) - bend(low) || 1);
    });
    const seen = new Set();
    return points.filter(([x, y]) => {
      const square = Math.floor(bendX(x) * figure.width_points / 4) + ',' + Math.floor(bendY(y) * figure.height_points / 4);
      return !seen.has(square) && seen.add(square);
    });
  }

  function errorBar(api, color, lineWidth) {
    const [low, high] = [api.coord([api.value(0), api.value(1)]), api.coord([api.value(0), api.value(2)])];
    const cap = 3;
    return { type: 'path', style: { stroke: color, lineWidth, fill: 'none' }, shape: {
      pathData: `M${low[0] - cap},${low[1]}H${low[0] + cap}M${low[0]},${low[1]}V${high[1]}M${high[0] - cap},${high[1]}H${high[0] + cap}`, x: 0, y: 0 } };
  }

  // ECharts copies every pair of its options one by one, numbers side by side in one go.
  function flatData(points) {
    const data = new Float64Array(2 * points.length);
    for (let i = 0; i < points.length; i++) [data[2 * i], data[2 * i + 1]] = points[i];
    return { data, dimensions: ['x', 'y'] };
  }

  function seriesOptions(figure, theme, interactive) {
    const lying = figure.y.scale === 'category';
    const colors = palettes[theme.name];
    const options = [];
    let mark = 0;
    figure.series.forEach((series, index) => {
      // The front rings points that other series colour: it has a colour of its own and takes none from the palette.
      const apart = series.kind === 'pareto' || series.muted || series.ring;
      const order = apart ? 0 : mark++;
      const color = series.kind === 'pareto' || series.ring ? theme.ink : series.muted ? theme.axis : colors[order % colors.length];
      const symbol = symbols[order % symbols.length];
      const lineWidth = theme.lineWidth;
      const base = { id: 's' + index, name: series.name, color, animation: false, z: 2 };
      const symbolSize = symbol === 'circle' || symbol === square ? theme.markerSize : theme.markerSize * 1.2;
      const dots = series.points && series.points.length > 60;
      if (series.ring) {
        options.push({ ...base, type: 'scatter', z: 4, data: series.points, symbol: 'circle', symbolSize: theme.markerSize * 2.1, silent: true, itemStyle: { color: 'transparent', borderColor: colors[1], borderWidth: 2.5 } });
      } else if (series.kind === 'scatter') {
        const large = series.points.length > manyPoints;
        options.push({ ...base, z: series.muted ? 1 : 2, type: 'scatter', ...(interactive && large ? flatData(series.points) : { data: interactive ? series.points : thinPoints(figure, series.points) }), symbol, symbolSize: large ? Math.min(symbolSize * 0.5, largeSymbol) : symbolSize,
          itemStyle: { color, opacity: series.muted ? 0.25 : large ? 0.6 : 0.9 }, large: interactive && large, silent: series.muted === true, emphasis: { scale: 1.6, itemStyle: { borderColor: theme.ink, borderWidth: 1.5 } } });
      } else if (series.kind === 'line' || series.kind === 'step') {
        options.push({ ...base, type: 'line', data: series.points, step: series.kind === 'step' ? 'end' : false, symbol, symbolSize: symbolSize * 0.85,
          showSymbol: series.kind === 'line' && !dots, itemStyle: { color },
          // Many lines across named axes: the last series is the one to be seen.
          lineStyle: figure.x.scale === 'category' && dots ? { color, width: lineWidth * (index === figure.series.length - 1 ? 0.8 : 0.5), opacity: index === figure.series.length - 1 ? 0.9 : 0.35 }
            : { color, width: lineWidth, type: dashes[order % dashes.length] } });
      } else if (series.kind === 'pareto') {
        options.push({ ...base, type: 'line', z: 3, data: series.points, step: series.minimize_x ? 'end' : 'start', symbol: 'circle', triggerLineEvent: false,
          symbolSize: theme.markerSize * 1.7, showSymbol: true, lineStyle: { color, width: 1, opacity: 0.55 }, itemStyle: { color: 'transparent', borderColor: color, borderWidth: 1.4 } });
      } else if (series.kind === 'bar') {
        options.push({ ...base, type: 'bar', data: series.values, stack: series.stack || undefined, barMaxWidth: lying ? 18 : 30, barCategoryGap: '28%', barGap: '8%', itemStyle: { color } });
      } else if (series.kind === 'interval') {
        options.push({ ...base, type: 'custom', data: interactive ? series.intervals : mergeIntervals(figure, series.intervals), encode: { x: [1, 2], y: 0 }, itemStyle: { color },
          renderItem: (params, api) => intervalBar(params, api, api.value(0)) });
      }
      if (series.errors) {
        options.push({ id: 'e' + index, name: series.name, color, type: 'custom', animation: false, silent: true, z: 1,
          data: series.points.map((p, i) => [p[0], ...series.errors[i]]), encode: { x: 0, y: [1, 2] },
          renderItem: (params, api) => errorBar(api, color, Math.max(1, lineWidth * 0.6)) });
      }
    });
    return options;
  }

  // How many lines a legend that does not scroll takes.
  function legendLines(figure, theme) {
    const room = figure.width_points * 96 / 72;
    let [lines, used] = [1, 0];
    for (const { name } of figure.series) {
      const width = theme.textWidth(name) + 2.7 * theme.fontSize;
      if (used > 0 && used + width - theme.fontSize > room) [lines, used] = [lines + 1, 0];
      used += width;
    }
    return lines;
  }

  // The text for one datum: what the figure says about it, or its coordinates.
  function hoverText(figure, seriesId, dataIndex) {
    const series = figure.series[Number(seriesId.slice(1))];
    const head = series.name;
    if (series.labels) {
      const [, start, end] = series.intervals[dataIndex];
      return `${series.labels[dataIndex]}\n${numberText(start)} to ${numberText(end)} ${figure.x.unit} (${numberText(end - start)})`;
    }
    if (series.values) {
      const [names, values] = figure.y.scale === 'category' ? [figure.y, figure.x] : [figure.x, figure.y];
      return `${names.categories[dataIndex]}\n${head}: ${numberText(series.values[dataIndex])} ${values.unit}`;
    }
    if (series.describe) return series.describe(dataIndex);
    if (series.hover?.[dataIndex]) return series.hover[dataIndex];
    const [x, y] = series.points[dataIndex];
    return `${head}\n${figure.x.label}: ${numberText(x)} ${figure.x.unit}\n${figure.y.label}: ${numberText(y)} ${figure.y.unit}`;
  }

  /**
   * @param figure the figure's JSON
   * @param theme { name: 'light'|'dark', font, fontSize, lineWidth, markerSize, ink, axis, grid, surface }, and for a still picture
   *   textWidth, a function from a text to its width in pixels
   * @param interactive with hover texts and zooming, without the title (the page prints it)
   */
  function figureOption(figure, theme, interactive) {
    const text = { color: theme.ink, fontFamily: theme.font, fontSize: theme.fontSize };
    const legend = figure.series.length > 1;
    const titleHeight = interactive ? 0 : theme.fontSize * 1.9;
    const legendHeight = legend ? (interactive ? 2 : 0.4 + 1.6 * legendLines(figure, theme)) * theme.fontSize : 0;
    const timeline = figure.series.some(s => s.kind === 'interval');
    const option = {
      animation: false, textStyle: text, backgroundColor: interactive ? 'transparent' : theme.surface,
      grid: { left: 4, right: theme.fontSize * 1.4, top: titleHeight + legendHeight + theme.fontSize * 0.8, bottom: interactive && timeline ? 44 : 4,
        outerBoundsMode: 'same', outerBoundsContain: 'all' },
      xAxis: axisOption(figure, 'x', theme), yAxis: axisOption(figure, 'y', theme), series: seriesOptions(figure, theme, interactive),
    };
    if (!interactive) {
      option.title = { text: figure.title, left: 2, top: 2, padding: 0, textStyle: { ...text, fontSize: theme.fontSize * 1.1, fontWeight: 'bold',
        width: figure.width_points * 96 / 72, overflow: 'truncate' } };
    }
    if (legend) {
      option.legend = { type: interactive ? 'scroll' : 'plain', top: titleHeight, left: 0, padding: 0, itemWidth: theme.fontSize * 1.2, itemHeight: theme.fontSize * 0.8,
        data: figure.series.filter(s => !s.muted && !s.ring).map(s => ({ name: s.name, ...(s.values || s.intervals ? { icon: square } : {}) })), itemGap: theme.fontSize, textStyle: text, selectedMode: interactive, pageIconColor: theme.ink, pageTextStyle: text };
    }
    if (interactive) {
      option.tooltip = { trigger: 'item', confine: true, backgroundColor: theme.surface, borderColor: theme.axis, textStyle: text, padding: [6, 10], transitionDuration: 0,
        formatter: p => escapeHtml(hoverText(figure, p.seriesId, p.dataIndex)).replace(/\n/g, '<br>') };
      // The wheel scrolls the page; with Ctrl it zooms.
      if (timeline) {
        option.dataZoom = [{ type: 'inside', filterMode: 'weakFilter', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false },
          { type: 'slider', filterMode: 'weakFilter', height: 18, bottom: 6, showDetail: false, brushSelect: false, borderColor: theme.grid, fillerColor: palettes[theme.name][0] + '22',
            handleStyle: { color: theme.surface, borderColor: theme.axis }, moveHandleSize: 0, dataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } }, selectedDataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } } }];
      } else if (figure.series.every(s => s.points)) {
        option.dataZoom = [{ type: 'inside', xAxisIndex: 0, filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false },
          { type: 'inside', yAxisIndex: 0, filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false }];
      }
    }
    return option;
  }

  return Object.assign(figureOption, { hoverText, numberText, tickFormat, logTicks, manyPoints, palettes });
})();
