# The command and nothing else: `docker build -t palmares .`, then, with your documents in raw/,
# docker run --rm --read-only --network none --cap-drop ALL --user "$(id -u):$(id -g)" -v "$PWD:/data" palmares run raw -o resultats
FROM rust:1.95-alpine AS build
RUN apk add --no-cache build-base
WORKDIR /palmares
COPY . .
RUN cargo build --locked --profile dist --bin palmares

FROM scratch
COPY --from=build /palmares/target/dist/palmares /palmares
COPY --from=build /palmares/LICENSE-MIT /palmares/LICENSE-APACHE /licences/
WORKDIR /data
USER 65532:65532
ENTRYPOINT ["/palmares"]
