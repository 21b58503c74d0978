# deepwhy: a Jupyter kernel in C. `make help` lists what can be made.
#
# Variables: CC=gcc|clang   SAN=address,undefined | thread   WERROR=1   PREFIX=/usr/local   DESTDIR=
# Everything made lies under build/; a sanitizer build lies under build/san-<name>/.

ifeq ($(origin CC),default)
CC := gcc
endif
comma := ,
SAN ?=
OUT ?= build$(if $(SAN),/san-$(subst $(comma),-,$(SAN)))
PREFIX ?= /usr/local
DESTDIR ?=
FUZZ_SECONDS ?= 60
# `make V=1` shows the whole commands.
Q := $(if $(V),,@)

# ---- Flags ---------------------------------------------------------------------------------
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Walloca -Wundef -Wwrite-strings -Wcast-qual -Wcast-align -Wimplicit-fallthrough -Wformat=2 -Wno-psabi \
	$(if $(WERROR),-Werror)
# What only gcc looks for.
WARN_GCC := -Wcast-align=strict -Wduplicated-cond -Wduplicated-branches -Wformat-signedness -Warith-conversion
WARN += $(shell $(CC) -Werror $(WARN_GCC) -E -x c /dev/null >/dev/null 2>&1 && echo $(WARN_GCC))
HARDEN := -fPIE -fstack-protector-strong -fstack-clash-protection $(if $(SAN),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
# Not every processor has them: targets of jumps are marked, and returns checked.
HARDEN += $(if $(filter x86_64,$(shell uname -m)),-fcf-protection)
# Numbers too large for the integer they become belong to what clang calls undefined; gcc wants to be asked.
SANFLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer \
	$(if $(findstring undefined,$(SAN)),-fsanitize=float-cast-overflow -fno-sanitize-recover=undefined$(comma)float-cast-overflow))
PACKAGES := libzmq jansson libcrypto libutf8proc zlib
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)
# Reports of sanitizers name lines, which -g1 knows; the rest of -g would be half of what the linker copies.
OPT := $(if $(SAN),-O1 -g1,-O2 -g)

