// SPDX-License-Identifier: Apache-2.0
// Parallel axes on a canvas: one line per point, drawn a few at a time so that the page answers meanwhile. Dragging along an axis keeps what passes there.
'use strict';
explorer.parallel = (place, data, changed, choose) => {
  const [height, top, bottom] = [340, 62, 20];
  const mostLines = 20000;
  const grip = 16;
  const budget = 10;
  const scales = data.axes.map(index => explorer.scaleOf(data.columns[index]));
  const columns = data.axes.map(index => data.columns[index]);
  const labels = columns.map((column, a) => explorer.ticks(column, scales[a]));
  const brushes = data.axes.map(() => null);
  const front = new Set(data.front);
  let kept = null;
  let chosen = -1;
  let width = 0;
  let job = 0;
  let colors = null;

  const make = (name, className) => Object.assign(document.createElement(name), { className });
  const [lines, over] = [make('canvas', 'lines'), make('canvas', 'over')];
  const tip = make('div', 'tip');
  tip.hidden = true;
  place.append(lines, over, tip);
  const handles = data.axes.map((_, a) => ['low', 'high'].map(end => {
    const handle = make('div', 'handle ' + end);
    Object.assign(handle, { tabIndex: 0, role: 'slider' });
    handle.setAttribute('aria-orientation', 'vertical');
    handle.setAttribute('aria-label', `${columns[a].name}: ${end === 'low' ? 'least' : 'greatest'} value to keep`);
    handle.setAttribute('aria-valuemin', 0);
    handle.setAttribute('aria-valuemax', 100);
    handle.addEventListener('keydown', event => step(event, a, end === 'low' ? 0 : 1));
    place.append(handle);
    return handle;
  }));

  const xOf = a => data.axes.length === 1 ? width / 2 : 62 + a * (width - 134) / (data.axes.length - 1);
  const yOf = at => height - bottom - at * (height - top - bottom);
  const placeAt = y => Math.max(0, Math.min(1, (height - bottom - y) / (height - top - bottom)));

  function trace(context, row) {
    let open = false;
    for (let a = 0; a < scales.length; a++) {
      const at = scales[a].places[row];
      if (Number.isNaN(at)) open = false;
      else if (open) context.lineTo(xOf(a), yOf(at));
      else { context.moveTo(xOf(a), yOf(at)); open = true; }
    }
  }

  const everyNth = (rows, most) => rows.length <= most ? rows : rows.filter((_, i) => i % Math.ceil(rows.length / most) === 0);

  function drawLines() {
    const mine = ++job;
    const context = lines.getContext('2d');
    context.clearRect(0, 0, width, height);
    const all = Array.from({ length: data.ids.length }, (_, row) => row);
    const passes = row => (!kept || kept[row]) && !data.missing.has(row);
    const inside = all.filter(passes);
    const alpha = count => Math.max(0.04, Math.min(0.6, 60 / Math.sqrt(count + 1) / 10));
    const color = data.columns[data.color];
    const hue = row => colors.palette[color ? color.codes[row] % colors.palette.length : 0];
    const layers = [];
    if (inside.length < all.length) layers.push([everyNth(all.filter(row => !passes(row)), mostLines / 4), () => colors.axis, 0.12, 1]);
    const shown = everyNth(inside, mostLines);
    layers.push([shown, hue, alpha(shown.length), 1.1]);
    const best = everyNth(inside.filter(row => front.has(row)), 1000);
    layers.push([best, hue, Math.min(0.9, alpha(best.length) * 2), 1.8]);
    let [layer, index] = [0, 0];
    const some = () => {
      if (mine !== job) return;
      const end = performance.now() + budget;
      while (layer < layers.length) {
        const [rows, colorOf, opacity, thickness] = layers[layer];
        context.globalAlpha = opacity;
        context.lineWidth = thickness;
        for (; index < rows.length; index++) {
          if (index % 64 === 63 && performance.now() > end) { index++; requestAnimationFrame(some); return; }
          context.strokeStyle = colorOf(rows[index]);
          context.beginPath();
          trace(context, rows[index]);
          context.stroke();
        }
        [layer, index] = [layer + 1, 0];
      }
      context.globalAlpha = 1;
    };
    some();
  }

  function drawOver() {
    const context = over.getContext('2d');
    context.clearRect(0, 0, width, height);
    if (chosen >= 0) {
      for (const [style, thickness] of [[colors.surface, 5], [colors.accent, 2.5]]) {
        Object.assign(context, { strokeStyle: style, lineWidth: thickness });
        context.beginPath();
        trace(context, chosen);
        context.stroke();
      }
    }
    const room = data.axes.length === 1 ? width : (width - 134) / (data.axes.length - 1);
    data.axes.forEach((_, a) => {
      const x = xOf(a);
      context.fillStyle = colors.axis;
      context.fillRect(x - 0.5, top, 1, height - top - bottom);
      if (brushes[a]) {
        const [low, high] = brushes[a];
        context.globalAlpha = 0.22;
        context.fillStyle = colors.accent;
        context.fillRect(x - 8, yOf(high), 16, yOf(low) - yOf(high));
        context.globalAlpha = 1;
        context.strokeStyle = colors.accent;
        context.lineWidth = 1.5;
        context.strokeRect(x - 8, yOf(high), 16, yOf(low) - yOf(high));
      }
      context.font = `11px ${colors.font}`;
      context.textBaseline = 'middle';
      let before = Infinity;
      for (const [value, text] of labels[a]) {
        const y = yOf(scales[a].place(value));
        if (before - y < 12 && before !== Infinity) continue;
        before = y;
        label(context, text, x + 10, y, 'left', colors.ink);
      }
      context.font = `600 11.5px ${colors.font}`;
      wrap(context, columns[a].name, room - 8).forEach((line, i, all) => label(context, line, x, top - 14 - (all.length - 1 - i) * 14, 'center', colors.ink));
      handles[a].forEach((handle, end) => {
        const at = brushes[a] ? brushes[a][end] : end;
        handle.style.left = `${x}px`;
        handle.style.top = `${yOf(at)}px`;
        handle.setAttribute('aria-valuenow', Math.round(at * 100));
        handle.setAttribute('aria-valuetext', scales[a].textAt(at));
      });
    });
  }

  function label(context, text, x, y, align, color) {
    context.textAlign = align;
    context.lineJoin = 'round';
    context.strokeStyle = colors.surface;
    context.lineWidth = 3.5;
    context.strokeText(text, x, y);
    context.fillStyle = color;
    context.fillText(text, x, y);
  }

  function wrap(context, text, room) {
    const rows = [''];
    for (const word of text.split(' ')) {
      const longer = `${rows.at(-1)} ${word}`.trim();
      if (rows.at(-1) && context.measureText(longer).width > Math.max(room, 48)) rows.push(word);
      else rows[rows.length - 1] = longer;
    }
    return rows.slice(0, 3);
  }

  function apply() {
    const active = brushes.map((brush, a) => [brush, a]).filter(entry => entry[0]);
    if (active.length === 0) {
      kept = null;
    } else {
      kept = new Uint8Array(data.ids.length).fill(1);
      for (const [[low, high], a] of active) {
        const { places } = scales[a];
        for (let row = 0; row < kept.length; row++) if (!(places[row] >= low - 1e-6 && places[row] <= high + 1e-6)) kept[row] = 0;
      }
    }
    drawOver();
    drawLines();
    changed(kept);
  }

  function brush(a, low, high) {
    brushes[a] = low === null ? null : [Math.min(low, high), Math.max(low, high)];
    apply();
  }

  function step(event, a, end) {
    const [low, high] = brushes[a] ?? [0, 1];
    const column = columns[a];
    const by = column.values && column.values.length > 1 && column.values.length <= 20 && !column.numeric ? 1 / (column.values.length - 1) : 0.05;
    const at = [low, high];
    if (event.key === 'ArrowUp' || event.key === 'ArrowRight') at[end] = Math.min(1, at[end] + by);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowLeft') at[end] = Math.max(0, at[end] - by);
    else if (event.key === 'Home') at[end] = 0;
    else if (event.key === 'End') at[end] = 1;
    else if (event.key === 'Escape') { event.preventDefault(); brush(a, null); return; }
    else return;
    event.preventDefault();
    if (at[0] > at[1]) at[1 - end] = at[end];
    if (at[0] <= 0 && at[1] >= 1) brush(a, null);
    else brush(a, at[0], at[1]);
  }

  // ---- pointer

  const axisAt = x => data.axes.findIndex((_, a) => Math.abs(x - xOf(a)) <= grip);
  let drag = null;
  let waiting = false;

  function rowAt(x, y) {
    let a = 0;
    while (a < data.axes.length - 2 && x > xOf(a + 1)) a++;
    if (data.axes.length < 2 || y < top - 4 || y > height - bottom + 4) return -1;
    const share = (x - xOf(a)) / (xOf(a + 1) - xOf(a));
    const at = placeAt(y);
    const [left, right] = [scales[a].places, scales[a + 1].places];
    let [best, nearest] = [-1, 7 / (height - top - bottom)];
    for (let row = 0; row < data.ids.length; row++) {
      if (kept && !kept[row]) continue;
      const distance = Math.abs(left[row] + share * (right[row] - left[row]) - at);
      if (distance < nearest) [best, nearest] = [row, distance];
    }
    return best;
  }

  over.addEventListener('pointerdown', event => {
    const a = axisAt(event.offsetX);
    if (a < 0) return;
    drag = { a, from: placeAt(event.offsetY), y: event.offsetY };
    try { over.setPointerCapture(event.pointerId); } catch { /* a synthetic pointer cannot be captured */ }
    event.preventDefault();
  });
  over.addEventListener('pointermove', event => {
    if (drag) {
      brushes[drag.a] = [Math.min(drag.from, placeAt(event.offsetY)), Math.max(drag.from, placeAt(event.offsetY))];
      drawOver();
      return;
    }
    over.style.cursor = axisAt(event.offsetX) >= 0 ? 'ns-resize' : 'pointer';
    const [x, y] = [event.offsetX, event.offsetY];
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      const row = axisAt(x) >= 0 ? -1 : rowAt(x, y);
      tip.hidden = row < 0;
      if (row < 0) return;
      tip.textContent = explorer.describe(data, row);
      tip.style.left = `${Math.min(x + 14, width - tip.offsetWidth - 4)}px`;
      tip.style.top = `${Math.max(0, Math.min(y + 14, height - tip.offsetHeight))}px`;
    });
  });
  over.addEventListener('pointerup', event => {
    if (!drag) return;
    const { a, from, y } = drag;
    drag = null;
    if (Math.abs(event.offsetY - y) < 4) brush(a, null);
    else brush(a, from, placeAt(event.offsetY));
  });
  over.addEventListener('pointerleave', () => { tip.hidden = true; });
  over.addEventListener('click', event => {
    const row = axisAt(event.offsetX) >= 0 ? -1 : rowAt(event.offsetX, event.offsetY);
    if (row >= 0) choose(row, true);
  });

  function resize() {
    width = place.clientWidth;
    const ratio = data.ids.length > 20000 ? 1 : Math.min(2, devicePixelRatio);
    for (const canvas of [lines, over]) {
      const sharp = canvas === over ? Math.min(2, devicePixelRatio) : ratio;
      Object.assign(canvas, { width: width * sharp, height: height * sharp });
      canvas.getContext('2d').setTransform(sharp, 0, 0, sharp, 0, 0);
    }
    drawOver();
    drawLines();
  }

  place.style.height = `${height}px`;
  new ResizeObserver(() => { if (colors && place.clientWidth > 0 && place.clientWidth !== width) resize(); }).observe(place);
  return {
    brush,
    clear() { brushes.fill(null); apply(); },
    color(theme) { colors = theme; resize(); },
    show(row) { chosen = row; drawOver(); },
    xOf, yOf,
  };
};
