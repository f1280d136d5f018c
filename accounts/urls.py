"""Addresses of the pages about people; those under /accounts/ belong to django-allauth."""

from django.urls import path

from accounts.views import entrance, people, profile

urlpatterns = [
    path("invitations/<str:token>/", entrance.invitation, name="invitation"),
    path("sign-in/<str:token>/", entrance.sign_in_link, name="sign_in_link"),
    path("people/", people.people_list, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<int:user_id>/", people.person_page, name="person"),
    path("people/<int:user_id>/deactivate/", people.deactivate, name="deactivate_user"),
    path("people/<int:user_id>/reactivate/", people.reactivate, name="reactivate_user"),
    path("people/<int:user_id>/administrator/", people.set_administrator, name="set_administrator"),
    path("people/<int:user_id>/executive-viewer/", people.set_executive_viewer, name="set_executive_viewer"),
    path("people/<int:user_id>/resend/", people.resend_invitation, name="resend_invitation"),
    path("people/<int:user_id>/revoke/", people.revoke_invitation, name="revoke_invitation"),
    path("profile/", profile.profile, name="profile"),
    path("profile/absences/", profile.add_absence, name="add_absence"),
    path("profile/absences/<int:absence_id>/remove/", profile.remove_absence, name="remove_absence"),
    path("profile/other-sessions/", profile.end_other_sessions, name="end_other_sessions"),
]
