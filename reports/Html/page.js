// SPDX-License-Identifier: Apache-2.0
// Brings a report to life: charts, sorting, and the link between points and rows. Without it everything is still readable.
'use strict';
(() => {
  const root = document.documentElement;
  const dark = () => (root.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  const charts = [];
  const themed = [];

  function theme() {
    const style = getComputedStyle(root);
    const color = name => style.getPropertyValue('--' + name).trim();
    return { name: dark() ? 'dark' : 'light', font: getComputedStyle(document.body).fontFamily, fontSize: 12, lineWidth: 2, markerSize: 8,
      ink: color('ink'), axis: color('axis'), grid: color('line'), surface: color('surface') };
  }

  function size(figure) {
    return figure.series.reduce((sum, s) => sum + (s.points ?? s.values ?? s.intervals).length, 0);
  }

  function draw(entry) {
    entry.chart?.dispose();
    // Thousands of SVG elements are slow; a canvas is not.
    const renderer = size(entry.figure) > figureOption.manyPoints ? 'canvas' : 'svg';
    entry.chart = echarts.init(entry.box, null, { renderer });
    entry.chart.setOption(figureOption(entry.figure, theme(), true));
    entry.chart.on('click', event => {
      const series = entry.figure.series[Number(event.seriesId?.slice(1))];
      if (entry.clicked) entry.clicked(series, event.dataIndex);
      else select(series?.keys?.[event.dataIndex], true);
    });
  }

  // Another figure of the same axes in the place of the one that is drawn.
  function redraw(entry, figure) {
    entry.figure = figure;
    entry.chart.setOption(figureOption(figure, theme(), true), { replaceMerge: ['series'] });
  }

  function addFigure(element, figure, clicked) {
    element.classList.add('live');
    const entry = { element, figure, box: element.querySelector('.chart'), chart: null, clicked };
    charts.push(entry);
    draw(entry);
    addTools(entry);
    new ResizeObserver(() => { if (entry.box.offsetWidth > 0) entry.chart.resize(); }).observe(entry.box);
    return entry;
  }

  function startCharts() {
    if (typeof echarts === 'undefined') return;
    for (const element of document.querySelectorAll('.figures > figure')) {
      if (!element.closest('.explorer')) addFigure(element, JSON.parse(element.querySelector('script').textContent));
    }
  }

  function addTools({ element, figure }) {
    const tools = document.createElement('div');
    tools.className = 'tools quiet';
    const image = element.querySelector('.static');
    if (image) {
      const link = document.createElement('a');
      Object.assign(link, { href: image.src, download: figure.id + '.svg', textContent: 'SVG', className: 'quiet', title: 'Save as a file for publication' });
      tools.append(link);
    }
    element.append(tools);
  }

  // Marks the point and the row of one configuration everywhere.
  function select(key, scroll) {
    if (!key) return;
    for (const row of document.querySelectorAll('tr[data-key]')) {
      const chosen = row.dataset.key === key;
      row.classList.toggle('selected', chosen);
      row.toggleAttribute('aria-selected', chosen);
      if (chosen && scroll) row.scrollIntoView({ block: 'center' });
    }
    for (const { figure, chart } of charts) {
      figure.series.forEach((series, index) => {
        chart.dispatchAction({ type: 'downplay', seriesId: 's' + index });
        const at = series.kind === 'scatter' && series.keys ? series.keys.indexOf(key) : -1;
        if (at >= 0) chart.dispatchAction({ type: 'highlight', seriesId: 's' + index, dataIndex: at });
      });
    }
  }

  function sort(table, column, header) {
    const ascending = header.getAttribute('aria-sort') !== 'ascending';
    const numeric = header.classList.contains('number');
    // Empty entries stay at the end in both directions; equal ones keep their order.
    const value = row => {
      const cell = row.cells[column];
      return numeric ? (cell.dataset.value === undefined || cell.dataset.value === 'NaN' ? null : Number(cell.dataset.value)) : cell.textContent;
    };
    const rows = [...table.tBodies[0].rows].sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      if (x === null || y === null) return (x === null) - (y === null);
      const order = numeric ? x - y : x.localeCompare(y, 'en', { numeric: true });
      return ascending ? order : -order;
    });
    table.tBodies[0].append(...rows);
    for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
    header.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
  }

  function startTables() {
    for (const table of document.querySelectorAll('table.sortable')) {
      [...table.tHead.rows[0].cells].forEach((header, column) => {
        header.querySelector('button').addEventListener('click', () => sort(table, column, header));
      });
      for (const row of table.tBodies[0].rows) {
        if (!row.dataset.key) continue;
        row.tabIndex = 0;
        const chosen = () => {
          select(row.dataset.key, false);
          document.dispatchEvent(new CustomEvent('report-select', { detail: row.dataset.key }));
        };
        row.addEventListener('click', chosen);
        row.addEventListener('keydown', event => {
          if (event.key !== 'Enter' && event.key !== ' ') return;
          event.preventDefault();
          chosen();
        });
      }
    }
  }

  function startTheme() {
    const button = document.getElementById('theme');
    const label = () => { button.textContent = dark() ? 'Light' : 'Dark'; };
    const redraw = () => { label(); charts.forEach(draw); themed.forEach(tell => tell(theme())); };
    button.hidden = false;
    button.setAttribute('aria-label', 'Switch between light and dark');
    button.addEventListener('click', () => { root.dataset.theme = dark() ? 'light' : 'dark'; redraw(); });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
    label();
  }

  addEventListener('beforeprint', () => { for (const element of document.querySelectorAll('details')) element.open = true; });
  startTables();
  startCharts();
  startTheme();
  globalThis.reportPage = { addFigure, redraw, onTheme(tell) { themed.push(tell); tell(theme()); } };
})();
