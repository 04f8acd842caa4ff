namespace Callroute.Mfa.Records;

/// <summary>An authenticator with the highest step of the window whose code was typed.</summary>
internal sealed record MatchedAuthenticator(AuthenticatorRecord Authenticator, long TimeStep)
{
    /// <summary>Whether no code of the step was consumed before.</summary>
    public bool IsFresh => TimeStep > Authenticator.Watermark;

    public AuthenticatorRecord Consume(DateTimeOffset now) =>
        Authenticator with { Watermark = Math.Max(Authenticator.Watermark, TimeStep), LastUsedAt = now };
}
