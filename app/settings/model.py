"""What can be set: every section and key with its default and limits."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from services.core.errors import UserError
from services.trading.venue.access import split

PREFIX = "DREAMSCAPE_"
NESTING = "__"
NOT_SETTINGS = frozenset({"DREAMSCAPE_HOME"})  # read before settings are

Count = Annotated[int, Field(ge=1, le=10_000)]
Seconds = Annotated[int, Field(ge=1, le=86_400)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Section(BaseModel):
    """A table of the settings file; an unknown key in it is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class General(Section):
    """How the window looks, and what closing it means."""

    theme: Literal["system", "dark", "light"] = "system"
    close: Literal["ask", "tray", "quit"] = "ask"
    autostart: bool = False
    reduce_motion: bool = False


class Store(Section):
    """What is kept, and how much of it."""

    disk_cap_mb: Annotated[int, Field(ge=100, le=10_000_000)] = 2048
    events_keep_days: Annotated[int, Field(ge=1, le=36_500)] = 365
    decisions_keep_days: Annotated[int, Field(ge=30, le=36_500)] = 400
    replay_keep_days: Annotated[int, Field(ge=1, le=36_500)] = 3
    backups_keep: Annotated[int, Field(ge=1, le=1000)] = 7


class Log(Section):
    """The level written by default, and what an error turns on."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    escalation_seconds: Seconds = 300
    ring: Annotated[int, Field(ge=10, le=10_000)] = 200


class Declared(Section):
    """What the user says about the environment; see app/environment.py for what it is taken for."""

    declared: Literal["dev", "prod"] | None = None
    prod_branches: tuple[Name, ...] = ("main", "release/*")
    prod_hosts: tuple[Name, ...] = ()


class Limits(Section):
    """How many runs of a service may go on at once."""

    trading: Count = 8
    engagement: Count = 4
    debugger: Count = 2
    system: Count = 4
    scripts: Count = 8
    plugins: Count = 4


class Orchestrator(Section):
    """Limits of runs and restarts."""

    limits: Limits = Limits()
    restarts_at_most: Count = 6
    restarts_within_seconds: Seconds = 600
    crashes_to_safe_mode: Count = 3
    crashes_within_seconds: Seconds = 600


Amount = Annotated[Decimal, Field(gt=0, allow_inf_nan=False)]
Share = Annotated[Decimal, Field(gt=0, lt=1, allow_inf_nan=False)]


class Guards(Section):
    """What an exchange account may risk, in its currency; a cap that is not set is none."""

    currency: Name = "USDT"
    size: Amount | None = None
    exposure: Amount | None = None
    daily_loss: Amount | None = None
    drawdown: Share | None = Decimal("0.2")
    capital: Amount | None = None
    cool_down_seconds: Annotated[int, Field(ge=0)] = 0
    collar: Share = Decimal("0.01")
    spread: Share = Decimal("0.005")
    orders_per_bot: Count = 10
    orders_per_account: Count = 60
    open_orders: Count = 20
    rejected_streak: Count = 3
    first_trips: Annotated[int, Field(ge=0)] = 5
    first_size: Amount = Decimal(20)


class Trading(Section):
    """The paper accounts and their data, and the exchange account with its guards."""

    paper_capital: Annotated[Decimal, Field(gt=0)] | None = None
    speed: Annotated[float, Field(gt=0, le=1_000_000, description="candles a second")] | None = None
    paper_latency_ms: Annotated[int, Field(ge=0, le=60_000, description="milliseconds")] = 0
    data: Path | None = None
    exchange: Name | None = None
    api_url: Name | None = None
    api_key: SecretStr | None = None
    api_secret: SecretStr | None = None
    stream: bool = False
    live: bool = False
    play_money: bool = False
    day_starts: Name = "UTC"
    guards: Guards = Guards()

    @field_validator("day_starts")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        from zoneinfo import ZoneInfo

        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("it is no time zone: give an IANA name such as UTC or Europe/Berlin") from error
        return name

    @field_validator("api_url")
    @classmethod
    def _is_address(cls, address: str | None) -> str | None:
        if address is not None:
            try:
                split(address)
            except UserError as error:
                raise ValueError(error.what) from error
        return address


class Engagement(Section):
    """Where posts come from."""

    platform: Literal["sandbox"] = "sandbox"


class Project(Section):
    """A project under the debugger's care; the schedule is a cron line of five fields."""

    path: Path
    interpreter: Path | None = None
    schedule: Name | None = None

    @field_validator("schedule")
    @classmethod
    def _is_cron(cls, line: str | None) -> str | None:
        if line is not None:
            from apscheduler.triggers.cron import CronTrigger

            CronTrigger.from_crontab(line, timezone="UTC")
        return line


class Debugger(Section):
    """The projects under care."""

    projects: tuple[Project, ...] = ()


class Settings(BaseSettings):
    """All settings. `app.settings.load` fills it, so that every value knows where it came from."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=NESTING, extra="forbid", frozen=True, env_ignore_empty=True
    )

    general: General = General()
    store: Store = Store()
    log: Log = Log()
    environment: Declared = Declared()
    orchestrator: Orchestrator = Orchestrator()
    trading: Trading = Trading()
    engagement: Engagement = Engagement()
    debugger: Debugger = Debugger()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what `load` merged and nothing else: it read file and environment with their places."""
        return (init_settings,)
