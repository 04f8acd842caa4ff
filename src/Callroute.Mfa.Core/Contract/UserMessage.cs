namespace Callroute.Mfa;

/// <summary>Names the message to show to the user.</summary>
public enum UserMessage
{
    /// <summary>Nothing: the code was accepted.</summary>
    None,

    /// <summary>"That code is not right. Try again."</summary>
    TryAgain,

    /// <summary>"Wait for <see cref="VerificationResult.RetryAfter"/>, then use the code that the app shows."</summary>
    WaitUntil,

    /// <summary>"Use the other kind of code, or ask an administrator."</summary>
    UseAnotherWay,

    /// <summary>"Something is wrong on our side. Try later."</summary>
    TryLater,

    /// <summary>"Sign in again from the start": the attempt has ended.</summary>
    StartOver,
}
