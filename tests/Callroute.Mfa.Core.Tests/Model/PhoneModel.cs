using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>An enrolled authenticator app, and the last time step whose code was accepted.</summary>
internal sealed class PhoneModel(Guid id, VirtualAuthenticator phone, long lastUsedStep)
{
    public Guid Id => id;

    public VirtualAuthenticator Phone => phone;

    public string? Name { get; set; }

    public bool IsImported { get; init; }

    public long LastUsedStep { get; set; } = lastUsedStep;
}
