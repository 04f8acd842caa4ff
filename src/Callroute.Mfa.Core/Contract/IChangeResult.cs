namespace Callroute.Mfa;

/// <summary>A result that contains the outcome of a change.</summary>
internal interface IChangeResult<out TSelf>
{
    MfaChangeOutcome Outcome { get; }

    /// <summary>Makes the result of a change that was not made.</summary>
    static abstract TSelf Of(MfaChangeOutcome outcome);
}
