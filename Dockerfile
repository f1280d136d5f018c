# One image for web, worker, beat and migrate. Runtime dependencies only, by hash; no compiler, no pip cache.
FROM python:3.11-slim AS build
WORKDIR /build
COPY requirements.txt .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

FROM python:3.11-slim
# A user with a passwd entry: some libraries refuse a number without a name.
RUN groupadd --gid 10001 roadmap \
    && useradd --uid 10001 --gid 10001 --home-dir /data --shell /usr/sbin/nologin roadmap \
    && install -d -o roadmap -g roadmap -m 0700 /data
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ROADMAP_DATA=/data
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
# Hashed and compressed here, so that the running container needs no writable code folder.
RUN ROADMAP_DATA=/tmp/build STATIC_HASHED=1 python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/build
USER roadmap
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "roadmap_site.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
