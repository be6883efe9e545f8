"""The marketers' workspace."""

from django.urls import path

from campaigns.views import (
    audience,
    calendar,
    follow,
    home,
    preview,
    results,
    rulebook,
    schedule,
    steps,
    trial,
    unknown,
    write,
)

app_name = "campaigns"
urlpatterns = [
    path("", home.home, name="home"),
    path("new/", write.new, name="new"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<int:year>/<int:month>/<int:number>/", calendar.day, name="day"),
    path("preview/", preview.preview, name="preview"),
    path("preview/<uuid:key>/", preview.frame, name="preview_frame"),
    path("rulebook/", rulebook.acknowledge, name="acknowledge_rulebook"),
    path("<int:pk>/", follow.campaign, name="campaign"),
    path("<int:pk>/figures/", results.figures, name="figures"),
    path("<int:pk>/comparison/", results.comparison, name="comparison"),
    path("<int:pk>/report.pdf", results.pdf, name="report_pdf"),
    path("<int:pk>/report.csv", results.csv, name="report_csv"),
    path("<int:pk>/progress/", follow.progress, name="progress"),
    path("<int:pk>/message/", preview.saved_frame, name="saved_frame"),
    path("<int:pk>/text/", preview.saved_text, name="saved_text"),
    path("<int:pk>/edit/", write.edit, name="edit"),
    path("<int:pk>/duplicate/", write.duplicate, name="duplicate"),
    path("<int:pk>/audience/", audience.audience, name="audience"),
    path("<int:pk>/test/", trial.send, name="test"),
    path("<int:pk>/schedule/", schedule.schedule, name="schedule"),
    path("<int:pk>/forecast/", schedule.forecast, name="forecast"),
    path("<int:pk>/unknown/", unknown.unknown, name="unknown"),
    path("<int:pk>/<slug:step>/", steps.take, name="step"),
]
