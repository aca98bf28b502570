"""What the specifications demand of published tables: name and columns, in order. P-04: no more and no fewer.

The yml of a model is what the project says; this is what it is held against. A change here is a change of contract.
"""

from __future__ import annotations

from collections.abc import Mapping

_SCOPE = ("region_id", "country_id", "branch_id", "team_id")
_USER_STATE = (
    "user_id",
    "module_completed",
    "quiz_completed",
    "saleslab_sessions",
    "xp_total",
    "badges_owned",
    "latest_module_version",
    "latest_scenario_version",
    "latest_prompt_version",
    *_SCOPE,
)
_SCOPE_DAY = (
    "active_users",
    "total_sales_lab_sessions",
    "module_completion_rate",
    "quiz_pass_rate",
    "avg_upsell_success_rate",
    "scenario_version",
    "module_version",
    "prompt_version",
)

# By area and relation; specification sections beside them.
SPECIFIED_COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "training": {
        "snapshot_daily_user": ("date", *_USER_STATE),  # 3.4
        "snapshot_hourly_user": ("date", "hour", *_USER_STATE),  # 1, and the brief: the same per hour
        "agg_region": ("date", "region_id", *_SCOPE_DAY),  # 3.5
        "agg_country": ("date", "country_id", *_SCOPE_DAY),
        "agg_branch": ("date", "branch_id", *_SCOPE_DAY),
        "agg_team": ("date", "team_id", *_SCOPE_DAY),
    }
}

# Published relations that are named without an exact list of columns.
SPECIFIED_NAMES: Mapping[str, frozenset[str]] = {
    "training": frozenset(
        {
            "agg_region_by_version",
            "agg_country_by_version",
            "agg_branch_by_version",
            "agg_team_by_version",
            "kpi_training_daily",
            "rank_scope",
            "kpi_by_version",
            "insights_user_performance_snapshot",
            "insights_saleslab_session_logs",
            "insights_quiz_performance_log",
            "insights_upsell_metrics",
            "insights_version_context",
            "insights_scope_context",
            "insights_payload",
        }
    )
}
