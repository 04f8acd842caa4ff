namespace Callroute.Mfa;

/// <summary>A result that says how a change ended.</summary>
internal interface IChangeResult
{
    MfaChangeOutcome Outcome { get; }
}
