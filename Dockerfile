# One image for every service of the mesh, and for all of them in one process:
#
#   docker build -t commerce-mesh .
#   docker run --read-only --tmpfs /tmp -v mesh:/data -v ./mesh.yaml:/etc/mesh/mesh.yaml:ro commerce-mesh \
#     run fulfillment --config /etc/mesh/mesh.yaml
#
# Behind a proxy or a mirror: --secret id=npmrc,src=$HOME/.npmrc --secret id=ca,src=/path/to/ca.pem (both optional).
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

# The manifests alone: as long as none of them changes, the layer with the packages is taken from the cache.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /sources
COPY . .
RUN mkdir /manifests \
  && find . -name package.json -exec cp --parents '{}' /manifests ';' \
  && cp package-lock.json /manifests

# What the command line needs at run time: no tests, no compilers, and no Node from npm (the base image has one).
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY --from=manifests /manifests ./
RUN --mount=type=cache,target=/root/.npm \
  --mount=type=secret,id=npmrc,target=/root/.npmrc \
  --mount=type=secret,id=ca,target=/run/ca.pem \
  if [ -s /run/ca.pem ]; then export NODE_EXTRA_CA_CERTS=/run/ca.pem; fi \
  && npm ci --workspace @commerce-mesh/cli --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
  && rm -rf bench engines \
  && find node_modules \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' \) -delete

# Node strips the types at each start. What it made of them is kept here, which saves half a second of CPU at each start; it
# counts for this user only, as another one Node strips again.
FROM ${NODE_IMAGE} AS app
WORKDIR /app
COPY --from=packages /app ./
COPY packages packages
COPY services services
COPY deploy/image deploy/image
RUN mkdir -p node_modules/.cache/mesh && chown 1000:1000 node_modules/.cache/mesh
USER 1000:1000
RUN node deploy/image/warm.mjs

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Commerce Mesh" \
  org.opencontainers.image.description="Paid orders become course enrollments in Open edX, and nothing is lost in between." \
  org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
  NODE_COMPILE_CACHE=/app/node_modules/.cache/mesh
COPY --from=app /app /app
# `mesh up` keeps its data in ./.mesh; a volume here is all that has to be writable, besides /tmp.
RUN mkdir /data && chown 1000:1000 /data
WORKDIR /data
USER 1000:1000
VOLUME /data
EXPOSE 8080 8090
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["node", "/app/deploy/image/health.mjs"]
ENTRYPOINT ["node", "/app/packages/cli/src/main.ts"]
CMD ["up"]
