namespace Callroute.Mfa;

/// <summary>Says what to show to the person.</summary>
public enum VerificationDisplay
{
    /// <summary>Nothing: the code was accepted.</summary>
    None,

    /// <summary>"That code is not right. Try again."</summary>
    TryAgain,

    /// <summary>"Wait until the next code", or as long as <see cref="VerificationResult.RetryAfter"/> says.</summary>
    WaitUntil,

    /// <summary>"Use your recovery code", or an administrator's help.</summary>
    UseAnotherWay,

    /// <summary>"Something is wrong on our side. Try later."</summary>
    TryLater,
}
