from django.urls import path

from prospects import views

urlpatterns = [
    path("", views.home, name="home"),
    path("s/<slug:slug>/", views.signup, name="signup"),
]
