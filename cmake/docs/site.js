// What every page of the site does: it draws its formulas, marks its tab, and has a search box. Nothing is loaded from a
// server, so all of it works from the file system, too.
const load = address => new Promise((done, failed) =>
  document.head.append(Object.assign(document.createElement('script'), {src: address, onload: done, onerror: failed})));

addEventListener('DOMContentLoaded', () => {
  const area = document.getElementById('titlearea');
  if (!area) return;
  const box = document.createElement('div');
  box.id = 'search';
  box.innerHTML = '<input type="search" placeholder="Search guides and names ( / )" aria-label="Search" autocomplete="off" spellcheck="false"><ul hidden></ul>';
  area.append(box);
  const input = box.firstChild, list = box.lastChild;

  // How well an entry fits: 0 not at all. First come its name and a guide's title, then members of types, then texts.
  const fit = ([title, where, , text], words, query) => {
    title = title.toLowerCase();
    const last = title.slice(title.lastIndexOf('::') + 2 * title.includes('::')), member = where.includes(' of ') ? 25 : 0;
    if (title === query || last === query) return 100 - member + (text ? 5 : 0);
    if (text && words.every(word => title.split(/[^\p{L}\d_]+/u).includes(word) || title.split(/[ ()?]+/).includes(word)))
      return 85 + (where === 'guide' ? 10 : 0);
    if (title.startsWith(query) || last.startsWith(query)) return 80 - member - Math.min(20, last.length / 4);
    if (words.every(word => title.includes(word))) return 60 - member - Math.min(20, title.length / 4);
    text = text.toLowerCase();
    return text && words.every(word => title.includes(word) || text.includes(word)) ? 30 : 0;
  };
  let loading;
  const search = async () => {
    await (loading ??= load('searched.js'));
    const entries = window.searched, query = input.value.trim().toLowerCase(), words = query.split(/\s+/);
    list.textContent = '';
    list.hidden = !query;
    if (!query) return;
    const found = entries.map(entry => [fit(entry, words, query), entry]).filter(([points]) => points > 0);
    found.sort((a, b) => b[0] - a[0]);
    for (const [, [title, where, address, text]] of found.slice(0, 40)) {
      const item = list.appendChild(document.createElement('li')), link = item.appendChild(document.createElement('a'));
      link.href = address;
      link.append(title, Object.assign(document.createElement('small'), {textContent: where}));
      const place = text.toLowerCase().indexOf(words[0]);
      if (text && place >= 0 && !title.toLowerCase().includes(query)) {
        const begin = text.lastIndexOf(' ', Math.max(0, place - 40)) + 1;
        link.append(Object.assign(document.createElement('span'), {textContent: '… ' + text.slice(begin, place + 80) + ' …'}));
      }
    }
    if (!found.length) list.appendChild(document.createElement('li')).textContent = 'Nothing is called so.';
  };
  const close = () => { list.hidden = true; };
  input.addEventListener('input', search);
  input.addEventListener('focus', search);
  addEventListener('click', event => { if (!box.contains(event.target)) close(); });
  list.addEventListener('click', event => { if (event.target.closest('a')) close(); });
  addEventListener('keydown', event => {
    const links = [...list.querySelectorAll('a')], at = links.indexOf(document.activeElement);
    if (event.key === 'Escape') { close(); input.blur(); }
    else if (event.key === '/' && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) { event.preventDefault(); input.focus(); input.select(); }
    else if (!box.contains(document.activeElement)) return;
    else if (event.key === 'ArrowDown' && links[at + 1]) { event.preventDefault(); links[at + 1].focus(); }
    else if (event.key === 'ArrowUp') { event.preventDefault(); (links[at - 1] || input).focus(); }
    else if (event.key === 'Enter' && at < 0 && links[0]) links[0].click();
  });

  if (/\\[([]/.test(document.querySelector('.contents')?.textContent)) {
    window.MathJax = {extensions: ['tex2jax.js', 'TeX/AMSmath.js', 'TeX/AMSsymbols.js'], jax: ['input/TeX', 'output/SVG'],
                      showMathMenu: false, messageStyle: 'none'};
    load('mathjax/MathJax.js');
  }

  // The tab of the page that is shown.
  const here = location.pathname.split('/').pop() || 'index.html';
  const owner = /^guide/.test(here) ? 'guides.html' : here === 'mlp.html' ? 'example_programs.html' : here;
  for (const link of document.querySelectorAll('.tabs .tablist a'))
    if (link.getAttribute('href') === owner) link.parentElement.classList.add('current');
});
