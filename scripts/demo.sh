#!/bin/sh
# Serve the demo book on port $1: a book of its own in instance/demo, filled the first time. The other
# arguments are packs that are to be on, and to be seen in it.
set -eu
port=$1
shift
folder=instance/demo
accounts=$folder/accounts.txt
crmlite=.venv/bin/crmlite

CRMLITE_INSTANCE=$folder
CRMLITE_DATABASE_URL= # never the database of a real book
export CRMLITE_INSTANCE CRMLITE_DATABASE_URL
umask 077

if [ -f "$accounts" ]; then
  "$crmlite" upgrade
  for pack in "$@"; do
    "$crmlite" demo load --pack "$pack" || true # it says why not; what is there is served
  done
  sed -n '/^Sign in/p' "$accounts" # the rest was true at the first start only
else
  echo "Filling the demo book."
  mkdir -p "$folder"
  for pack in "$@"; do
    set -- "$@" --pack "$pack"
    shift
  done
  if ! "$crmlite" demo load "$@" >"$accounts.new" 2>&1; then
    cat "$accounts.new" >&2
    echo "The demo book could not be filled; remove $folder to start afresh." >&2
    exit 1
  fi
  cat "$accounts.new"
  sed -n '/^Sign in/p' "$accounts.new" >"$accounts.kept"
  mv "$accounts.kept" "$accounts"
  rm "$accounts.new"
fi
exec "$crmlite" serve --port "$port"
