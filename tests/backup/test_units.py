"""The files for systemd: what runs by a timer may do no more than what serves the site."""

import configparser

from tests.environment import ROOT


def unit(name):
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string((ROOT / "deploy" / name).read_text())
    return parser


SERVES = unit("aware-missouri.service")["Service"]
RUNS = {"backup": "manage.py backup", "links": "manage.py check_links"}
OF_SERVING = {"ExecStart", "Restart", "RestartSec", "KillMode", "TimeoutStopSec"}


def test_what_runs_by_a_timer_is_fenced_in_as_the_site_is(subtests):
    for unit_name in RUNS:
        service = unit(f"aware-missouri-{unit_name}.service")["Service"]
        for name in sorted(set(SERVES) - OF_SERVING):
            with subtests.test(unit=unit_name, name=name):
                assert service[name] == SERVES[name]


def test_each_runs_what_it_says_and_the_timer_starts_it():
    python = SERVES["ExecStart"].split()[0]
    for unit_name, command in RUNS.items():
        service = unit(f"aware-missouri-{unit_name}.service")["Service"]
        assert service["ExecStart"] == f"{python} {command}"
        assert service["Type"] == "oneshot"
        timer = unit(f"aware-missouri-{unit_name}.timer")
        assert timer["Timer"]["Persistent"] == "true"
        assert timer["Install"]["WantedBy"] == "timers.target"
