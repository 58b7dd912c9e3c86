# One image for edge and hub. Build: docker build -t kerbwatch .   Run: docker run kerbwatch hub --config /etc/kerbwatch/hub.yaml
FROM node:24-bookworm AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
ENV ONNXRUNTIME_NODE_INSTALL=skip ONNXRUNTIME_NODE_INSTALL_CUDA=skip
RUN npm install --no-save --no-audit
COPY . .
RUN npm run build && npm prune --omit=dev --no-save

FROM node:24-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /var/lib/kerbwatch kerbwatch
WORKDIR /opt/kerbwatch
COPY --from=build /src/package.json ./
COPY --from=build /src/node_modules ./node_modules
COPY --from=build /src/dist ./dist
COPY --from=build /src/cli/kerbwatch.mjs ./cli/kerbwatch.mjs
COPY --from=build /src/models ./models
COPY --from=build /src/test-media/clips ./test-media/clips
ENV NODE_ENV=production
USER kerbwatch
VOLUME /var/lib/kerbwatch
EXPOSE 8443 8883
ENTRYPOINT ["/usr/bin/tini", "--", "node", "cli/kerbwatch.mjs"]
CMD ["--help"]
