# SPDX-License-Identifier: MIT
# docker build -t gapwright . && docker run --rm -v "$PWD:/data" gapwright solve formula.cnf
FROM debian:13-slim
COPY . /source
RUN cd /source && ./dev install /usr/local && rm -rf build /var/lib/apt/lists/*
WORKDIR /data
ENTRYPOINT ["gapwright"]
CMD ["--help"]
