#!/bin/sh
# Makes ready what Python needs here: .venv with the pinned packages of the file that is named,
# and a private .env. Does nothing, and asks no network, when that is done already.
set -eu
cd "$(dirname "$0")/.."
file=$1

refuse() {
    echo "$1" >&2
    exit 1
}
new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}
wanted() { # requirements-dev.txt includes requirements.txt
    if [ "$1" = requirements.txt ]; then cat "$1"; else cat requirements.txt "$1"; fi
}
installed() {
    wanted "$1" 2>/dev/null | cmp -s - ".venv/installed-$1"
}

[ -w . ] || refuse "$(pwd) cannot be written to: clone into a folder of your own."

if ! { new_enough .venv/bin/python && installed "$file"; }; then
    python=
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if new_enough "$candidate"; then
            python=$candidate
            break
        fi
    done
    [ -n "$python" ] ||
        refuse "Python 3.11 or newer is needed, and ${PYTHON:-python3} is not: install one, or name it with PYTHON=/path/to/python3.11 after make."
    # None yet, or its Python is gone, or an interruption left half of one.
    if ! { new_enough .venv/bin/python && [ -e .venv/pyvenv.cfg ] && [ ! -e .venv/unfinished ]; }; then
        "$python" -c 'import ensurepip, venv' 2>/dev/null ||
            refuse "Python's venv module is missing: install it (on Debian and Ubuntu: apt-get install python3-venv), then run this again."
        rm -rf .venv
        mkdir .venv
        touch .venv/unfinished
        "$python" -m venv .venv || refuse "The virtual environment .venv could not be made: see above."
        rm .venv/unfinished
    fi
    echo "Installing the packages of $file: once, and a minute or so."
    # Every file is compared with its hash before the first one is installed.
    said=.venv/said-by-pip
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
        --requirement "$file" 2>"$said" || {
        cat "$said" >&2
        ! grep -q 'DO NOT MATCH THE HASHES' "$said" ||
            refuse "A package is not the one that the requirements name by its hash (see above), so nothing was installed: run this again, and if it says the same, ask whoever looks after the site's code before you go on."
        refuse "The packages could not be installed: see above, then run this again."
    }
    # Only now: an interrupted installation is finished the next time.
    for done in requirements.txt "$file"; do
        wanted "$done" >".venv/installed-$done.part"
        mv ".venv/installed-$done.part" ".venv/installed-$done"
    done
fi

if [ ! -e .env ]; then
    (
        umask 077 # it holds a secret
        .venv/bin/python - >.env.part <<'END'
import secrets

print("# Private to this machine; .env.example lists what can stand here.")
print(f"SECRET_KEY={secrets.token_urlsafe(50)}")
END
        mv .env.part .env
    )
fi
# A copy or an editor may have opened it to others. Where this account may not mend it, the start
# of the site says what to do.
case $(ls -ldL .env) in
????------*) ;;
*)
    if chmod go= .env 2>/dev/null; then
        echo "Others on this machine could open $(pwd)/.env, which holds secrets: no more."
    fi
    ;;
esac
