#!/bin/sh
# `crmlite` for whoever looks after the machine: as the account of the service, on its book.
# Copied to /usr/local/bin/crmlite. See docs/self-hosting.md.
exec sudo -u crmlite env CRMLITE_INSTANCE=/var/lib/crmlite /opt/crmlite/bin/crmlite "$@"
