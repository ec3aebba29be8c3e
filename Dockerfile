# The server, and with `--target s3` a small S3 server for trying things out.

FROM rust:1.95-bookworm AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    cargo build --release --locked --package api --bin smartsight \
    && install -D target/release/smartsight /out/smartsight

# The S3 server that the tests run against; not for data you want to keep.
FROM rust:1.95-bookworm AS build-s3
RUN cargo install s3s-fs --version 0.14.1 --locked --features binary --root /out

FROM debian:bookworm-slim AS s3
COPY --from=build-s3 /out/bin/s3s-fs /usr/local/bin/s3s-fs
# A folder is a bucket.
RUN useradd --system --uid 10001 s3 && install -d -o s3 /data /data/smartsight
USER s3
VOLUME /data
EXPOSE 9000
ENTRYPOINT ["s3s-fs", "--host", "0.0.0.0", "--port", "9000", "/data"]

FROM debian:bookworm-slim AS server
# curl asks for the server's health, Tesseract reads pages where no provider is set.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates curl tesseract-ocr tesseract-ocr-eng tesseract-ocr-kor tesseract-ocr-osd \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 smartsight \
    && install -d -o smartsight -m 0700 /data
COPY --from=build /out/smartsight /usr/local/bin/smartsight
USER smartsight
# With more heaps the C library keeps three times the memory (docs/performance.md).
ENV SMARTSIGHT_LISTEN=0.0.0.0:8080 SMARTSIGHT_DATA_DIR=/data LOG_FORMAT=json MALLOC_ARENA_MAX=2
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
    CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["smartsight"]
CMD ["serve"]