ALL_CPPFLAGS := -D_POSIX_C_SOURCE=200809L -Iruntime -Ikernel $(PKG_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS := -std=c17 $(WARN) $(OPT) -ffp-contract=off $(HARDEN) $(SANFLAGS) $(CFLAGS)
ALL_LDFLAGS := -pie -Wl,-O1,--as-needed,-z,relro,-z,now,-z,noexecstack $(SANFLAGS) $(LDFLAGS)
LIBS := $(PKG_LIBS) -lm -ldl -lpthread

# ---- Sources -------------------------------------------------------------------------------
# One archive for each folder of runtime/, linked upper layer first. `below` names what a layer may see,
# so a unit test that reaches upwards does not link.
LAYERS := lang syntax nets data plot graph tensor base
below_base := base
below_syntax := syntax base
below_tensor := tensor base
below_graph := graph tensor base
below_nets := nets data graph tensor base
below_data := data tensor base
below_plot := plot base
below_lang := $(LAYERS)
below_session := session $(LAYERS)

sources = $(sort $(wildcard $1/*.c))
# A file that ends in _simd.c becomes one object for each instruction set (base/simd.h).
LEVELS := base $(if $(filter x86_64,$(shell uname -m)),avx2 avx512)
FLAGS_base :=
# gcc copies a vector of two registers in pieces of 16 bytes, which then wait for each other, unless told.
WIDE := -mmove-max=256 -mstore-max=256
WIDE := $(shell $(CC) $(WIDE) -E -x c /dev/null >/dev/null 2>&1 && echo $(WIDE))
# `make FLAGS_simd=…` adds flags for all of them.
FLAGS_simd :=
FLAGS_avx2 := -mavx2 -mfma $(WIDE)
FLAGS_avx512 := -mavx2 -mfma -mavx512f -mavx512dq -mavx512bw -mavx512vl -mprefer-vector-width=512
simd = $(filter %_simd.c,$1)
objects = $(patsubst %.c,$(OUT)/obj/%.o,$(filter-out %_simd.c,$1)) \
	$(foreach l,$(LEVELS),$(patsubst %.c,$(OUT)/obj/%.$l.o,$(call simd,$1)))
archives = $(patsubst %,$(OUT)/libdw_%.a,$1)

RUNTIME := $(call archives,session $(LAYERS))
KERNEL_SRC := $(filter-out kernel/main.c,$(call sources,kernel))
MOCK_SRC := $(sort $(wildcard tests/protocol/mock_*.c))
CLIENT_SRC := $(call sources,bench/client)
TEST_SRC := $(sort $(wildcard tests/unit/test_*.c))
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
TESTS := $(patsubst tests/unit/%.c,$(OUT)/tests/%,$(TEST_SRC))
FUZZERS := $(patsubst tests/fuzz/%.c,$(OUT)/fuzz/%,$(FUZZ_SRC))
SPEC := $(OUT)/share/jupyter/kernels/deepwhy
LAB := $(OUT)/share/jupyter/labextensions/deepwhy
PROGRAM := $(abspath $(OUT)/deepwhy)

.PHONY: all help spec mock unit selfcheck planted embed client classes faults fuzz fuzzers setup essay handouts \
	notebook notebooks lab test bench lint coverage analyze valgrind \
	install uninstall clean FORCE
.DELETE_ON_ERROR:
.SECONDARY:

all: $(OUT)/deepwhy spec

help:
	@echo 'make            build/deepwhy and a kernelspec under build/share/jupyter'
	@echo 'make essay      install what is missing, build, run every notebook, write HTML handouts'
	@echo 'make test       the same set-up, then every test; ends with "N passed, M failed"'
	@echo 'make notebook   Jupyter Notebook with the deepwhy kernel;  make lab: JupyterLab'
	@echo 'make handouts   run the notebooks again; write HTML, PDF, slides and copies for students to build/handouts/'
	@echo 'make notebooks  store anew what notebooks and examples print, after a change of words or figures'
	@echo 'make lint       the checks of layers, symbols, headers, sizes, words and formatting'
	@echo 'make analyze    clang-tidy, gcc -fanalyzer and cppcheck over runtime/ and kernel/; minutes, by hand'
	@echo 'make coverage   which lines of runtime/ and kernel/ the quick tests run, by file; slow, by hand'
	@echo 'make valgrind   the quick tests under valgrind, which watches every access to memory; slow, by hand'
	@echo 'make bench      speed and memory, beside ipykernel, PyTorch, JAX and NumPy in the same run'
	@echo 'make fuzz       run each fuzz target for FUZZ_SECONDS=60'
	@echo 'make install    PREFIX=/usr/local DESTDIR=;  make uninstall takes it away again'
	@echo 'make clean      remove build/'
	@echo 'Variables: CC=gcc|clang  SAN=address,undefined|thread  WERROR=1'

# ---- Building ------------------------------------------------------------------------------
# The command line is kept in a file, so that changed flags rebuild everything.
$(OUT)/obj/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS)' | cmp -s - $@ || \
		echo '$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS)' > $@

$(OUT)/obj/%.o: %.c $(OUT)/obj/flags
	@mkdir -p $(@D)
	@echo '  compile $<'
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

define level
$(OUT)/obj/%.$1.o: %.c $(OUT)/obj/flags
	@mkdir -p $$(@D)
	@echo '  compile $$< for $1'
	$$(Q)$$(CC) $$(ALL_CPPFLAGS) -DDW_SIMD_HERE=$1 $$(ALL_CFLAGS) $(FLAGS_$1) $(FLAGS_simd) -MMD -MP -c $$< -o $$@
endef
$(foreach l,$(LEVELS),$(eval $(call level,$l)))

# An archive is made anew each time, so that a removed source leaves no object behind.
define archive
@mkdir -p $(@D)
@rm -f $@
$(Q)$(AR) rcs $@ $(filter %.o,$^)
endef

define layer
$(OUT)/libdw_$1.a: $(call objects,$(call sources,runtime/$1))
	$$(archive)
endef
$(foreach l,$(LAYERS),$(eval $(call layer,$l)))
$(OUT)/libdw_session.a: $(call objects,$(call sources,runtime))
	$(archive)
$(OUT)/libjk.a: $(call objects,$(KERNEL_SRC))
	$(archive)

link = @echo '  link    $@' && $(CC) $(ALL_LDFLAGS) $(filter %.o,$^) $(filter %.a,$^) $(LIBS) -o $@

$(OUT)/deepwhy: $(OUT)/obj/kernel/main.o $(OUT)/libjk.a $(RUNTIME)
	$(link)

# The protocol side alone, with an engine that only pretends: the protocol tests run against it.
mock: $(OUT)/deepwhy-mock
$(OUT)/deepwhy-mock: $(call objects,$(MOCK_SRC)) $(OUT)/libjk.a $(OUT)/libdw_base.a
	$(link)

# The client of `make bench`: it shares no code with the kernels it measures.
client: $(OUT)/bench-client
$(OUT)/bench-client: $(call objects,$(CLIENT_SRC))
	$(link)

embed: $(OUT)/tests/embed
$(OUT)/tests/embed: $(OUT)/obj/tests/embed.o $(RUNTIME)
	@mkdir -p $(@D)
	$(link)

# The kind of each character of a program, as the language reads it; the colours of editors are compared with it.
classes: $(OUT)/classes
$(OUT)/classes: $(OUT)/obj/tests/classes.o $(RUNTIME)
	$(link)

# ---- Kernelspec ----------------------------------------------------------------------------
# What colours the language in the classic Notebook (kernel.js) and in JupyterLab 4 and Notebook 7 (an extension) is made of
# the same words and the same mode.
COLOURS := extras/highlight/words.js extras/highlight/mode.js
coloured = @sed -e '/^@WORDS@/{r extras/highlight/words.js' -e 'd}' -e '/^@MODE@/{r extras/highlight/mode.js' -e 'd}' $1 > $2
spec: $(OUT)/deepwhy $(COLOURS) $(sort $(wildcard kernelspec/* extras/jupyterlab/*))
	@mkdir -p $(SPEC) $(LAB)/static
	@sed "s|@PROGRAM@|$(PROGRAM)|; s|@ENCRYPTION@|$$($< --encryption)|" kernelspec/kernel.json.in > $(SPEC)/kernel.json
	@cp $(filter-out %.in,$(wildcard kernelspec/*)) $(SPEC)/
	$(call coloured,kernelspec/kernel.js.in,$(SPEC)/kernel.js)
	$(call coloured,extras/jupyterlab/remoteEntry.js.in,$(LAB)/static/remoteEntry.js)
	@cp extras/jupyterlab/package.json $(LAB)/

# ---- Unit tests: the file's own layer and what lies below it ---------------------------------
unit: $(TESTS)
# What tests themselves do takes hardly any time, so the compilers need not take any over it. (What -D_FORTIFY_SOURCE asks
# for is optimization.)
$(OUT)/obj/tests/unit/%.o: private ALL_CFLAGS += -O0 -U_FORTIFY_SOURCE
home = $(or $(patsubst runtime/%/$1.c,%,$(wildcard runtime/*/$1.c)),$(if $(wildcard runtime/$1.c),session))
needs = $(if $(wildcard kernel/$1.c),$(OUT)/libjk.a $(if $(filter engine_dw,$1),$(RUNTIME),$(call \
	archives,base)),$(call archives,$(or $(below_$(call home,$1)),$(below_session))))
