# Dialtone as an image: one static program, the certificates of public CAs, and a
# data folder, nothing else. What is in /data must last: mount a volume there.
#
#   docker build --build-arg VERSION=$(git describe --tags --always) -t dialtone .
FROM node:20.20.2-bookworm AS console
WORKDIR /console
COPY web/console/package.json web/console/package-lock.json web/console/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY web/console/ ./
RUN npm run build

FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=console /console/dist/ web/console/dist/
ARG VERSION=development
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /image/dialtone ./cmd/dialtone
# SQLite and uploads want a folder for temporary files.
RUN mkdir -p /image/etc/ssl/certs /image/data /image/tmp \
	&& cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
	&& chmod 0700 /image/data && chmod 1777 /image/tmp

FROM scratch
COPY --from=build --chown=65532:65532 /image/ /
USER 65532:65532
ENV DIALTONE_DATA_DIR=/data
EXPOSE 7547 7567 8080
# Name the address with "healthcheck --url" if --web-addr or TLS of the web listener is set.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/dialtone", "healthcheck"]
ENTRYPOINT ["/dialtone"]
CMD ["serve"]
