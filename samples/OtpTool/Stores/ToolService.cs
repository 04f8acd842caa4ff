using Callroute.Mfa.Argon2;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.OtpTool.Stores;

/// <summary>Creates the service that works on a store.</summary>
internal static class ToolService
{
    /// <summary>The probe of <see cref="MfaService.CheckKeysAsync"/>, which is no user.</summary>
    public static readonly MfaSubject Probe = new("key-check", "callroute.mfa");

    public static MfaService Create(IMfaStore store, ISecretProtector protector) =>
        new(store, protector, new Argon2RecoveryCodeHasher(), new MfaOptions { Issuer = "OtpTool" });

    /// <summary>Creates a service that can neither encrypt nor decrypt. Status and reset need no key.</summary>
    public static MfaService CreateWithoutKeys(IMfaStore store) => Create(store, new NoKeys());

    private sealed class NoKeys : ISecretProtector
    {
        public ValueTask<byte[]> ProtectAsync(
            ReadOnlyMemory<byte> plaintext, ReadOnlyMemory<byte> associatedData, CancellationToken cancellationToken) =>
            throw new NotSupportedException("There is no key.");

        public ValueTask<byte[]> UnprotectAsync(
            ReadOnlyMemory<byte> protectedData, ReadOnlyMemory<byte> associatedData, CancellationToken cancellationToken) =>
            throw new NotSupportedException("There is no key.");

        public bool NeedsReencryption(ReadOnlySpan<byte> protectedData) => false;
    }
}
