#!/bin/sh
# Looks at the site in a headless browser that has no network, in windows 400 and 1,600 pixels wide, light and dark: nothing
# reaches beyond the window or is cut, all text stands out from what is behind it, every formula is drawn, no Markdown is left
# over, the search finds guides and names, and nothing is said on the console. First it makes sure that it would see such
# faults.
#
#   sh chromium.sh <folder with html/>
set -u
work=$1
test=docs/site
. "$(dirname "$0")/../find-chromium.sh"

# The site once more, its pages looking at themselves: each tells the page around it what it finds.
site="$work/looked"
rm -rf "$site"
cp -R "$work/html" "$site"
cat "$(dirname "$0")/look.js" >> "$site/site.js"
cat > "$site/faulty.html" <<'FAULTY'
<!DOCTYPE html><html><head><meta charset="utf-8"><link href="docs.css" rel="stylesheet"><script src="site.js"></script></head>
<body><div id="titlearea"></div><div class="contents"><p style="width:1700px">wide</p><p style="overflow:hidden;width:200px;white-space:nowrap">cut
off at the right where nobody can read it any more</p><p style="color:#888;background:#999">grey</p><p>**not bold</p><p>\(\frac{1} \undefinedword\)</p>
<img src="nowhere.png" alt="nowhere" width="20" height="20"></div><script>console.error('planted')</script></body></html>
FAULTY

# look <0: dark, 1: light> <pages...>: a line for each page and width, and what is said on the console.
look() {
  scheme=$1
  shift
  pages=$(printf '"%s",' "$@")
  cat > "$site/frame.html" <<FRAME
<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,"><pre id="answers"></pre><script>
const left = [$pages].flatMap(page => [[page, 400], [page, 1600]]);
const next = () => {
  const job = left.shift();
  document.querySelector('iframe')?.remove();
  if (!job) return;
  const frame = document.createElement('iframe');
  frame.style = 'height:900px;border:0;width:' + job[1] + 'px';
  frame.src = job[0];
  document.body.append(frame);
};
addEventListener('message', event => {
  if (!String(event.data).startsWith('look ')) return;
  document.getElementById('answers').append(event.data + '\n');
  next();
});
next();
</script>
FRAME
  timeout 300 "$browser" --headless=new $sandbox --disable-gpu --user-data-dir="$work/profile" \
    --host-resolver-rules="MAP * ~NOTFOUND" --blink-settings=preferredColorScheme=$scheme --enable-logging=stderr \
    --virtual-time-budget=600000 --dump-dom "file://$site/frame.html" 2> "$work/stderr" | sed -n 's/.*\(look [^ ]* [0-9]*: .*\)/\1/p'
  grep CONSOLE "$work/stderr" | sed 's/^.*CONSOLE/on the console: /'
}

faulty=$(look 1 faulty.html)
for fault in "400: .*reaches" "1600: .*reaches" "cut: P" "hard to read: grey" "wrong formula" "no image" "markup: " "console: .*planted"; do
  if ! echo "$faulty" | grep -q "$fault"; then
    echo "the check does not see a planted fault, '$fault'; it says: $faulty"
    tail -5 "$work/stderr"
    exit 1
  fi
done

# Every page that is not made by Doxygen alone, its lists, the modules, and of the reference every sixteenth page.
cd "$site" || exit 1
set -- index.html guide*.html derivations.html by_hand.html mlp.html example_programs.html tests*.html gallery.html \
  annotated.html classes.html hierarchy.html functions.html namespacemembers.html namespacelamina.html concepts.html files.html \
  $(ls | grep -x -e modules.html -e topics.html) group__*.html structlamina_1_1BasicConv.html source_examples_mnist_main_cpp.html conv_8hpp.html conv_8hpp_source.html \
  $(ls classlamina* structlamina* conceptlamina* *_8hpp.html | awk 'NR % 16 == 1')
status=0
for scheme in 1 0; do
  said=$(look $scheme "$@")
  echo "$said" | grep -v ': good' | sed "s/^look/scheme $scheme (1 is light):/"
  good=$(echo "$said" | grep -c '^look .*: good')
  echo "scheme $scheme: $good of $(($# * 2)) are good"
  [ "$good" = $(($# * 2)) ] || status=1
  if echo "$said" | grep -q '^on the console'; then status=1; fi
done
formulas=$(echo "$said" | sed -n 's/^look by_hand.html 400: good, formulas \([0-9]*\).*/\1/p')
if [ "${formulas:-0}" -lt 50 ]; then echo "by_hand.html has ${formulas:-0} formulas; expected at least 50"; status=1; fi
[ $status = 0 ] || tail -3 "$work/stderr"
rm -rf "$site"
exit $status
