# The worker alone: no tests, no demo. docs/operating.md says how to run it.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MALLOC_TRIM_THRESHOLD_=131072
WORKDIR /app

COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY atelier.py bot.py config.py config_names.py config_settings.py config_types.py pyproject.toml ./
COPY cli ./cli
COPY cogs ./cogs
COPY domain ./domain
COPY services ./services
COPY supabase/migrations ./supabase/migrations

# Everything that is kept without Supabase is in this folder, for which compose.yaml has a volume; the
# rest of the root may be read-only. Railway refuses an image with an instruction VOLUME.
RUN useradd --system --uid 10001 atelier && install -d -o atelier /data
ENV DATA_DIR=/data
USER atelier

HEALTHCHECK --interval=60s --timeout=10s --start-period=90s CMD ["python", "bot.py", "health"]
CMD ["python", "bot.py"]
