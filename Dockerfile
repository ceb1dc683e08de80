# syntax=docker/dockerfile:1

FROM maven:3-eclipse-temurin-25 AS build
WORKDIR /src
COPY .mvn .mvn
COPY pom.xml ./
COPY conf conf
COPY src src
# Tests and format have been checked before an image is built.
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -q -Dmaven.test.skip=true -Dspotless.check.skip=true package

FROM eclipse-temurin:25-jre
WORKDIR /app
# What changes least comes first.
COPY --from=build /src/target/lib lib/
COPY --from=build /src/target/infopass-gateway.jar ./
COPY conf/gateway.yaml conf/
# What the virtual machine learns in a short life is kept, so that it starts twice as fast. The flags
# that matter to the cache are those of the command below.
RUN java \
  --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow \
  -Dio.netty.noUnsafe=false \
  -XX:+UseSerialGC \
  -XX:+UseCompactObjectHeaders \
  -XX:AOTCacheOutput=gateway.aot \
  -jar infopass-gateway.jar train
# A number, so that Kubernetes can see that it is not root.
USER 10001:10001
# Probes come from outside the container; keep the port off the public network.
ENV MANAGEMENT_HOST=0.0.0.0
EXPOSE 8080 9090
STOPSIGNAL SIGTERM
# No HEALTHCHECK: orchestrators probe /health/live and /health/ready on the management port.
#
# The root file system may be read-only. Netty unpacks its native libraries into /tmp, which must
# then be a tmpfs that allows execution (docker run --read-only --tmpfs /tmp:exec; an emptyDir in
# Kubernetes). Nothing else is written.
ENTRYPOINT ["java", \
  "--enable-native-access=ALL-UNNAMED", \
  "--sun-misc-unsafe-memory-access=allow", \
  "-Dio.netty.noUnsafe=false", \
  "-Dio.netty.native.workdir=/tmp", \
  "-XX:+UseSerialGC", \
  "-XX:+UseCompactObjectHeaders", \
  "-XX:TrimNativeHeapInterval=10000", \
  "-XX:MaxRAMPercentage=50", \
  "-XX:+ExitOnOutOfMemoryError", \
  "-XX:-UsePerfData", \
  "-XX:AOTCache=gateway.aot", \
  "-Xlog:aot=off", \
  "-Xlog:cds=off", \
  "-jar", "infopass-gateway.jar"]
