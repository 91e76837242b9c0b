# make demo    set up, build, and run the whole pipeline on a simulated subject
# make test    set up, build, and run every test
# make install PREFIX=/usr/local
# make lint    formatting, house rules, clang-tidy (needs tools/setup --dev)

PRESET ?= release
PREFIX ?= /usr/local
BUILD := build/$(PRESET)
CONFIGURE_ARGS := $(if $(Torch_DIR),-DTorch_DIR=$(Torch_DIR))

.PHONY: all build setup demo test install lint format docs clean

all: build

setup:
	@tools/setup

$(BUILD)/build.ninja: | setup
	cmake --preset $(PRESET) -DCMAKE_INSTALL_PREFIX=$(PREFIX) $(CONFIGURE_ARGS)

build: setup $(BUILD)/build.ninja
	cmake --build $(BUILD)

demo: setup $(BUILD)/build.ninja
	cmake --build $(BUILD) --target fmri2img
	$(BUILD)/fmri2img demo --out build/demo --overwrite

test: build
	@tools/run-tests $(BUILD)

install: build
	cmake --install $(BUILD) --prefix $(PREFIX)

lint:
	@tools/lint

format:
	@tools/lint --fix

docs: build
	@tools/generate-command-docs $(BUILD)/fmri2img

clean:
	rm -rf build
