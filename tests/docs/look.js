
// A page of the site looks at itself, in the frame that chromium.sh puts it in.
if (parent !== window) addEventListener('load', async () => {
  const faults = [], page = location.pathname.split('/').pop(), pause = () => new Promise(done => setTimeout(done, 10));
  const name = element => (element.tagName + ' ' + element.className + ' ' + element.textContent.trim().slice(0, 30)).replace(/\s+/g, ' ');

  // The formulas.
  let formulas = 0;
  if (window.MathJax) {
    while (!MathJax.isReady) await pause();
    await new Promise(done => MathJax.Hub.Queue(done));
    const all = MathJax.Hub.getAllJax(), drawn = [...document.querySelectorAll('.MathJax_SVG > svg')];
    formulas = all.length;
    for (const jax of all) if (jax.texError) faults.push('wrong formula: ' + jax.originalText);
    if (drawn.filter(svg => svg.getBoundingClientRect().width > 1).length !== formulas) faults.push('not all of ' + formulas + ' formulas are drawn');
  }

  // The search: guides by words of theirs, names, and what is nowhere.
  const search = document.querySelector('#search input'), found = document.querySelector('#search ul');
  const ask = async words => {
    search.value = words;
    found.textContent = '';
    search.dispatchEvent(new Event('input'));
    while (!found.firstChild) await pause();
    return [...found.querySelectorAll('a')].map(link => link.getAttribute('href'));
  };
  if (!search) faults.push('there is no search');
  if (page === 'index.html') {
    const wanted = [['regression', 'guide_training_regression.html'], ['Conv', 'group__layers.html#'], ['residual blocks', 'guide_models.html#guide_models_residual-blocks'],
      ['early stopping', 'guide_'], ['check_gradient', 'group__testing.html#'], ['BatchNorm', 'structlamina_1_1BatchNorm.html'], ['derivations', 'derivations.html'],
      ['fine-tune', 'guide_training_fine_tune.html']];
    for (const [words, address] of wanted) {
      const links = await ask(words);
      if (!links.slice(0, 5).some(link => link.startsWith(address))) faults.push('the search for ' + words + ' finds ' + links.slice(0, 5));
    }
    if ((await ask('zebra crossing')).length) faults.push('the search finds what is nowhere');
    await ask('conv');  // what is looked at with the page
  }

  // What reaches beyond the window, or is cut where nothing scrolls.
  const width = innerWidth, scrolls = element => /auto|scroll/.test(getComputedStyle(element).overflowX);
  const inside = element => { for (let e = element.parentElement; e && e !== document.body; e = e.parentElement) if (scrolls(e)) return true; return false; };
  if (document.documentElement.scrollWidth > width) faults.push('the page reaches to ' + document.documentElement.scrollWidth);
  for (const element of document.body.querySelectorAll('*')) {
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    if (!box.width || !box.height || style.visibility === 'hidden' || element.closest('svg')) continue;
    if ((box.right > width + 0.5 || box.left < -0.5) && !inside(element)) faults.push(name(element) + ' reaches from ' + box.left + ' to ' + box.right);
    if (/hidden|clip/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1 && box.width > 2 && element.tagName !== 'INPUT' && !element.closest('[class^=MathJax]'))
      faults.push('cut: ' + name(element));
  }
  for (const image of document.images) if (image.getBoundingClientRect().width && image.naturalWidth < 1) faults.push('no image: ' + image.src);

  // Markdown that was not understood.
  if (/^(guide|index|by_hand|mlp|tests|example|faulty)/.test(page)) {
    const texts = document.createTreeWalker(document.querySelector('.contents') || document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      if (/`|\]\(|\*\*|\{#|@ref|\[TOC/.test(text.data) && !text.parentElement.closest('code, pre, .fragment, script, [class^=MathJax]'))
        faults.push('markup: ' + text.data.trim().slice(0, 60));
    }
  }

  // Text that is hard to read: WCAG 2 wants a contrast of 4.5.
  const numbers = color => color.match(/[\d.]+/g).map(Number);
  const light = color => numbers(color).slice(0, 3).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const color = getComputedStyle(e).backgroundColor, [, , , alpha = 1] = numbers(color);
      if (getComputedStyle(e).backgroundImage !== 'none') return null;
      if (alpha > 0.99) return color;
    }
    return matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(0,0,0)' : 'rgb(255,255,255)';
  };
  const seen = new Set();
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest('svg, script, style') || ![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
    if (!element.getBoundingClientRect().width || getComputedStyle(element).visibility === 'hidden') continue;
    const color = getComputedStyle(element).color, back = behind(element);
    if (!back || seen.has(color + back)) { if (!back) faults.push('a picture is behind ' + name(element)); continue; }
    seen.add(color + back);
    const [a, b] = [light(color), light(back)].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faults.push('hard to read: ' + element.textContent.trim().slice(0, 30) + ' ' + name(element) + ' ' + color + ' on ' + back);
  }
  parent.postMessage('look ' + page + ' ' + width + ': ' + (faults.length ? faults.slice(0, 9).join('; ') : 'good, formulas ' + formulas).replace(/\s+/g, ' '), '*');
});
