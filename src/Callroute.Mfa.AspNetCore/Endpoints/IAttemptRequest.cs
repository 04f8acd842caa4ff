namespace Callroute.Mfa.AspNetCore;

/// <summary>A body that may name the attempt of its form.</summary>
internal interface IAttemptRequest
{
    string? Attempt { get; }
}
