// SPDX-License-Identifier: Apache-2.0
// A table of many rows of which only those in sight are elements: sortable by its headings, moved in with the arrow keys.
'use strict';
explorer.table = (place, data, choose) => {
  const rowHeight = 28;
  const beyond = 8;
  let kept = null;
  let order = Uint32Array.from(data.ids, (_, row) => row);
  let shown = order;
  let sorted = { column: -1, ascending: true };
  let active = 0;
  let chosen = -1;
  const front = new Set(data.front);
  const headings = [{ title: 'configuration', unit: '', numeric: false }, ...data.columns];
  const cell = (row, column) => column < 0 ? data.ids[row] : explorer.text(data.columns[column], row);

  const make = (name, attributes, ...children) => {
    const element = Object.assign(document.createElement(name), attributes);
    element.append(...children);
    return element;
  };
  const count = make('p', { className: 'note count', role: 'status' });
  const head = make('tr', {});
  headings.forEach((heading, i) => {
    const button = make('button', { type: 'button', textContent: heading.title });
    if (heading.unit) button.append(' ', make('span', { className: 'unit', textContent: heading.unit }));
    const th = make('th', { scope: 'col', className: heading.numeric ? 'number' : '' }, button);
    button.addEventListener('click', () => sort(i - 1));
    head.append(th);
  });
  const body = make('tbody', {});
  const table = make('table', { className: 'virtual keyed' }, make('thead', {}, head), body);
  const box = make('div', { className: 'table rows', tabIndex: 0 }, table);
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', 'configurations; arrow keys move, Enter copies the YAML');
  place.append(count, box);

  // Fixed widths: rows that come into sight must not move the columns.
  const sample = [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89].map(part => Math.floor(part / 90 * data.ids.length)).concat(data.ids.length - 1);
  table.style.minWidth = headings.reduce((sum, heading, i) => {
    const words = heading.title.split(' ').reduce((longest, word) => Math.max(longest, word.length), heading.unit.length);
    const longest = sample.reduce((length, row) => Math.max(length, cell(row, i - 1).length), Math.max(words, Math.ceil(heading.title.length / 2)));
    head.cells[i].style.width = `${longest + 2.6}ch`;
    return sum + longest + 2.6;
  }, 0) + 'ch';

  function spacer(rows) {
    const td = make('td', { colSpan: headings.length });
    td.style.height = `${rows * rowHeight}px`;
    const tr = make('tr', { className: 'spacer' }, td);
    tr.setAttribute('aria-hidden', 'true');
    return tr;
  }

  function render() {
    const first = Math.max(0, Math.floor(box.scrollTop / rowHeight) - beyond);
    const last = Math.min(shown.length, Math.ceil((box.scrollTop + (box.clientHeight || 700)) / rowHeight) + beyond);
    const rows = [spacer(first)];
    for (let i = first; i < last; i++) {
      const row = shown[i];
      const tr = make('tr', { className: (front.has(row) ? 'marked ' : '') + (row === chosen ? 'selected ' : '') + (i === active ? 'active' : '') });
      tr.dataset.row = row;
      tr.dataset.key = data.ids[row];
      tr.setAttribute('aria-rowindex', i + 2);
      if (row === chosen) tr.setAttribute('aria-selected', 'true');
      headings.forEach((heading, c) => tr.append(make('td', { className: heading.numeric ? 'number' : '', textContent: cell(row, c - 1) })));
      rows.push(tr);
    }
    rows.push(spacer(shown.length - last));
    body.replaceChildren(...rows);
  }

  function filter() {
    shown = kept ? order.filter(row => kept[row]) : order;
    active = Math.min(active, Math.max(0, shown.length - 1));
    table.setAttribute('aria-rowcount', shown.length + 1);
    const whole = data.ids.length.toLocaleString('en');
    count.textContent = kept ? `${shown.length.toLocaleString('en')} of ${whole} configurations pass the brushes` : `${whole} configurations`;
    render();
  }

  function sort(column) {
    const ascending = sorted.column === column ? !sorted.ascending : true;
    sorted = { column, ascending };
    const sign = ascending ? 1 : -1;
    const text = column < 0 || !data.columns[column].numeric;
    if (text) {
      const collator = new Intl.Collator('en', { numeric: true });
      const of = column < 0 ? data.ids : data.columns[column].values;
      const rank = new Uint32Array(of.length);
      of.map((value, i) => [value, i]).sort((a, b) => collator.compare(a[0], b[0])).forEach(([, i], place) => { rank[i] = place; });
      const at = column < 0 ? row => rank[row] : row => rank[data.columns[column].codes[row]];
      order = order.slice().sort((a, b) => sign * (at(a) - at(b)) || a - b);
    } else {
      // Empty entries stay at the end in both directions; equal ones stay in the order of the sweep.
      const { numbers } = data.columns[column];
      order = order.slice().sort((a, b) => {
        const [x, y] = [numbers[a], numbers[b]];
        if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y) || a - b;
        return sign * (x - y) || a - b;
      });
    }
    for (const th of head.cells) th.removeAttribute('aria-sort');
    head.cells[column + 1].setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
    box.scrollTop = 0;
    active = 0;
    filter();
  }

  function moveTo(index) {
    active = Math.max(0, Math.min(shown.length - 1, index));
    const top = active * rowHeight;
    const room = box.clientHeight - table.tHead.offsetHeight - rowHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    if (top > box.scrollTop + room) box.scrollTop = top - room;
    render();
  }

  let waiting = false;
  box.addEventListener('scroll', () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; render(); });
  });
  box.addEventListener('keydown', event => {
    if (event.target !== box) return;
    const page = Math.max(1, Math.floor(box.clientHeight / rowHeight) - 2);
    const moves = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: shown.length - 1 };
    if (event.key in moves) moveTo(moves[event.key]);
    else if ((event.key === 'Enter' || event.key === ' ') && shown.length > 0) choose(shown[active], true);
    else return;
    event.preventDefault();
  });
  body.addEventListener('click', event => {
    const tr = event.target.closest('tr[data-row]');
    if (!tr) return;
    active = [...shown].indexOf(Number(tr.dataset.row));
    choose(Number(tr.dataset.row), true);
  });

  filter();
  return {
    sort,
    keep(mask) { kept = mask; box.scrollTop = 0; filter(); },
    show(row, scroll) {
      chosen = row;
      const index = shown.indexOf(row);
      if (scroll && index >= 0) moveTo(index);
      else render();
    },
    shown: () => shown,
  };
};
