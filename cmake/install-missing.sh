# Read (`. cmake/install-missing.sh`) by tests/run.sh and examples/mnist.sh; POSIX sh.
#
# install_missing <Debian package>...: installs those of the packages that are missing, by apt-get, as root or through a
# sudo that asks no password. Where that cannot be done, what CMake fetches by itself (Eigen, Catch2) and what is
# optional (zlib, certificates) is left to it; for the rest one line says what to install, and the script ends. When
# nothing is missing, nothing is asked of the network or of root.

# has_cmake_package <folder> <file>: whether CMake would find a package's configuration in the usual places.
has_cmake_package() {
  for prefix in $(printf '%s' "${CMAKE_PREFIX_PATH:-}" | tr ':;' '  ') /usr/local /usr; do
    for found in "$prefix"/share/"$1"/cmake/"$2" "$prefix"/share/cmake/"$1"/"$2" "$prefix"/lib/cmake/"$1"/"$2" \
                 "$prefix"/lib64/cmake/"$1"/"$2" "$prefix"/lib/*/cmake/"$1"/"$2"; do
      [ -e "$found" ] && return 0
    done
  done
  return 1
}

# is_there <Debian package>: whether what the package would bring is there, wherever it came from.
is_there() {
  case "$1" in
    g++) command -v "${CXX:-g++}" > /dev/null ;;
    make) [ -n "${CMAKE_GENERATOR:-}" ] || command -v make > /dev/null ;;
    cmake) command -v cmake > /dev/null ;;
    ca-certificates) [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/ssl/cert.pem ] || [ -e /etc/pki/tls/certs ] ;;
    libeigen3-dev) [ -n "${Eigen3_DIR:-}" ] || has_cmake_package eigen3 Eigen3Config.cmake ;;
    catch2) [ -n "${Catch2_DIR:-}" ] || has_cmake_package Catch2 Catch2Config.cmake ;;
    libstb-dev) printf '#if __has_include(<stb/stb_image.h>)\n#include <stb/stb_image.h>\n#else\n#include <stb_image.h>\n#endif\n' | "${CXX:-g++}" -E -x c++ - > /dev/null 2>&1 ;;
    zlib1g-dev) echo '#include <zlib.h>' | "${CXX:-g++}" -E -x c++ - > /dev/null 2>&1 ;;
  esac
}

list_missing() {
  missing=""
  needed=""
  for package in "$@"; do
    if ! is_there "$package"; then
      missing="$missing $package"
      case "$package" in g++|make|cmake) needed="$needed $package" ;; esac
    fi
  done
}

# apt_get <argument>...: as root, without questions.
apt_get() {
  if [ "$(id -u)" = 0 ]; then
    DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 "$@" < /dev/null
  else
    sudo -n env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 "$@" < /dev/null
  fi
}

# ask_to_install <packages>
ask_to_install() {
  echo "Please install$1 (Debian, Ubuntu: sudo apt-get install$1), then run this again." >&2
}

install_missing() {
  list_missing "$@"
  [ -n "$missing" ] || return 0
  if command -v apt-get > /dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2> /dev/null; }; then
    echo "Installing$missing" >&2
    apt_log=$(mktemp)
    # Packages of an older list may still be installable when the update fails, so the result of install counts.
    { apt_get update && apt_get install --no-install-recommends $missing || apt_get install --no-install-recommends $missing; } \
      > "$apt_log" 2>&1 || { echo "apt-get could not install$missing:" >&2; tail -n 5 "$apt_log" >&2; }
    rm -f "$apt_log"
    list_missing "$@"
  fi
  if [ -n "$needed" ]; then
    ask_to_install "$missing"
    exit 1
  fi
  [ -z "$missing" ] || echo "Not installed:$missing. CMake fetches what is needed of it." >&2
}
