// The site's search: a box above every page. Nothing is loaded from a server, so it works from the file system, too.
addEventListener('DOMContentLoaded', () => {
  const area = document.getElementById('titlearea');
  if (!area) return;
  const box = document.createElement('div');
  box.id = 'search';
  box.innerHTML = '<input type="search" placeholder="Search guides and names ( / )" aria-label="Search" autocomplete="off" spellcheck="false"><ul hidden></ul>';
  area.append(box);
  const input = box.firstChild, list = box.lastChild, entries = window.searched || [];

  // How well an entry fits: 0 not at all. Its name counts most, then whether each word stands in its text.
  const fit = (entry, words, query) => {
    const title = entry[0].toLowerCase(), last = title.slice(title.lastIndexOf('::') + 2 * title.includes('::'));
    const guide = entry[3] ? 5 : 0;
    if (title === query || last === query) return 100 + guide;
    if (title.startsWith(query) || last.startsWith(query)) return 80 + guide - Math.min(20, last.length / 4);
    if (words.every(word => title.includes(word))) return 60 + guide - Math.min(20, title.length / 4);
    if (!entry[3]) return 0;
    const text = title + ' ' + entry[3].toLowerCase();
    return words.every(word => text.includes(word)) ? 30 : 0;
  };
  const search = () => {
    const query = input.value.trim().toLowerCase(), words = query.split(/\s+/);
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

  // The tab of the page that is shown.
  const here = location.pathname.split('/').pop() || 'index.html';
  const owner = /^guide/.test(here) ? 'guides.html' : here === 'mlp.html' ? 'example_programs.html' : here;
  for (const link of document.querySelectorAll('.tabs .tablist a'))
    if (link.getAttribute('href') === owner) link.parentElement.classList.add('current');
});
