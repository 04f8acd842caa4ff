namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Names the screens that <see cref="MfaPagesOptions.Replace"/> can replace one by one.</summary>
public enum MfaScreen
{
    /// <summary>The state of the user's MFA, authenticators, known devices, recovery codes and history.</summary>
    Security,

    /// <summary>Asks for the name of a new authenticator, and for a code if a proof is needed.</summary>
    Begin,

    /// <summary>The QR code and the key, and the field "Verification code".</summary>
    SetUp,

    /// <summary>New recovery codes, until the user says that they are saved.</summary>
    RecoveryCodes,

    /// <summary>Asks a user who is half signed in for a code.</summary>
    SignIn,

    /// <summary>Asks a user who is half signed in for a recovery code.</summary>
    Recovery,

    /// <summary>Asks before a change other than <see cref="Disable"/>.</summary>
    Confirm,

    /// <summary>Warns before MFA is disabled.</summary>
    Disable,

    /// <summary>Asks for a code before something else of the application, and leads back there.</summary>
    StepUp,

    /// <summary>Says why the user must sign in from the start.</summary>
    SignInAgain,
}
