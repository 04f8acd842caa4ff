using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Packages.Tests.Docs.Snippets;

internal static class Protection
{
    public static AesGcmSecretProtector First(byte[] key)
    {
        // <ring>
        var keys = new KeyRing("2026-11", new Dictionary<string, byte[]> { ["2026-11"] = key });   // 32 random bytes, from your vault
        var protector = new AesGcmSecretProtector(keys);
        // </ring>
        return protector;
    }

    public static (KeyRing Announced, KeyRing Rotated) Rotate(byte[] oldKey, byte[] newKey)
    {
        // <rotate>
        var both = new Dictionary<string, byte[]> { ["2026-11"] = oldKey, ["2027-11"] = newKey };
        var announced = new KeyRing("2026-11", both);     // first on every node: the new key opens, the old one still protects
        var rotated = new KeyRing("2027-11", both);       // then: the new key protects, the old one still opens
        // </rotate>
        return (announced, rotated);
    }

    public static async Task<int> FinishAsync(MfaService mfa, Action<MfaSubject, Exception> report)
    {
        // <finish>
        var failures = 0;
        await foreach (var result in mfa.RotateKeysAsync())
        {
            if (result.Failure is { } failure)
            {
                failures++;
                report(result.Subject, failure);
            }
        }
        // </finish>
        return failures;
    }
}