define unit_test
$(OUT)/tests/$1: $(OUT)/obj/tests/unit/$1.o $(call needs,$(patsubst test_%,%,$1))
	@mkdir -p $$(@D)
	$$(link) -lcmocka
endef
$(foreach t,$(notdir $(TESTS)),$(eval $(call unit_test,$t)))

# A test that must fail; tests/run sees that it does.
selfcheck: $(OUT)/tests/selfcheck
$(OUT)/tests/selfcheck: $(OUT)/obj/tests/unit/selfcheck.o
	@mkdir -p $(@D)
	$(link) -lcmocka

# A program with a fault of one's choice; tests/run sees that sanitizers and valgrind report it.
planted: $(OUT)/planted
$(OUT)/planted: $(OUT)/obj/tests/planted.o $(call archives,base)
	$(link)

# ---- Programs that make things fail (tests/faults/) -------------------------------------------
faults: $(OUT)/faults/starve $(OUT)/faults/shim.so
# Preloaded into a kernel; it defines what the C library declares, in its own way.
$(OUT)/faults/shim.so: tests/faults/shim.c
	@mkdir -p $(@D)
	@echo '  link    $@'
	$(Q)$(CC) -std=c17 -Wall -Wextra -O1 -fPIC -shared -fno-builtin $(PKG_CFLAGS) $< -ldl -o $@
