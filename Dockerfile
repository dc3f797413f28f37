# One image per app: docker build --target api (relay, standalone, simulator) .
FROM node:20-slim AS build
ENV PNPM_HOME=/pnpm PATH=/pnpm:$PATH
RUN npm install --global pnpm@12.21.0
WORKDIR /src
# The store is filled from the lockfile alone, so that this layer outlives changes of the code.
COPY pnpm-lock.yaml pnpm-workspace.yaml package.json ./
RUN --mount=type=cache,id=pnpm,target=/pnpm/store pnpm fetch --store-dir /pnpm/store
COPY . .
RUN --mount=type=cache,id=pnpm,target=/pnpm/store \
    pnpm install --offline --frozen-lockfile --store-dir /pnpm/store && pnpm build && \
    for app in api relay standalone simulator; do pnpm --filter "@dronecast/$app" deploy --prod --legacy "/out/$app"; done

FROM node:20-slim AS base
ENV NODE_ENV=production
WORKDIR /app
USER node

FROM base AS api
COPY --from=build --chown=node:node /out/api .
EXPOSE 3000
CMD ["node", "dist/server.js"]

FROM base AS relay
COPY --from=build --chown=node:node /out/relay .
EXPOSE 3001
CMD ["node", "dist/server.js"]

FROM base AS standalone
ENV HOST=0.0.0.0 DATA_DIR=/data
COPY --from=build --chown=node:node /out/standalone .
VOLUME /data
EXPOSE 3000
CMD ["node", "dist/server.js"]

FROM base AS simulator
COPY --from=build --chown=node:node /out/simulator .
ENTRYPOINT ["node", "dist/main.js"]
