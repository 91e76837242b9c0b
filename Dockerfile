# fmri2img in a container: docker build -t fmri2img .   (doc/docker.md says how to run it, and how to build it for GPUs)
#
# PyTorch's wheel decides the device. PyPI's is for CUDA on x86-64; PyTorch's install page names the index that has the one
# for processors, a tenth of the size: --build-arg PIP_EXTRA_INDEX_URL=...
FROM debian:bookworm AS build
ARG DEVICE=cpu
ARG PIP_EXTRA_INDEX_URL=""
ARG PIP_FIND_LINKS=""
WORKDIR /opt/fmri2img/source
COPY tools/setup tools/setup
RUN tools/setup
RUN torch=$(echo .venv/lib/python3*/site-packages/torch/lib); \
    if [ "$DEVICE" = cpu ] && [ -e "$torch/libtorch_cuda.so" ]; then \
      echo "this PyTorch is for CUDA: name the index with the one for processors by --build-arg PIP_EXTRA_INDEX_URL=..., or say --build-arg DEVICE=cuda"; exit 1; \
    elif [ "$DEVICE" = cuda ] && [ ! -e "$torch/libtorch_cuda.so" ]; then \
      echo "this PyTorch is for processors: leave out --build-arg PIP_EXTRA_INDEX_URL"; exit 1; \
    fi
COPY . .
RUN cmake --preset release -DFMRI2IMG_BUILD_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/opt/fmri2img \
 && cmake --build build/release --target fmri2img \
 && cmake --install build/release --component program
# What the program loads: Debian's packages by name, PyTorch's and NVIDIA's libraries where the program looks for them.
RUN tools/list-runtime /opt/fmri2img/bin/fmri2img /opt/fmri2img/runtime

FROM debian:bookworm-slim
COPY --from=build /opt/fmri2img/runtime/packages /tmp/packages
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(cat /tmp/packages) >/dev/null \
 && rm -rf /var/lib/apt/lists/* /tmp/packages \
 && useradd --create-home --uid 1000 fmri2img
COPY --from=build /opt/fmri2img/bin /opt/fmri2img/bin
COPY --from=build /opt/fmri2img/share /opt/fmri2img/share
COPY --from=build /opt/fmri2img/runtime/files /
ENV PATH=/opt/fmri2img/bin:/usr/local/bin:/usr/bin:/bin
USER fmri2img
WORKDIR /work
ENTRYPOINT ["fmri2img"]
CMD ["--help"]
