# syntax=docker/dockerfile:1
# Two images: `aws2openstack` (web server, worker, migrations, simulator; the default), and `pgbouncer`.
ARG NODE_VERSION=24.21.0

# Compiles what the npm package ships.
FROM node:${NODE_VERSION}-trixie-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/build.ts && npm pack --ignore-scripts --silent && mkdir /app && tar -xzf aws2openstack-*.tgz -C /app --strip-components=1

# What it needs to run. Optional packages are the embedded PostgreSQL for every kind of machine; the others that go are GraphiQL,
# which is never served, a Node.js that the image has already, and builds of OpenTelemetry that Node.js does not load.
FROM node:${NODE_VERSION}-trixie-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
 && rm -rf node_modules/monaco-editor node_modules/ruru node_modules/react-aria node_modules/react-stately node_modules/prettier node_modules/node \
 && find node_modules/@opentelemetry -depth \( -type d \( -name esm -o -name esnext \) -o -name '*.map' \) -exec rm -rf {} +

# PgBouncer of Debian's packages.
FROM node:${NODE_VERSION}-trixie-slim AS pgbouncer
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends pgbouncer && rm -rf /var/lib/apt/lists/*
USER 10001:10001
EXPOSE 6432
# Lets transactions under way finish.
STOPSIGNAL SIGINT
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "require('node:net').connect(6432, '127.0.0.1').on('connect', () => process.exit(0)).on('error', () => process.exit(1))"]
ENTRYPOINT ["pgbouncer"]
CMD ["/etc/pgbouncer/pgbouncer.ini"]

FROM node:${NODE_VERSION}-trixie-slim AS aws2openstack
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="aws2openstack" \
      org.opencontainers.image.description="Inventory an AWS Glue Data Catalog, judge what is ready to move to an OpenStack lakehouse, and watch the migration run" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
WORKDIR /app
# Nothing in here is written to when it runs, nor could the user who runs it.
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app ./
# The user has no entry in /etc/passwd, so somebody has to say where its home is.
ENV NODE_ENV=production NO_COLOR=1 HOME=/tmp AWS2OPENSTACK_HOME=/tmp/aws2openstack
USER 10001:10001
EXPOSE 8501
# Of the web server; the others that the image can be have none.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8501/healthz').then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/bin/aws2openstack.js"]
CMD ["serve", "--host", "0.0.0.0"]
