"""The pages of whoever works here."""

from django.urls import path

from staff.views import accounts, checkup, help, passwords, setup, start

urlpatterns = [
    path("start/", start.start, name="start"),
    path("operations/", start.operations, name="operations"),
    path("help/", help.help_start, name="help_start"),
    path("help/<slug:slug>/", help.help_page, name="help_page"),
    path("setup/", setup.setup, name="setup"),
    path("setup/<slug:slug>/", setup.setup_step, name="setup_step"),
    path("check/", checkup.page, name="checkup"),
    path("check/<slug:name>/", checkup.part, name="checkup_part"),
    path("accounts/", accounts.list_accounts, name="accounts"),
    path("accounts/invite/", accounts.invite, name="invite"),
    path("accounts/<int:pk>/roles/", accounts.change_roles, name="roles"),
    path("accounts/<int:pk>/end/", accounts.end_account, name="end_account"),
    path("accounts/<int:pk>/invite/", accounts.invite_again, name="invite_again"),
    path("password/", passwords.forgotten, name="forgotten_password"),
    path("password/sent/", passwords.sent, name="password_link_sent"),
    path("password/change/", passwords.ChangePassword.as_view(), name="change_password"),
    path("password/<uidb64>/<token>/", passwords.NewPassword.as_view(), name="new_password"),
    path("invitation/<uidb64>/<token>/", passwords.AcceptInvitation.as_view(), name="accept_invitation"),
]
