# The gateway compiled, with what it needs at run time only. Everything else about it: docs/operations.md.

FROM node:26-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
# No library needs its install script here: the native ones bring their binaries, also for arm64.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY src ./src
RUN npm run build

FROM node:26-slim AS libraries
WORKDIR /libraries
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:26-slim
# /data holds the embedded store, /backups what `backup` writes; a volume that is new takes its owner from here.
RUN install -d -o node -g node -m 0700 /data /backups
WORKDIR /app
COPY --from=libraries /libraries/node_modules ./node_modules
COPY package.json ./
COPY --from=build /build/dist ./dist
# Inside a container, loopback is out of everybody's reach; what is published is decided outside.
ENV NODE_ENV=production DATA_DIR=/data HTTP_LISTEN=0.0.0.0:8080
EXPOSE 8080
USER node
# Whether the process is worth keeping: some orchestrators end what is unhealthy, and a database that is away is no reason.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.HTTP_LISTEN.split(':').pop() + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
