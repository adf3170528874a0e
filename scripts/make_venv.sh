#!/bin/sh
# Make the virtual environment in the folder $1 with the newest Python there is (or with $PYTHON),
# unless a sound one is there. Says in one sentence what is missing.
set -eu
folder=$1

if [ -f "$folder/.installed" ] && [ "$(cat "$folder/.installed")" != "$(pwd -P)" ]; then
  rm -rf "$folder"
fi
if "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
  exit 0
fi

newest=
for python in ${PYTHON:-python3.15 python3.14 python3.13 python3.12 python3.11 python3 python}; do
  if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    newest=$python
    if "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
      exec "$python" -m venv --clear "$folder"
    fi
  fi
done

if [ -n "$newest" ]; then
  version=$("$newest" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
  echo "The Python here has no venv: install it, on Debian and Ubuntu with \`apt install $version-venv\`." >&2
else
  echo "crmlite needs Python 3.11 or newer: install it, or name it with \`make install PYTHON=/path/to/python\`." >&2
fi
exit 1
