using System.Text;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests;

/// <summary>The seeds of RFC 6238 Appendix A: the digits 1234567890, repeated up to the size of the hash.</summary>
internal static class RfcSeed
{
    /// <summary>The 20-byte seed, also the secret of RFC 4226 Appendix D.</summary>
    public static SharedSecret Sha1() => OfSize(20);

    public static SharedSecret Of(OtpAlgorithm algorithm) => OfSize(algorithm switch
    {
        OtpAlgorithm.Sha1 => 20,
        OtpAlgorithm.Sha256 => 32,
        _ => 64,
    });

    private static SharedSecret OfSize(int size) =>
        SharedSecret.FromBytes(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("1234567890", 7))[..size]));
}
