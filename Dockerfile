# One image for all programs: flower-operator controller, flower-operator fleet, flower-monitor.
#
#   make image                                            builds the pages first, then this with Docker or buildah
#   docker build --tag flower-operator:dev .              after `make dashboard`: the pages are part of both packages
#
# PYTHON_IMAGE: any Debian with Python 3.11 or newer as `python3`, such as a registry's slim Python or the one that
# `python3 -m e2e.cluster build` makes of Debian's packages where there is no registry.
ARG PYTHON_IMAGE=docker.io/library/python:3.13-slim-bookworm

FROM ${PYTHON_IMAGE} AS builder
# binutils for `strip`. The published Python images can make virtual environments; Debian's own needs a package for it.
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends binutils \
        $(python3 -c 'import ensurepip' 2> /dev/null || echo python3-venv)
ARG UV_VERSION=0.13.9
RUN python3 -m venv /opt/uv && /opt/uv/bin/pip install --quiet --no-cache-dir "uv==${UV_VERSION}"
# The environment is copied as it is: whole files, no Python but the image's own, certificates of the system.
ENV UV_PROJECT_ENVIRONMENT=/opt/flower \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_PYTHON_DOWNLOADS=never \
    UV_SYSTEM_CERTS=1
WORKDIR /source
# Dependencies first: this layer changes only with the lock.
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN /opt/uv/bin/uv sync --quiet --frozen --no-default-groups --extra operator --extra monitor --no-install-project
# What no program loads, 80 of 140 MB:
# - kubernetes' generated API classes, blocking and asyncio (55 MB): the operator uses the dynamic client, kopf its own.
#   Their packages stay, as they are imported by name; image_check.py below imports every module of ours.
# - debug symbols of compiled modules (20 MB, most of them uvloop's), and the libraries' own tests.
RUN packages=$(echo /opt/flower/lib/python3*/site-packages) \
    && find "$packages/kubernetes" -path '*/client/api/*.py' -not -name __init__.py -delete \
    && find "$packages" -name '*.so' -exec strip --strip-unneeded {} + \
    && find "$packages" -mindepth 2 -maxdepth 2 -type d -name tests -exec rm -r {} +
COPY operator operator
COPY monitor monitor
RUN test -f monitor/flower_monitor/static/monitor.html && test -f operator/flower_operator/static/fleet.html \
    || { echo 'The pages are missing: run "make dashboard" before the image is built.' >&2; exit 1; }
RUN /opt/uv/bin/uv sync --quiet --frozen --no-default-groups --extra operator --extra monitor --no-editable
# Compiled now, as the root file system is read-only when the programs run: without this each start compiles all again.
# kubernetes' 1,700 generated models are left out: hardly any is ever imported. By hash and unchecked: a copy may change
# the times of files.
RUN /opt/flower/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash \
    -x '/kubernetes/(aio/)?client/models/' /opt/flower/lib
COPY e2e/cluster/image_check.py /source/
RUN /opt/flower/bin/python -I image_check.py

FROM ${PYTHON_IMAGE}
# No pip in the image that runs: what is installed is what the lock says.
RUN rm -rf /usr/local/lib/python3*/site-packages/pip /usr/local/lib/python3*/site-packages/pip-* \
    /usr/local/lib/python3*/ensurepip /usr/local/bin/pip*
COPY --from=builder /opt/flower /opt/flower
# PYTHONSAFEPATH: a file in the working folder never shadows a module.
ENV PATH=/opt/flower/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONSAFEPATH=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
# Where a volume belongs: one of Docker's is made with the rights of this folder.
RUN install -d -o 65532 -g 65532 /data
# A number, as Kubernetes cannot tell from a name whether it is root.
USER 65532:65532
# As in Flower's image, so that only the name of the image changes: apps and flowerconfig.py are mounted there, and
# without a command it is `celery flower`. Others name their command.
WORKDIR /data
EXPOSE 5555
# Both programs start, and what Flower's image is told to run does too.
RUN ["flower-operator", "--help"]
RUN ["flower-monitor", "--help"]
RUN ["celery", "--broker=redis://redis:6379/0", "flower", "--help"]
LABEL org.opencontainers.image.title="flower-operator" \
    org.opencontainers.image.description="Durable, live, Flower-compatible monitors of Celery on Kubernetes" \
    org.opencontainers.image.licenses="Apache-2.0"
CMD ["celery", "flower"]
