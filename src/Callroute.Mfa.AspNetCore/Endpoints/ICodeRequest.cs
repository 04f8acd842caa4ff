namespace Callroute.Mfa.AspNetCore;

/// <summary>A body with a code.</summary>
internal interface ICodeRequest
{
    /// <summary>The attempt of the form, or null.</summary>
    string? Attempt { get; }

    /// <summary>The known-device token of a client without cookies, or null.</summary>
    string? KnownDevice { get; }
}
