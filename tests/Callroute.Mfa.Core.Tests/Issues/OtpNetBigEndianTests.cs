using System.Security.Cryptography;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Issues;

// kspearrin/Otp.NET: KeyUtilities reverses bytes on the assumption of a little-endian machine. RFC 4226 §5.2 wants the
// high-order byte first on any machine: every byte of this counter is different.
public class OtpNetBigEndianTests
{
    [Fact]
    public void Generate_Counter_IsHashedHighOrderByteFirst()
    {
        using var secret = RfcSeed.Sha1();
        var hash = HMACSHA1.HashData("12345678901234567890"u8, [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08]);
        var offset = hash[19] & 0x0F;
        var number = ((hash[offset] & 0x7F) << 24) | (hash[offset + 1] << 16) | (hash[offset + 2] << 8) | hash[offset + 3];

        var code = Hotp.Generate(secret, HotpParameters.Default, 0x0102030405060708);

        Assert.Equal(number % 1_000_000, int.Parse(code, System.Globalization.CultureInfo.InvariantCulture));
    }
}
