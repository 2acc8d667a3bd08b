// SPDX-License-Identifier: Apache-2.0
// Links the views of a sweep: brushing the axes filters plots and table; choosing a point anywhere shows it everywhere and copies its YAML.
'use strict';
(() => {
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Without the permission, or where the page is not trusted: the old way, from a field that is there for a moment.
      const field = Object.assign(document.createElement('textarea'), { value: text, readOnly: true });
      field.style.cssText = 'position:fixed;opacity:0';
      document.body.append(field);
      field.select();
      const copied = document.execCommand('copy');
      field.remove();
      return copied;
    }
  }

  function pointPanel(place, data) {
    const make = (name, attributes) => Object.assign(document.createElement(name), attributes);
    const title = make('h3', { textContent: 'No configuration chosen' });
    const status = make('span', { className: 'status', role: 'status' });
    const button = make('button', { type: 'button', className: 'action', textContent: 'Copy YAML', hidden: true });
    const clear = make('button', { type: 'button', className: 'action clear', textContent: 'Clear brushes', hidden: true });
    const text = make('pre', { hidden: true, tabIndex: 0 });
    const line = make('div', { className: 'line' });
    line.append(title, button, clear, status);
    place.append(line, text);
    let row = -1;
    const tell = () => copy(explorer.yaml(data, row)).then(copied => {
      status.textContent = copied ? `YAML of ${data.ids[row]} copied` : 'the browser does not allow copying: select the text below';
    });
    button.addEventListener('click', tell);
    return {
      clear,
      show(next, alsoCopy) {
        row = next;
        title.textContent = data.ids[row] + (row === data.recommended ? ' (recommended)' : '');
        text.textContent = explorer.yaml(data, row);
        text.hidden = button.hidden = false;
        status.textContent = '';
        if (alsoCopy) tell();
      },
    };
  }

  function start(element) {
    const data = explorer.decode(JSON.parse(element.querySelector('.explorer-data').textContent));
    element.classList.add('live');
    let kept = null;
    // In the plots from the first drawing on: a second one takes as long as the first.
    let chosen = data.recommended;
    const panel = pointPanel(element.querySelector('.point'), data);
    const table = explorer.table(element.querySelector('.grid'), data, choose);
    const plots = data.plots.map(plot => {
      const place = document.getElementById('figure-' + plot.id);
      const build = explorer.scatter(data, plot, JSON.parse(place.querySelector('script').textContent));
      const entry = reportPage.addFigure(place, build(kept, chosen), (series, index) => { if (series?.rows) choose(series.rows[index], true); });
      return { entry, build };
    });
    const axes = element.querySelector('.parallel');
    const parallel = axes ? explorer.parallel(axes, data, mask => {
      kept = mask;
      panel.clear.hidden = kept === null;
      table.keep(kept);
      redraw();
    }, choose) : null;
    panel.clear.addEventListener('click', () => parallel.clear());

    let waiting = false;
    function redraw() {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        for (const { entry, build } of plots) reportPage.redraw(entry, build(kept, chosen));
      });
    }

    function show(row, alsoCopy) {
      panel.show(row, alsoCopy);
      table.show(row, true);
      parallel?.show(row);
    }

    function choose(row, alsoCopy) {
      chosen = row;
      show(row, alsoCopy);
      redraw();
    }

    reportPage.onTheme(theme => parallel?.color({ ...theme, palette: figureOption.palettes[theme.name], accent: getComputedStyle(document.documentElement).getPropertyValue('--warm').trim() }));
    document.addEventListener('report-select', event => {
      const row = data.rowOf.get(event.detail);
      if (row !== undefined) choose(row, true);
    });
    if (data.recommended >= 0) show(data.recommended, false);
    element.explorer = { data, table, parallel, plots, choose, kept: () => kept, chosen: () => chosen };
  }

  if (typeof echarts === 'undefined') return;
  for (const element of document.querySelectorAll('.explorer')) start(element);
})();
