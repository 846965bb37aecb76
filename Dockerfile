FROM python:3.11-slim
WORKDIR /rungs
COPY requirements.txt .
# torch goes first and alone, as in the Makefile: nothing else may pull another build of it.
RUN pip install --no-cache-dir "$(sed -n 's/^\(torch==.*\)/\1/p' requirements.txt)" \
    && pip install --no-cache-dir -r requirements.txt
COPY app.py .
COPY .streamlit .streamlit
COPY causal_core causal_core
COPY pages pages
COPY static static
COPY data data
RUN useradd --create-home rungs && install -d -o rungs /data
USER rungs
ENV RUNGS_HOME=/data OMP_NUM_THREADS=1
EXPOSE 8501
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s CMD \
    ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/healthz')"]
CMD ["streamlit", "run", ".streamlit/serve.py", "--server.port", "8501", "--server.address", "0.0.0.0"]
