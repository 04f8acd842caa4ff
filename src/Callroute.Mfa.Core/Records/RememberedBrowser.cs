using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Records;

/// <summary>A known device on which the user wants to be asked for no code for a while.</summary>
internal sealed record RememberedBrowser : ExtensibleDocument
{
    /// <summary>The known device. If it is no longer listed, this ends.</summary>
    public required Guid DeviceId { get; init; }

    /// <summary>When the code of an app was verified.</summary>
    public required DateTimeOffset VerifiedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The version of the record then. Any change of authenticators or recovery codes ends this.</summary>
    public required Guid BindingVersion { get; init; }

    public TokenBytes ToBytes() => new(0, 0, VerifiedAt, DeviceId);

    /// <summary>Whether it lasts still. A shorter lifetime in the settings shortens it, and without one it is over.</summary>
    public bool IsOpen(TimeSpan? lifetime, DateTimeOffset now) => now < ExpiresAt && (now - VerifiedAt).Duration() < lifetime;
}
