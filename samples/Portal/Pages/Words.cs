using Callroute.Mfa;
using Callroute.Mfa.Telemetry;

namespace Callroute.Portal.Pages;

/// <summary>What people are told. A code that was refused is told of in one way, whatever the reason.</summary>
internal static class Words
{
    public const string CodeRefused =
        "That code was not accepted. Each code works once: enter the one that your authenticator app shows now, or your whole "
        + "recovery code.";
    public const string CodeWanted =
        "To make this change, enter the code that your authenticator app shows now, or your whole recovery code.";
    public const string TryShortly = "We cannot do this right now. Please try again in a moment.";
    public const string SetUpEnded =
        "That took too long, or too many wrong codes were entered. Please set up the authenticator again.";
    public const string WrongPassword = "The e-mail address or the password is not right.";
    public const string NotSignedIn =
        "We cannot sign you in right now. Please try again in a moment, and ask an administrator where that does not help.";

    public static string TooManyPasswords(TimeSpan wait) =>
        $"Too many passwords were tried, so this one was not looked at. Please try again in {Of(wait)}, or in a browser in which you have "
        + "signed in before.";

    /// <summary>Why the sign-in starts again.</summary>
    public static string? Of(SignInEnd? end) => end switch
    {
        SignInEnd.Expired => "That took too long, so we started again. Please enter your e-mail address and password.",
        SignInEnd.Over => "That sign-in has ended. Please sign in again.",
        SignInEnd.BeforeEnrollment => "To set up Multi-Factor Authentication, please sign in again. That shows that it is you.",
        _ => null,
    };

    public static string Of(VerificationResult refused) => refused.UserMessage switch
    {
        UserMessage.TryLater => TryShortly,
        UserMessage.UseAnotherWay when refused.RetryAfter is { } wait =>
            $"Too many wrong codes were entered, so that kind of code is switched off for {Of(wait)}. Use the other: your recovery code, "
            + "or the code of your authenticator app.",
        UserMessage.UseAnotherWay =>
            "Too many wrong codes were entered. Use the other kind: your recovery code, or the code of your authenticator app.",
        _ when refused.RetryAfter is { } wait =>
            $"That code was not accepted. Try again in {Of(wait)}, with the code that your authenticator app shows then, or with your "
            + "whole recovery code.",
        _ => CodeRefused,
    };

    public static string Of(MfaChangeOutcome outcome, VerificationResult? verification) => outcome switch
    {
        MfaChangeOutcome.ProofRefused when verification is { Succeeded: false } => Of(verification),
        MfaChangeOutcome.ProofRequired or MfaChangeOutcome.ProofRefused => CodeWanted,
        MfaChangeOutcome.NotEnrolled => "Multi-Factor Authentication is not enabled.",
        MfaChangeOutcome.NotFound => "That is not there any more.",
        MfaChangeOutcome.Expired => SetUpEnded,
        MfaChangeOutcome.WrongCode => "That code is not right. Enter the code that your authenticator app shows now.",
        MfaChangeOutcome.LimitReached => "You have as many authenticators as are allowed. Change one of them instead.",
        MfaChangeOutcome.LastAuthenticator =>
            "Your last authenticator cannot be removed. Choose “Change device” to use another in its place.",
        MfaChangeOutcome.Throttled => "You made new recovery codes too often. Please try again in an hour.",
        MfaChangeOutcome.RequiredByPolicy => "Your organisation requires Multi-Factor Authentication, so you cannot disable it.",
        _ => TryShortly,
    };

    public static string Of(MfaEvent happened) => happened.Kind switch
    {
        MfaEventKind.EnrollmentStarted => "Set-up of an authenticator started",
        MfaEventKind.AuthenticatorBound => "Authenticator added",
        MfaEventKind.AuthenticatorRemoved => "Authenticator removed",
        MfaEventKind.Accepted when happened.Method == MfaMethod.RecoveryCode => "Recovery code used",
        MfaEventKind.Accepted => "Code accepted",
        MfaEventKind.Refused => "Wrong code",
        MfaEventKind.ThrottlingStarted => "Waits started after wrong codes",
        MfaEventKind.FactorLockedOut when happened.Method == MfaMethod.RecoveryCode => "Recovery codes switched off after wrong codes",
        MfaEventKind.FactorLockedOut => "Authenticator codes switched off after wrong codes",
        MfaEventKind.RecoveryCodesIssued => "New recovery code made",
        MfaEventKind.RecoveryCodesAcknowledged => "Recovery code saved",
        MfaEventKind.Disabled => "Multi-Factor Authentication disabled",
        MfaEventKind.Reset => "Multi-Factor Authentication reset by an administrator",
        MfaEventKind.AllowanceUsedUp => "Tries used up by wrong codes; time gives them back",
        MfaEventKind.AuthenticatorRenamed => "Authenticator renamed",
        MfaEventKind.KnownDevicesRevoked => "Known devices forgotten",
        MfaEventKind.Unlocked => "Waits and lockouts ended by an administrator",
        _ => "Other event",
    };

    /// <summary>A wait, never told shorter than it is.</summary>
    public static string Of(TimeSpan wait) => wait.TotalSeconds <= 90
        ? Count(Math.Ceiling(wait.TotalSeconds), "second")
        : wait.TotalMinutes <= 90 ? Count(Math.Ceiling(wait.TotalMinutes), "minute") : Count(Math.Ceiling(wait.TotalHours), "hour");

    private static string Count(double number, string unit) => number == 1 ? $"1 {unit}" : $"{number:0} {unit}s";
}
