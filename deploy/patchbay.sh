#!/bin/sh
# `patchbay` on a machine where it runs as a service: the command line with the service's user, folder and configuration, so
# that its files stay its own. Installed as /usr/local/bin/patchbay; see docs/operations.md.
set -eu
user=patchbay
# Cron's has no sbin, where Debian keeps `runuser`.
PATH="$PATH:/usr/sbin:/sbin"
cd /var/lib/patchbay 2>/dev/null || { echo "Run: sudo patchbay $*" >&2; exit 1; }
export PATCHBAY_CONFIG="${PATCHBAY_CONFIG:-/etc/patchbay/patchbay.yaml}"
export NODE_COMPILE_CACHE=/var/cache/patchbay
umask 077
set -- /opt/patchbay/node_modules/node/bin/node /opt/patchbay/src/cli/patchbay.js "$@"
if [ "$(id -un)" = "$user" ]; then exec "$@"; fi
if [ "$(id -u)" != 0 ]; then echo "Run it with sudo: it works as the user $user." >&2; exit 1; fi
exec runuser -u "$user" -- "$@"
