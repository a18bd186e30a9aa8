# docker build -t k6cfg . && docker run --rm -v "$PWD:/work" k6cfg validate config.json
ARG PYTHON=3.13
FROM python:${PYTHON}-slim AS build
COPY . /src
RUN python -m venv /opt/k6cfg && /opt/k6cfg/bin/pip install --no-cache-dir --disable-pip-version-check /src

FROM python:${PYTHON}-slim
# The user of k6's own image, so that a file that one of them reads can be read by the other.
RUN useradd --uid 12345 --create-home --shell /usr/sbin/nologin k6
COPY --from=build /opt/k6cfg /opt/k6cfg
ENV PATH=/opt/k6cfg/bin:$PATH PYTHONDONTWRITEBYTECODE=1
USER 12345
WORKDIR /work
ENTRYPOINT ["k6cfg"]
CMD ["--help"]
