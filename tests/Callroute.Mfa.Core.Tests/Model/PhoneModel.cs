using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>A bound authenticator as its owner sees it, with the last time step that was used.</summary>
internal sealed class PhoneModel(VirtualAuthenticator phone, long lastUsedStep)
{
    public VirtualAuthenticator Phone => phone;

    public long LastUsedStep { get; set; } = lastUsedStep;
}
