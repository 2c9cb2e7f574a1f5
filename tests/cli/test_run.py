"""What the commands for trying things out refuse, in a sentence each."""

from __future__ import annotations

import socket

import pytest

from priority.cli import main


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("PRIORITY_INSTANCE", str(tmp_path))
    monkeypatch.setenv("PRIORITY_ENV", "development")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


def test_run_is_refused_in_production(here, monkeypatch, capsys):
    monkeypatch.setenv("PRIORITY_ENV", "production")
    assert main(["run"]) == 1
    assert "In production a server runs wsgi:app." in capsys.readouterr().err
    assert not list(here.iterdir())


def test_a_port_in_use_is_said_before_anything_is_loaded(here, monkeypatch, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        assert main(["run"]) == 1
    assert "cannot be used (address already in use)" in capsys.readouterr().err
    assert not list(here.iterdir())


@pytest.mark.parametrize("port", ["", "eighty", "0", "70000", "-1"])
def test_what_is_no_port_is_said(here, monkeypatch, capsys, port):
    monkeypatch.setenv("PORT", port)
    assert main(["run"]) == 1
    assert "PORT must be a number from 1 to 65535" in capsys.readouterr().err


@pytest.mark.slow
def test_the_demo_is_loaded_once(here, capsys):
    assert main(["demo"]) == 0
    assert main(["demo"]) == 1
    assert "There is something in this installation already" in capsys.readouterr().out
