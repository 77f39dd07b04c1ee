# Patchbay runs its TypeScript as it lies: nothing is built, so one stage does.
FROM node:24-bookworm-slim

ENV NODE_ENV=production
WORKDIR /opt/patchbay

# The npm package `node` is optional and left out: the image brings Node itself.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force

COPY src src
COPY connectors connectors
COPY config config

# The only place that is written to: SQLite, and the spool.
RUN install -d -o node -g node /var/lib/patchbay
VOLUME /var/lib/patchbay
WORKDIR /var/lib/patchbay

USER node
ENV PATCHBAY_CONFIG=/etc/patchbay/patchbay.yaml
EXPOSE 8080
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/livez').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

ENTRYPOINT ["node", "/opt/patchbay/src/cli/patchbay.js"]
CMD ["serve"]
