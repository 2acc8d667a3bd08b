// SPDX-License-Identifier: Apache-2.0
// Scatter plots from the columns: what the brushes keep is coloured, the rest grey, the chosen point ringed.
'use strict';
explorer.scatter = (data, plot, figure) => {
  const [x, y] = [data.columns[plot.x], data.columns[plot.y]];
  const along = (column, value) => column.percent ? value * 100 : value;
  const at = row => [along(x, x.numbers[row]), along(y, y.numbers[row])];
  const known = row => !Number.isNaN(x.numbers[row]) && !Number.isNaN(y.numbers[row]);
  const color = data.columns[data.color];
  const names = color ? color.values.map(value => value === '' ? 'none' : `${color.numeric ? figureOption.numberText(Number(value)) : value} ${color.unit}`.trimEnd()) : ['configurations'];
  const rows = names.map(() => []);
  for (let row = 0; row < data.ids.length; row++) if (known(row)) rows[color ? color.codes[row] : 0].push(row);
  const describe = list => i => explorer.describe(data, list[i]);
  // The axes stay where they are whatever is brushed away.
  const ends = column => {
    const { low, high } = explorer.scaleOf(column);
    return [along(column, Math.min(low, ...(column.low ? [column.low.reduce((a, b) => Math.min(a, b), Infinity)] : []))),
      along(column, Math.max(high, ...(column.high ? [column.high.reduce((a, b) => Math.max(a, b), -Infinity)] : [])))];
  };
  figure.x.extent = ends(x);
  figure.y.extent = ends(y);

  function points(name, list, more) {
    const series = { kind: 'scatter', name, points: list.map(at), rows: list, describe: describe(list), ...more };
    if (y.low && !series.muted && !series.ring && list.some(row => y.low[row] !== y.high[row])) series.errors = list.map(row => [along(y, y.low[row]), along(y, y.high[row])]);
    return series;
  }

  return (kept, chosen) => {
    const series = [];
    const grey = row => data.missing.has(row) || (kept && !kept[row]);
    if (kept || data.missing.size > 0) series.push(points('out of the question', rows.flatMap(list => list.filter(grey)), { muted: true }));
    names.forEach((name, i) => series.push(points(name, rows[i].filter(row => !grey(row)))));
    const front = [...plot.front].filter(row => !kept || kept[row]);
    series.push({ kind: 'pareto', name: 'Pareto front', minimize_x: plot.minimize_x, points: front.map(at), rows: front, describe: describe(front) });
    if (chosen >= 0 && known(chosen)) series.push(points('chosen', [chosen], { ring: true }));
    figure.series = series;
    return figure;
  };
};
