#!/bin/sh
# Looks at reports in a headless browser, 400 and 1600 pixels wide: nothing reaches beyond the window, no text of a
# drawing is cut or lies on another, nothing is said on the console. First it makes sure that it would see such faults.
#
#   sh chromium.sh <program that writes reports into a folder> <folder for its work>
set -u
program=$1
work=$2
test=report/chromium
. "$(dirname "$0")/../find-chromium.sh"
rm -rf "$work"
mkdir -p "$work"

browse() {  # browse <page> <further options...>
  page=$1
  shift
  timeout 120 "$browser" --headless=new $sandbox --disable-gpu --user-data-dir="$work/profile" \
    --virtual-time-budget=5000 "$@" "file://$page" 2>"$work/stderr"
}

# Has a page look at itself in windows of both widths: the answers, one line each.
look() {
  sed -e "s/default-src &#39;none&#39;/script-src \&#39;unsafe-inline\&#39;/" "$1" >"$work/looked.html"
  cat >>"$work/looked.html" <<'SCRIPT'
<script>
addEventListener('load', () => {
  const faults = [], width = innerWidth, root = document.documentElement;
  if (root.scrollWidth > width) faults.push('the page is ' + root.scrollWidth + ' wide');
  for (const element of document.querySelectorAll('body *')) {
    const box = element.getBoundingClientRect();
    if (!element.closest('.scroll') && !element.closest('svg') && (box.right > width + 0.5 || box.left < -0.5))
      faults.push(element.tagName + ' reaches from ' + box.left + ' to ' + box.right);
  }
  for (const img of document.images) if (img.naturalWidth < 1) faults.push('an image cannot be shown');
  for (const svg of document.querySelectorAll('svg')) {
    const frame = svg.getBoundingClientRect(), texts = [...svg.querySelectorAll('text')].filter(text => text.textContent);
    const boxes = texts.map(text => text.getBoundingClientRect());
    boxes.forEach((box, i) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        faults.push('cut: ' + texts[i].textContent);
      for (let j = i + 1; j < boxes.length; ++j) {
        const over = Math.min(box.right, boxes[j].right) - Math.max(box.left, boxes[j].left);
        const down = Math.min(box.bottom, boxes[j].bottom) - Math.max(box.top, boxes[j].top);
        if (over > 1 && down > 4) faults.push(texts[i].textContent + ' lies on ' + texts[j].textContent);
      }
      if (parseFloat(getComputedStyle(texts[i]).fontSize) * frame.width / svg.viewBox.baseVal.width < 5.9) faults.push('too small: ' + texts[i].textContent);
    });
  }
  const answer = faults.length ? faults.slice(0, 8).join('; ') : 'good';
  parent.postMessage(width + ': ' + answer, '*');
});
</script>
SCRIPT
  cat >"$work/frames.html" <<'FRAMES'
<!DOCTYPE html><meta charset="utf-8"><pre id="answers"></pre>
<script>addEventListener('message', event => document.getElementById('answers').append('look ' + event.data + '\n'));</script>
<iframe src="looked.html" style="width:400px;height:900px;border:0"></iframe>
<iframe src="looked.html" style="width:1600px;height:900px;border:0"></iframe>
FRAMES
  browse "$work/frames.html" --dump-dom | sed -n 's/.*look \([0-9]*: .*\)/\1/p' | sort -n
}

# What a page says on the console.
console() {
  browse "$1" --enable-logging=stderr --dump-dom >/dev/null
  grep "CONSOLE" "$work/stderr"
}

cat >"$work/faulty.html" <<'FAULTY'
<!DOCTYPE html><html><body><section><div style="width:1700px">wide</div>
<svg class="plot" viewBox="0 0 100 20" style="width:300px"><text x="90" y="10">cut off</text><text x="2" y="10">one</text><text x="4" y="12">two</text>
<text x="2" y="19" style="font-size:1px">tiny</text></svg>
</section><script>console.error('planted')</script></body></html>
FAULTY
faulty=$(look "$work/faulty.html")
for fault in "400: .*the page is 1" "1600: .*the page is 1" "cut: cut off" "one lies on two" "too small: tiny"; do
  if ! echo "$faulty" | grep -q "$fault"; then
    echo "the check does not see a planted fault, '$fault'; it says: $faulty"
    tail -5 "$work/stderr"
    exit 1
  fi
done
if ! console "$work/faulty.html" | grep -q planted; then
  echo "the check does not see a planted error on the console"
  exit 1
fi

"$program" "$work" || exit 1
status=0
for page in ordinary thousand diverged several_labels numbers; do
  looked=$(look "$work/$page.html")
  echo "$page:"
  echo "$looked"
  [ "$(echo "$looked" | grep -c ': good$')" = 2 ] || status=1
  said=$(console "$work/$page.html")
  [ -z "$said" ] || { echo "on the console: $said"; status=1; }
  if command -v xmllint >/dev/null; then xmllint --noout "$work/$page.html" || status=1; fi
done
exit $status