$(OUT)/faults/starve: $(OUT)/obj/tests/faults/starve.o $(RUNTIME)
	@mkdir -p $(@D)
	$(link)

differential: $(OUT)/differential/reprint
$(OUT)/differential/reprint: $(OUT)/obj/tests/differential/reprint.o $(RUNTIME)
	@mkdir -p $(@D)
	$(link)

# ---- Fuzzing: clang's libFuzzer, with the other sanitizers on ---------------------------------
fuzz:
	$(MAKE) CC=clang SAN=fuzzer-no-link,address,undefined OUT=build/fuzz fuzzers
	scripts/fuzz build/fuzz/fuzz $(FUZZ_SECONDS)
fuzzers: $(FUZZERS)
$(OUT)/fuzz/%: $(OUT)/obj/tests/fuzz/%.o $(OUT)/libjk.a $(RUNTIME)
	@mkdir -p $(@D)
	$(link) -fsanitize=fuzzer

# ---- Jupyter, tests, measurements ------------------------------------------------------------
setup:
	@scripts/setup essay
essay: setup
	@$(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) all
	@scripts/extras
	@scripts/handouts
	@scripts/welcome
handouts: all
	@scripts/handouts --all
	@scripts/welcome
notebooks: all
	@scripts/refresh-docs
notebook lab: all
	@scripts/jupyter $@
test:
	@scripts/setup test
	@tests/run
bench: all client
	@scripts/setup essay
	@bench/setup
	@bench/run
lint:
	@scripts/lint
analyze:
	@scripts/setup thorough
	@scripts/analyze
coverage:
	@scripts/setup thorough
	@scripts/coverage
valgrind:
	@scripts/setup thorough
	@tests/run --valgrind

# ---- Installing ------------------------------------------------------------------------------
DEST := $(DESTDIR)$(PREFIX)
install: all
	install -d $(DEST)/bin $(DEST)/share/jupyter/kernels/deepwhy
	install -m 755 $(OUT)/deepwhy $(DEST)/bin/deepwhy
	install -m 644 $(filter-out %.in,$(wildcard kernelspec/*)) $(SPEC)/kernel.js $(DEST)/share/jupyter/kernels/deepwhy/
	install -d $(DEST)/share/jupyter/labextensions/deepwhy/static
	install -m 644 $(LAB)/package.json $(DEST)/share/jupyter/labextensions/deepwhy/
	install -m 644 $(LAB)/static/remoteEntry.js $(DEST)/share/jupyter/labextensions/deepwhy/static/
	sed "s|@PROGRAM@|$(PREFIX)/bin/deepwhy|; s|@ENCRYPTION@|$$($(OUT)/deepwhy --encryption)|" kernelspec/kernel.json.in \
		> $(DEST)/share/jupyter/kernels/deepwhy/kernel.json
	chmod 644 $(DEST)/share/jupyter/kernels/deepwhy/kernel.json
uninstall:
	rm -f $(DEST)/bin/deepwhy
	rm -rf $(DEST)/share/jupyter/kernels/deepwhy $(DEST)/share/jupyter/labextensions/deepwhy
clean:
	rm -rf build

-include $(shell find $(OUT)/obj -name '*.d' 2>/dev/null)
