#!/bin/sh
# Looks at the reference's first page in a headless browser that has no network: every formula is drawn, none is wrong,
# and nothing reaches beyond a phone's window. First it makes sure that it would see a faulty formula.
#
#   sh chromium.sh <folder with html/>
set -u
work=$1
test=docs/formulas
. "$(dirname "$0")/../find-chromium.sh"

cat > "$work/look.js" <<'SCRIPT'
const wait = () => {
  if (!window.MathJax || !MathJax.Hub || !MathJax.isReady) return setTimeout(wait, 50);
  MathJax.Hub.Queue(() => {
    const all = MathJax.Hub.getAllJax(), svgs = document.querySelectorAll('.MathJax_SVG > svg');
    const drawn = [...svgs].filter(svg => svg.getBoundingClientRect().width > 1).length;
    const wrong = all.filter(jax => jax.texError).map(jax => jax.originalText);
    const beyond = [...document.querySelectorAll('div.contents > *, div.textblock > *')].filter(
      element => element.getBoundingClientRect().right > innerWidth + 0.5).map(element => element.tagName + ' ' + element.className);
    const answer = ['look formulas', all.length, 'drawn', drawn, 'wrong', wrong.length, ...wrong, 'beyond', beyond.length, ...beyond, 'end'];
    parent.postMessage(answer.join(' ').replace(/\s+/g, ' '), '*');
  });
};
addEventListener('load', wait);
SCRIPT

# look <page>: what the page says of itself in a frame as wide as a phone.
look() {
  { cat "$1"; echo '<script>'; cat "$work/look.js"; echo '</script>'; } > "$work/html/looked.html"
  cat > "$work/html/frame.html" <<'FRAME'
<!DOCTYPE html><meta charset="utf-8"><pre id="answers"></pre>
<script>addEventListener('message', event => document.getElementById('answers').append(event.data + '\n'));</script>
<iframe src="looked.html" style="width:400px;height:900px;border:0"></iframe>
FRAME
  timeout 120 "$browser" --headless=new $sandbox --disable-gpu --user-data-dir="$work/profile" \
    --host-resolver-rules="MAP * ~NOTFOUND" --virtual-time-budget=30000 --dump-dom "file://$work/html/frame.html" \
    2> "$work/stderr" | sed -n 's/.*\(look formulas .* end\).*/\1/p'
  rm -f "$work/html/looked.html" "$work/html/frame.html"
}

formulas=$(grep -o '\\(\|\\\[' "$work/html/index.html" | wc -l)
sed 's/\\\[/\\[ \\frac{1} \\undefinedword /' "$work/html/index.html" | sed 's/<div class="textblock">/<div class="textblock"><div style="width:600px">wide<\/div>/' > "$work/faulty.html"
faulty=$(look "$work/faulty.html")
case "$faulty" in
  *"wrong 0 "* | *"beyond 0 "* | "") echo "the check does not see planted faults; it says: $faulty"; tail -5 "$work/stderr"; exit 1 ;;
esac
said=$(look "$work/html/index.html")
echo "$said"
if [ "$formulas" -lt 50 ] || [ "$said" != "look formulas $formulas drawn $formulas wrong 0 beyond 0 end" ]; then
  echo "expected $formulas formulas, at least 50, all of them drawn, none wrong, and nothing wider than the window"
  tail -5 "$work/stderr"
  exit 1
fi
