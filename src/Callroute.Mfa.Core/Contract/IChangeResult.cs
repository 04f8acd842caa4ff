namespace Callroute.Mfa;

/// <summary>A result that contains the outcome of a change.</summary>
internal interface IChangeResult
{
    MfaChangeOutcome Outcome { get; }
}
