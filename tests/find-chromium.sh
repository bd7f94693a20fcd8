# Sourced by what looks at pages: sets $browser and $sandbox, or says that $test is skipped and ends.
for name in chromium chromium-browser google-chrome; do
  browser=$(command -v "$name") && break
done
if [ -z "${browser:-}" ]; then
  echo "skipped: $test: there is no chromium"
  exit 0
fi
sandbox=""
[ "$(id -u)" = 0 ] && sandbox=--no-sandbox
