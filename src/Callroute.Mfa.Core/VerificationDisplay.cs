namespace Callroute.Mfa;

/// <summary>Says what to show to the person.</summary>
public enum UserMessage
{
    /// <summary>Nothing: the code was accepted.</summary>
    None,

    /// <summary>"That code is not right. Try again."</summary>
    TryAgain,

    /// <summary>"Wait" as long as <see cref="VerificationResult.RetryAfter"/> says, and use the code that is shown then.</summary>
    WaitUntil,

    /// <summary>"Use your recovery code", or an administrator's help.</summary>
    UseAnotherWay,

    /// <summary>"Something is wrong on our side. Try later."</summary>
    TryLater,

    /// <summary>"Sign in again from the start": the attempt has ended.</summary>
    StartOver,
}
