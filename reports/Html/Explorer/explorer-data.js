// SPDX-License-Identifier: Apache-2.0
// The points of a sweep as columns: decoding what Reports.Html.Explorer.ColumnEncoder wrote, positions on axes, texts and YAML.
'use strict';
globalThis.explorer = (() => {
  const logFromRatio = 8;

  function words(base64, type) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
    return type === 'u8' ? bytes : new ({ u16: Uint16Array, i32: Int32Array, f64: Float64Array })[type](bytes.buffer);
  }

  // As Type.from(values, map), in a tenth of its time.
  function mapped(Type, values, map) {
    const result = new Type(values.length);
    for (let i = 0; i < values.length; i++) result[i] = map(values[i]);
    return result;
  }

  // Numbers of every point; NaN where there is none. Texts become their position among the column's values.
  function numbersOf(column) {
    if (column.numbers !== undefined) return new Float64Array(words(column.numbers, column.type));
    column.codes = words(column.codes, column.type);
    const of = column.values.map((value, i) => !column.numeric ? (value === '' ? NaN : i) : value === '' || value === null ? NaN : Number(value));
    return mapped(Float64Array, column.codes, code => of[code]);
  }

  function decode(json) {
    for (const column of json.columns) {
      column.numbers = numbersOf(column);
      if (column.low !== undefined) [column.low, column.high] = [words(column.low, 'f64'), words(column.high, 'f64')];
      column.name = column.title + (column.unit ? ` (${column.unit})` : '');
    }
    for (const plot of json.plots) plot.front = words(plot.front, 'i32');
    json.front = words(json.front, 'i32');
    json.missing = new Set(words(json.missing, 'i32'));
    json.rowOf = new Map(json.ids.map((id, row) => [id, row]));
    return json;
  }

  function numberText(column, value) {
    if (Number.isNaN(value)) return '';
    return column.percent ? (value * 100).toFixed(2) : figureOption.numberText(value);
  }

  // What a table says of a point.
  function text(column, row) {
    return column.numeric ? numberText(column, column.numbers[row]) : column.values[column.codes[row]];
  }

  function describe(data, row) {
    const lines = data.columns.map(column => [column, text(column, row)]).filter(entry => entry[1] !== '');
    return [data.ids[row], ...lines.map(([column, value]) => `${column.title} ${value} ${column.unit}${column.low && column.low[row] !== column.high[row]
      ? ` (${numberText(column, column.low[row])} to ${numberText(column, column.high[row])})` : ''}`.trimEnd())].join('\n');
  }

  // How values of a column become places from 0 to 1, and back to a text.
  function scaleOf(column) {
    let [low, high] = [Infinity, -Infinity];
    const { numbers } = column;
    for (let i = 0; i < numbers.length; i++) {
      if (numbers[i] < low) low = numbers[i];
      if (numbers[i] > high) high = numbers[i];
    }
    const log = column.numeric && !column.percent && low > 0 && high / low >= logFromRatio;
    const bend = log ? Math.log : value => value;
    const [from, span] = [bend(low), bend(high) - bend(low)];
    const place = value => span === 0 ? 0.5 : (bend(value) - from) / span;
    const valueAt = at => log ? Math.exp(from + at * span) : from + at * span;
    const textAt = at => column.numeric ? numberText(column, valueAt(at)) : column.values[Math.round(valueAt(at))] ?? '';
    return { low, high, log, place, valueAt, textAt, places: mapped(Float32Array, numbers, place) };
  }

  // Values to be written beside an axis: all where they are few, round ones else.
  function ticks(column, scale) {
    const few = column.values && column.values.length <= 12 ? column.values.map((value, i) => column.numeric ? Number(value) : i) : null;
    if (few) return few.filter(value => value >= scale.low && value <= scale.high).map(value => [value, column.numeric ? numberText(column, value) : column.values[value]]);
    if (!column.numeric) return [0, column.values.length - 1].map(value => [value, column.values[value]]);
    let values = [];
    if (scale.log) {
      values = figureOption.logTicks(scale.low, scale.high);
    } else if (scale.high > scale.low) {
      const rough = (scale.high - scale.low) / 4;
      const decade = 10 ** Math.floor(Math.log10(rough));
      const step = [1, 2, 5, 10].map(factor => factor * decade).find(candidate => candidate >= rough);
      for (let i = Math.ceil(scale.low / step); i * step <= scale.high; i++) values.push(i * step);
    }
    const brief = figureOption.tickFormat(scale.high);
    return values.map(value => [value, column.percent ? String(Number((value * 100).toPrecision(4))) : brief(value)]);
  }

  const scalar = value => /^[\w.+\/-]+$/.test(value) ? value : JSON.stringify(value);

  // The keys that a point sets, nested as in an experiment; a path into a list is left as a comment.
  function yaml(data, row) {
    const lines = [`# ${data.ids[row]} ${data.yaml_head[0]}`, ...data.yaml_head.slice(1).map(line => '# ' + line)];
    const tree = new Map();
    for (const column of data.columns) {
      if (!column.keys) continue;
      const texts = column.texts[column.codes[row]];
      column.keys.forEach((key, i) => {
        if (texts[i] === undefined) return;
        if (key.includes('[')) {
          lines.push(`# ${key}: ${texts[i]}`);
          return;
        }
        const path = key.split('.');
        let node = tree;
        for (const part of path.slice(0, -1)) {
          // A whole file below whose keys something changes is their base.
          if (!(node.get(part) instanceof Map)) node.set(part, new Map(node.has(part) ? [['base', node.get(part)]] : []));
          node = node.get(part);
        }
        node.set(path.at(-1), texts[i]);
      });
    }
    const print = (node, indent) => {
      for (const [key, value] of node) {
        lines.push(`${indent}${key}:${value instanceof Map ? '' : ' ' + scalar(value)}`);
        if (value instanceof Map) print(value, indent + '  ');
      }
    };
    print(tree, '');
    return lines.join('\n') + '\n';
  }

  return { decode, text, describe, scaleOf, ticks, yaml };
})();
