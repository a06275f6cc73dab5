"""Forms of signing in and of one's own page; the library's behaviour with our words."""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms

from mscc.people.models import Channel, ContactPoint

_WORDS = {
    "login": ("Email address", "username"),
    "email": ("Email address", "username"),
    "password": ("Password", "current-password"),
    "oldpassword": ("Your password now", "current-password"),
    "password1": ("New password", "new-password"),
    "password2": ("New password again", "new-password"),
    "code": ("6-digit code", "one-time-code"),
}
_HINTS = {
    "password1": "15 characters or more. Three or four random words are easy to remember.",
    "code": "From your authenticator app, or one of your recovery codes.",
}


class Worded(forms.BaseForm):
    """Our labels and hints, no placeholders, and what a browser may fill in."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            label, autocomplete = _WORDS[name]
            field.label = label
            field.help_text = _HINTS.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["autocomplete"] = autocomplete
            if name == "code":
                field.widget.attrs["inputmode"] = "numeric"
                field.widget.nhs = {"width": "10"}
            field.error_messages["required"] = f"Enter your {label[0].lower()}{label[1:]}."


class SignInForm(Worded, account.LoginForm):
    pass


class PasswordChangeForm(Worded, account.ChangePasswordForm):
    pass


class PasswordResetForm(Worded, account.ResetPasswordForm):
    pass


class NewPasswordForm(Worded, account.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    pass


class CodeForm(Worded, mfa.AuthenticateForm):
    pass


class CodeAgainForm(Worded, mfa.ReauthenticateForm):
    pass


class SetUpCodeForm(Worded, totp.ActivateTOTPForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "From the app, to show that it works."


# Another system and the long tail are an administrator's; a browser is switched on in itself.
_NOT_TYPED = (Channel.WEBHOOK, Channel.APPRISE, Channel.PUSH)


class ContactForm(forms.ModelForm):
    """A new way to reach the person who is signed in."""

    channel = forms.ChoiceField(
        label="How",
        choices=[choice for choice in Channel.choices if choice[0] not in _NOT_TYPED],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you can be reached."},
    )
    address = forms.CharField(
        label="Number or address",
        max_length=500,
        error_messages={"required": "Enter the number or address."},
    )

    class Meta:
        model = ContactPoint
        fields = ("channel", "address")

    def _get_validation_exclusions(self) -> set[str]:
        # Whose it is stands on the instance: "already there" is judged with it, before saving.
        return super()._get_validation_exclusions() - {"user", "organisation"}
