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

_MINUTE = (
    "learner_id",
    "minute_timestamp",
    "session_id",
    "total_events",
    "page_views",
    "interactions",
    "assessments_started",
    "assessments_completed",
    "lessons_started",
    "lessons_completed",
    "errors",
    "time_spent_seconds",
    "created_at",
    "partition_date",
)
_SESSION = (
    "session_id",
    "learner_id",
    "session_start",
    "session_end",
    "duration_seconds",
    "total_events",
    "unique_pages",
    "total_interactions",
    "lessons_attempted",
    "lessons_completed",
    "assessments_attempted",
    "assessments_completed",
    "avg_assessment_score",
    "completion_rate",
    "is_active",
    "last_activity",
    "created_at",
    "updated_at",
    "partition_date",
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
    },
    "learning": {
        "minute_metrics": _MINUTE,
        "minute_metrics_live": _MINUTE,
        "session_metrics": _SESSION,
        "session_metrics_live": _SESSION,
        "mastery_deltas": (
            "learner_id",
            "content_id",
            "content_type",
            "previous_mastery",
            "current_mastery",
            "mastery_delta",
            "trigger_event_id",
            "trigger_event_type",
            "session_id",
            "confidence_score",
            "evidence_count",
            "timestamp",
            "created_at",
            "partition_date",
        ),
        "etl_job_status": (
            "job_id",
            "job_type",
            "status",
            "started_at",
            "completed_at",
            "records_processed",
            "records_failed",
            "bytes_processed",
            "error_message",
            "retry_count",
            "created_at",
            "updated_at",
        ),
        "learner_activity_summary": (
            "learner_id",
            "activity_date",
            "daily_events",
            "hours_spent",
            "sessions",
            "lessons_completed",
            "assessments_completed",
        ),
        "content_mastery_trends": (
            "content_id",
            "content_type",
            "mastery_date",
            "learners_affected",
            "avg_mastery_change",
            "avg_current_mastery",
            "avg_confidence",
        ),
    },
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
    ),
    # The four dashboards.
    "learning": frozenset({"activity_heatmap", "learner_engagement", "content_performance", "session_quality"}),
}
