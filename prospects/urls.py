"""What visitors meet, and the pages where staff bring people in.

A stop link answers with and without its last slash, so that nothing is ever redirected.
"""

from django.urls import include, path

from prospects import framing, views

# The one place that another website may show in a frame: where staff listed it on the form.
embed = [
    path("", views.embedded, name="form"),
    path("<str:language>/", views.embedded, name="form_in"),
    path("<str:language>/thanks/<str:token>/", views.embedded_thanks, name="thanks"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("s/<slug:slug>/embed/", include((embed, framing.APP))),
    path("s/<slug:slug>/details/", views.carry, name="carry"),
    path("s/<slug:slug>/", views.signup, name="signup"),
    path("s/<slug:slug>/thanks/<str:token>/", views.thanks, name="thanks"),
    path("s/<slug:slug>/file/<str:token>/", views.resource, name="resource"),
    path("challenge/", views.challenge, name="challenge"),
    path("c/<str:token>/", views.confirm, name="confirm"),
    path("u/<str:token>/", views.stop, name="stop"),
    path("u/<str:token>", views.stop),
    path("u/<str:token>/all/", views.stop_all, name="stop_all"),
    path("u/<str:token>/all", views.stop_all),
    path("p/<str:token>/", views.preferences_page, name="preferences"),
    path("p/<str:token>/link/", views.fresh_link, name="fresh_link"),
    path("p/<str:token>/address/", views.ask_to_change_address, name="ask_to_change_address"),
    path("a/<str:token>/", views.change_address, name="change_address"),
    path("k/<str:token>/", views.keep, name="keep"),
    path("m/<str:token>/", views.my_data, name="my_data"),
    path("rights/", views.rights, name="rights"),
    path("rights/stop/", views.rights_stop, name="rights_stop"),
    path("rights/link/<str:token>/", views.rights_link, name="rights_link"),
    path("rights/file/<str:token>/", views.rights_file, name="rights_file"),
    path("prospects/requests/", views.requests, name="requests"),
    path("prospects/requests/new/", views.enter_request, name="enter_request"),
    path("prospects/requests/<int:pk>/", views.one_request, name="request"),
    path("prospects/requests/<int:pk>/<str:act>/", views.act_on_request, name="act_on_request"),
    path("prospects/export/", views.exports, name="exports"),
    path("prospects/export/<slug:listing>/", views.export, name="export"),
    path("prospects/forms/preview/", views.form_preview, name="form_preview"),
    path("prospects/forms/checks/", views.form_checks, name="form_checks"),
    path("prospects/import/", views.imports, name="imports"),
    path("prospects/import/<int:pk>/", views.one_import, name="import"),
    path("prospects/import/<int:pk>/progress/", views.import_progress, name="import_progress"),
    path("prospects/import/<int:pk>/lines/", views.import_lines, name="import_lines"),
    path("prospects/import/<int:pk>/refused.csv", views.import_refused, name="import_refused"),
    path("prospects/import/<int:pk>/<str:step>/", views.import_step, name="import_step"),
]
