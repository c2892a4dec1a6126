#!/bin/sh
# Runs a command where it sees no network but the loopback, if the system lets us; otherwise as it is.
if unshare -n true 2>/dev/null; then
    exec unshare -n sh -c 'ip link set lo up && exec "$@"' alone "$@"
fi
exec "$@"
